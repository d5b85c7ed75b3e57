"""Errors as people see and logs keep them: never with the values of a form in them."""

from __future__ import annotations

import logging
import traceback
from typing import Any

from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter

__all__ = ["NothingPersonal", "PlaceOnly"]


class NothingPersonal(SafeExceptionReporterFilter):
    """Keeps POST values and local variables out of every report."""

    def is_active(self, request: HttpRequest | None) -> bool:
        return True

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        return {}

    def get_traceback_frame_variables(self, request: HttpRequest | None, tb_frame: Any) -> list[tuple[str, Any]]:
        return []


class PlaceOnly(logging.Filter):
    """Lets a log say which kind of error happened where, never with which values: a message may quote what a guest is called."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and record.exc_info[0] is not None:
            kind, _, trace = record.exc_info
            frames = traceback.extract_tb(trace)
            ours = [frame for frame in frames if "locanda" in frame.filename] or frames
            where = f"{ours[-1].filename}:{ours[-1].lineno}" if ours else "?"
            record.msg, record.args = f"{record.getMessage()} ({kind.__name__} at {where})", None
            record.exc_info, record.exc_text = None, None
        return True
