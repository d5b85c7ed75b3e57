"""On which line of a TOML file a table or key stands: ``tomllib`` does not say (design, section 3: errors with file and line).

A small scan, made only when there is something to report. It follows headers, keys, strings, and brackets left open over
several lines; elements of arrays and keys of inline tables are found too.
"""

from __future__ import annotations

from typing import Any

__all__ = ["Lines", "line_of_fault", "lines_of"]

Path = tuple[str | int, ...]


class Lines:
    """Places found in a text; :meth:`at` gives the line of the deepest part of a path that is known."""

    def __init__(self, places: dict[Path, int]) -> None:
        self._places = places

    def at(self, path: Path) -> int:
        """The line of a path, or of what holds it; 1 when nothing of it is there."""
        for length in range(len(path), 0, -1):
            line = self._places.get(path[:length])
            if line is not None:
                return line
        return 1

    def key_below(self, header: int, key: str) -> int:
        """The line of a key of the table whose header stands on that line; the header's own when the key is not there."""
        tables = [path for path, line in self._places.items() if line == header and len(path) == 2]
        return min((self._places[*path, key] for path in tables if (*path, key) in self._places), default=header)


class _Scan:
    """A reader of TOML that keeps places instead of values."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.line = 1
        self.places: dict[Path, int] = {}
        self.arrays: dict[Path, int] = {}

    def run(self) -> dict[Path, int]:
        table: Path = ()
        while self._skip(newlines=True):
            if self.text.startswith("[[", self.at):
                line = self.line
                self._move(2)
                table = self._resolve(self._key(), array=True)
                self.places.setdefault(table, line)
                self._rest_of_line()
            elif self.text[self.at] == "[":
                line = self.line
                self._move(1)
                table = self._resolve(self._key(), array=False)
                self.places.setdefault(table, line)
                self._rest_of_line()
            else:
                self._pair(table)
                self._rest_of_line()
        return self.places

    def _resolve(self, names: list[str], *, array: bool) -> Path:
        """The path of a header: names of arrays of tables take their newest element."""
        path: Path = ()
        for index, name in enumerate(names):
            path = (*path, name)
            last = index == len(names) - 1
            if last and array:
                self.arrays[path] = self.arrays.get(path, -1) + 1
                self.places.setdefault(path, self.line)
            if path in self.arrays:
                path = (*path, self.arrays[path])
        return path

    def _pair(self, table: Path) -> None:
        line = self.line
        path = (*table, *self._key())
        for length in range(len(table) + 1, len(path) + 1):
            self.places.setdefault(path[:length], line)
        self._skip()
        if self._peek() == "=":
            self._move(1)
        self._skip()
        self._value(path)

    def _value(self, path: Path) -> None:
        char = self._peek()
        if char in "\"'":
            self._string()
        elif char == "[":
            self._many(path, "]", pairs=False)
        elif char == "{":
            self._many(path, "}", pairs=True)
        else:
            while self._peek() not in ",]}\n#":
                self._move(1)

    def _many(self, path: Path, close: str, *, pairs: bool) -> None:
        self._move(1)
        index = 0
        while self._skip(newlines=True) and self._peek() != close:
            before = self.at
            if pairs:
                self._pair(path)
            else:
                self.places.setdefault((*path, index), self.line)
                self._value((*path, index))
                index += 1
            self._skip(newlines=True)
            if self._peek() == ",":
                self._move(1)
            if self.at == before:
                return
        self._move(1)

    def _key(self) -> list[str]:
        names: list[str] = []
        while True:
            self._skip()
            if self._peek() in "\"'":
                start = self.at + 1
                self._string()
                names.append(self.text[start : self.at - 1])
            else:
                start = self.at
                while self._peek() not in "=.]\n \t#":
                    self._move(1)
                names.append(self.text[start : self.at])
            self._skip()
            if self._peek() != ".":
                return names
            self._move(1)

    def _string(self) -> None:
        quote = self._peek()
        fence = quote * 3
        if self.text.startswith(fence, self.at):
            end = self.text.find(fence, self.at + 3)
            self._move((len(self.text) if end < 0 else end + 3) - self.at)
            while self._peek() == quote:
                self._move(1)
            return
        self._move(1)
        while self._peek() not in (quote, "\n"):
            self._move(2 if quote == '"' and self._peek() == "\\" else 1)
        self._move(1)

    def _skip(self, *, newlines: bool = False) -> bool:
        """Over blanks and comments; whether something is left."""
        while self.at < len(self.text):
            char = self.text[self.at]
            if char in " \t\r" or (newlines and char == "\n"):
                self._move(1)
            elif char == "#":
                self._rest_of_line()
            else:
                return True
        return False

    def _rest_of_line(self) -> None:
        end = self.text.find("\n", self.at)
        self.at = len(self.text) if end < 0 else end

    def _peek(self) -> str:
        return self.text[self.at] if self.at < len(self.text) else "\n"

    def _move(self, count: int) -> None:
        self.line += self.text.count("\n", self.at, self.at + count)
        self.at = min(len(self.text), self.at + count)


def lines_of(text: str) -> Lines:
    """Scan a TOML text that ``tomllib`` has accepted."""
    return Lines(_Scan(text).run())


def line_of_fault(fault: Exception, text: str) -> int:
    """The line that a ``tomllib`` fault names, or the last."""
    words = str(fault).replace(",", " ").replace(")", " ").split()
    found: Any = words[words.index("line") + 1] if "line" in words else None
    return int(found) if found is not None and found.isdigit() else text.count("\n") + 1
