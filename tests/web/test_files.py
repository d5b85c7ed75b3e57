"""Files as answers: to be kept or shown, by their name."""

from __future__ import annotations

import pytest

from locanda.web.files import MAIL, PDF, file_answer


@pytest.mark.parametrize(
    ("name", "attached", "disposition"),
    [
        ("ricevuta.pdf", True, 'attachment; filename="ricevuta.pdf"'),
        ("ricevuta.pdf", False, 'inline; filename="ricevuta.pdf"'),
        ("Caffè.pdf", True, "attachment; filename*=utf-8''Caff%C3%A8.pdf"),
        ('a"b.pdf', True, 'attachment; filename="a\\"b.pdf"'),
        ("", False, "attachment"),
    ],
)
def test_how_a_file_is_handed_over(name: str, attached: bool, disposition: str) -> None:
    answer = file_answer(b"%PDF", name, attached=attached)
    assert answer.headers["Content-Disposition"] == disposition
    assert answer.headers["Content-Type"] == PDF and answer.content == b"%PDF"
    assert file_answer(b"", name, MAIL).headers["Content-Type"] == MAIL
