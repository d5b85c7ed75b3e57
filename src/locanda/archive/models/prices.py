"""The prices of a year, told to a region and hung up in the property (L.R. Puglia 49/2017; L.R. Lombardia 27/2015 art. 38)."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from locanda.archive.models.owned import Owned
from locanda.archive.models.properties import Property

__all__ = ["YearPrices"]


class YearPrices(Owned):
    """The highest prices of a property in a year, season by season, and the services that go with them."""

    property = models.ForeignKey(Property, on_delete=models.CASCADE, related_name="+")
    year = models.PositiveSmallIntegerField()
    rows = models.JSONField(default=list)  # [unit, first day, last day, cents, per]
    services = models.JSONField(default=list)  # in the operator's own words
    languages = models.JSONField(default=list)  # of the guests, beside Italian
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta(Owned.Meta):
        ordering = ["year"]
        constraints = [models.UniqueConstraint(fields=["property", "year"], name="one_price_list_a_year")]
