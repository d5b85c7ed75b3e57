"""The portal's own code tables, version by version."""

from __future__ import annotations

from django.db import models

__all__ = ["TableVersion"]


class TableVersion(models.Model):
    """A table as it was fetched or loaded from a file. The newest of each kind is in force."""

    portal = models.CharField(max_length=24, default="alloggiati")
    kind = models.CharField(max_length=24)  # Luoghi, Tipi_Documento, Tipi_Alloggiato, TipoErrore
    source = models.CharField(max_length=80)  # "portal", or the name of a file
    fetched_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)
    text = models.TextField()
    changes = models.JSONField(default=list)  # against the version before: [{"kind", "code", "label", "before", "after"}]
    simulated = models.BooleanField(default=False)

    class Meta:
        ordering = ["-fetched_at", "-id"]
        indexes = [models.Index(fields=["portal", "kind", "fetched_at"])]
