"""What the calendar forgets."""

from datetime import date, datetime

import pytest

from locanda.archive.models import Guest, Receipt, Stay, TaxReceipt
from locanda.core.time import ROME
from locanda.office import privacy, staying
from locanda.office.tax import operators, receipts
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
        # the hash of who stayed into the new year, and the name kept for the receipt of the other
        assert privacy.forget_what_is_over(datetime(2028, 1, 1, 9, tzinfo=ROME)) == 2
        kept = Receipt.objects.of(here.account)
        privacy.forget_what_is_over(datetime(2031, 12, 29, 9, tzinfo=ROME))
        assert kept.count() == 1
        privacy.forget_what_is_over(datetime(2031, 12, 30, 9, tzinfo=ROME))
        assert kept.count() == 0


def test_papers_of_the_tax_go_when_their_time_is_over_and_what_refers_to_them_first() -> None:
    with world(datetime(2026, 7, 10, 12, tzinfo=ROME)) as here:
        row, _ = operators.save_operator(here.account, {"name": "Ada Neri"}, now=here.now, by=here.person)
        here.property.operator = row
        here.property.save()
        stay = here.check_in(guest(), nights=3)
        first, problems = receipts.issue(stay, method="cash", now=here.now, person=here.person)
        assert first is not None, problems
        staying.leave_early(stay, date(2026, 7, 11), now=here.now, person=here.person)
        fresh = Stay.objects.of(here.account).select_related("property__operator", "account", "unit").get()
        assert receipts.issue(fresh, method="cash", reason="Prima", now=here.now, person=here.person)[0] is not None
        kept = TaxReceipt.objects.of(here.account)
        privacy.forget_what_is_over(datetime(2032, 12, 31, 9, tzinfo=ROME))
        assert kept.count() == 2
        privacy.forget_what_is_over(datetime(2033, 1, 1, 9, tzinfo=ROME))
        assert kept.count() == 0
        assert Stay.objects.of(here.account).get().sealed_facts is None
