"""``accept="{% accepted %}"`` says which files a field takes; ``{{ row.media_type|as_pages }}``, what few browsers draw."""

from __future__ import annotations

from django import template

from locanda.letters.uploads import READS_HEIC
from locanda.web.files import as_pages as _as_pages

register = template.Library()

_ENDS = ".pdf,.jpg,.jpeg,.png,.webp,.avif,.tif,.tiff,.gif,.bmp"
_HEIC_ENDS = ",.heic,.heif,.hif"


@register.simple_tag
def accepted() -> str:
    """The ends of the names of all that ``letters.uploads`` takes, as file choosers want them.

    A telephone that is not offered HEIC hands its photographs over as JPEG.
    """
    return _ENDS + _HEIC_ENDS if READS_HEIC else _ENDS


@register.filter
def as_pages(media_type: str) -> bool:
    """Whether it is opened as pages made of it, and also as it came."""
    return _as_pages(media_type)
