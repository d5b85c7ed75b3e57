from django.apps import AppConfig


class ArchiveConfig(AppConfig):
    name = "locanda.archive"
    label = "archive"
    verbose_name = "Archivio"
