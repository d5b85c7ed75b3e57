"""Whether what a form writes over was changed after it was opened, in another window or by another person: nothing is undone
unseen, and nothing that was typed is lost.

Every form that holds what is kept carries a word for each value that stood there when it was opened (``seen``). If one of them
stands otherwise by the time the form is sent, nothing is stored: the page comes back with what was typed, says what changed and
how it stands now, and is stored when it is sent again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from locanda.web.words import say

__all__ = ["changed_since", "overtaken", "overtaken_beside", "seen_now", "written_over"]


def seen_now(told: Mapping[str, Any]) -> str:
    """What stands in the fields as the form is opened, as a word for each, to go back with the form."""
    return " ".join(f"{name}:{_word(value)}" for name, value in told.items())


def changed_since(seen: str, told: Mapping[str, Any]) -> list[str]:
    """The fields that hold something else by now than when the form was opened; none where the form does not say. One that was
    not there then, as those of a guest who came since, counts where it holds something."""
    then = dict(part.rpartition(":")[::2] for part in seen.split())
    if not then:
        return []
    return [name for name, value in told.items() if (then[name] != _word(value) if name in then else value)]


def written_over(seen: str, told: Mapping[str, Any], typed: Mapping[str, Any]) -> list[str]:
    """Those of them that would now be written over with something else."""
    return [name for name in changed_since(seen, told) if typed.get(name) != told[name]]


def overtaken(changes: Iterable[tuple[str, str | None]]) -> str:
    """What to say: the label of each field that changed with its value now, None where it is not to be shown."""
    empty = say("form.overtaken_empty")
    short = [(label.partition(" (")[0], value) for label, value in changes]
    told = [label if value is None else say("form.overtaken_now", label=label, value=value or empty) for label, value in short]
    return say("form.overtaken", what="; ".join(dict.fromkeys(told)))


def overtaken_beside(value: str | None) -> str:
    """The same beside a single field."""
    if value is None:
        return say("form.overtaken_secret")
    return say("form.overtaken_field", value=value or say("form.overtaken_empty"))


def _word(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()[:16]
