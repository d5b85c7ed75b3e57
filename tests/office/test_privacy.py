"""What the calendar forgets."""

from datetime import datetime

import pytest

from locanda.archive.models import Guest, Receipt
from locanda.core.time import ROME
from locanda.office import privacy
from tests.world import guest, world

pytestmark = pytest.mark.django_db


def test_hashes_go_when_the_year_is_over_and_receipts_after_five_years() -> None:
    with world(datetime(2026, 12, 28, 12, tzinfo=ROME)) as here:
        here.check_in(guest("VECCHI"), nights=2)
        here.check_in(guest("CAPODANNO"), nights=6)
        here.engine.round()
        here.now = datetime(2026, 12, 29, 8, tzinfo=ROME)
        here.engine.round()
        hashes = Guest.objects.of(here.account).order_by("id").exclude(document_hash="")
        assert privacy.forget_what_is_over(here.now) == 0 and hashes.count() == 2
        assert privacy.forget_what_is_over(datetime(2027, 1, 1, 9, tzinfo=ROME)) == 1
        assert [row.party.stay.nights for row in hashes] == [6]
        assert privacy.forget_what_is_over(datetime(2028, 1, 1, 9, tzinfo=ROME)) == 1
        kept = Receipt.objects.of(here.account)
        privacy.forget_what_is_over(datetime(2031, 12, 29, 9, tzinfo=ROME))
        assert kept.count() == 1
        privacy.forget_what_is_over(datetime(2031, 12, 30, 9, tzinfo=ROME))
        assert kept.count() == 0
