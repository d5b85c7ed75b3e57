"""The app of everything that is stored."""

from django.apps import AppConfig


class ArchiveConfig(AppConfig):
    name = "locanda.archive"
    label = "archive"
    verbose_name = "Archivio"
