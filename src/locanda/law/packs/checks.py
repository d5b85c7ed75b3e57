"""What only the chain shows: dangling ids, items that are not whole, unknown channels and groups (spec adempimenti 9)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from locanda.core.problems import Problem
from locanda.core.stays import PROPERTY_TYPES
from locanda.law.packs.chain import LISTED, Chain
from locanda.law.packs.merging import Amendment, missing_keys
from locanda.law.packs.reader import Fault, Pack

__all__ = ["CHANNELS", "COURTS", "chain_faults"]

CHANNELS = frozenset({
    "PEC", "state_telematic", "desk", "premises", "adverts", "archive", "insurer", "paper", "mail", "comune", "region", "billing",
    "none", "pagopa",
})  # fmt: skip
"""Ways that are no portal."""

COURTS = frozenset({"court", "prefect", "not_stated"})
"""Who applies a sanction, where it is no office of the packs."""

_SHORT = re.compile(r"(S\d+|\d{3}|[a-z]+)(:|$)")
"""What looks like a short name of ``[sources]``, and not like a law."""


def chain_faults(
    pack: Pack, parents: Sequence[Pack], broken: Mapping[tuple[str, str], frozenset[str]] | None = None
) -> list[Fault]:
    """What is wrong with a pack in the light of those above it. ``broken``: keys that could not be read, but they are there."""
    chain = Chain("", [*parents, pack])
    faulty = broken or {}
    found = [
        Fault(pack.file, change.step.line, problem)
        for change in pack.changes
        for problem in (
            *_whole(change, chain, parents, faulty.get((change.kind, change.id), frozenset())), *_references(change, chain)
        )
    ]
    found += [Fault(pack.file, 1, problem) for problem in _statistics(pack, chain)]
    return sorted(found, key=lambda fault: fault.line)


def _statistics(pack: Pack, chain: Chain) -> Iterator[Problem]:
    """Duties that the visitor flows do are duties of the chain."""
    known = chain.merged("obligation")
    for name in (pack.statistics or {}).get("duties", ()):
        if name not in known:
            yield Problem.of("pack.reference.dangling", "statistics", id=name, key="duties", item="statistics")


def _whole(change: Amendment, chain: Chain, parents: Sequence[Pack], faulty: frozenset[str]) -> Iterator[Problem]:
    """A change finds something to change, or stands alone."""
    where = f"{change.kind}.{change.id}"
    inherited = any(change.id == other.id for pack in parents for other in pack.of(change.kind))
    if change.off and not inherited:
        yield Problem.of("pack.off.idle", where, id=change.id, key="off")
    if change.off:
        return
    for version in chain.merged(change.kind)[change.id]:
        if change.step not in version.steps:
            continue
        for key in missing_keys(change.kind, version.keys) if "*" not in faulty else ():
            if key in faulty:
                continue
            if key == "sources":
                yield Problem.of("pack.source.missing", where, id=change.id, key="sources")
            else:
                yield Problem.of("pack.key.missing", where, key=key, item=change.id)
        if version.first == date.min and not faulty & {"*", "valid_from"}:
            yield Problem.of("pack.key.missing", where, key="valid_from", item=change.id)


def _references(change: Amendment, chain: Chain) -> Iterator[Problem]:
    where, keys = f"{change.kind}.{change.id}", change.keys

    def dangling(key: str, names: Sequence[str], kinds: Sequence[str]) -> Iterator[Problem]:
        known = {ident for kind in kinds for ident in chain.merged(kind)}
        for name in names:
            fits = any(ident.startswith(name[:-1]) for ident in known) if name.endswith("*") else name in known
            if not fits:
                yield Problem.of("pack.reference.dangling", where, id=name, key=key, item=change.id)

    yield from dangling("notes", keys.get("notes", ()), ["note"])
    for name in keys.get("sources", ()):
        if _SHORT.match(name) and chain.source(name) == name:
            yield Problem.of("pack.reference.dangling", where, id=name, key="sources", item=change.id)
    if change.kind == "obligation":
        yield from dangling("sanctions", keys.get("sanctions", ()), ["sanction"])
        yield from dangling("refines", [keys["refines"]] if "refines" in keys else (), ["obligation"])
        if "channel" in keys and keys["channel"] not in CHANNELS:
            yield from dangling("channel", [keys["channel"]], ["portal"])
        for key in ("applies", "advised", "disputed"):
            for name in keys.get(key, ()):
                plain = name.removesuffix(LISTED).removesuffix("_np").removesuffix("_p")
                if plain not in chain.groups and plain not in PROPERTY_TYPES:
                    yield Problem.of("pack.group.unknown", where, name=name, item=change.id, key=key)
    elif change.kind == "sanction" and "authority" in keys and keys["authority"] not in COURTS:
        yield from dangling("authority", [keys["authority"]], ["contact"])
    elif change.kind == "contact":
        yield from dangling("duties", keys.get("duties", ()), ["obligation"])
        yield from dangling("portal", [keys["portal"]] if "portal" in keys else (), ["portal"])
    elif change.kind == "instruction":
        yield from dangling("duties", keys.get("duties", ()), ["obligation"])
        yield from dangling("offices", keys.get("offices", ()), ["contact"])
        yield from dangling("portal", [keys["portal"]] if "portal" in keys else (), ["portal"])
