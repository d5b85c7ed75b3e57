"""Where the colours of a page stand, as poppler draws it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

__all__ = ["CORNERS", "Point", "coloured", "middle"]

Point = tuple[float, float]

CORNERS = {1: (0, 0), 2: (1, 0), 3: (1, 1), 4: (0, 1), 5: (0, 0), 6: (1, 0), 7: (1, 1), 8: (0, 1)}
"""The corner of the blue square by the way the camera was held: right, below."""


def coloured(content: bytes, folder: Path) -> tuple[list[Point], list[Point]]:
    """Where page 2 is blue and where it is red, in parts of its width and height, as poppler draws it."""
    if shutil.which("pdftoppm") is None:
        pytest.skip("pdftoppm (poppler-utils) is not installed: nothing to look at the page with")
    (folder / "one.pdf").write_bytes(content)
    subprocess.run(["pdftoppm", "-r", "36", "-f", "2", "one.pdf", "page"], cwd=folder, check=True)
    (image,) = folder.glob("page*.ppm")
    head, size, _, pixels = image.read_bytes().split(b"\n", 3)
    assert head == b"P6"
    width, height = map(int, size.split())
    blue, red = [], []
    for index in range(width * height):
        r, g, b = pixels[3 * index : 3 * index + 3]
        point = (index % width / width, index // width / height)
        if b > 150 and r < 100:
            blue.append(point)
        elif r > 200 and g < 120:
            red.append(point)
    assert blue
    assert red
    return blue, red


def middle(points: list[Point]) -> Point:
    return sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points)
