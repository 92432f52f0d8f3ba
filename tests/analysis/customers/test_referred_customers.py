"""Customers who came by a referral link count as earned, whatever the file says of them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from gloed.analysis.customers.models import Customer, CustomerFile
from gloed.loop.promoters.operations import referring
from gloed.people.models import Person

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def file(organisation):
    """Three old customers of 100 who pay 85 now, and new ones of 25 and 20 from nowhere known."""
    made = CustomerFile.objects.create(
        organisation=organisation,
        file_name="customers.csv",
        as_of=date(2026, 3, 1),
        state=CustomerFile.State.KEPT,
        kept_at=NOW,
        created_at=NOW,
    )
    old, new = {"started_on": date(2020, 1, 1)}, {"started_on": date(2025, 9, 1)}
    rows = [
        Customer(file=made, row=1, key="O-1", revenue=85, revenue_before=100, **old),
        Customer(file=made, row=2, key="N-1", revenue=25, origin="bought", **new),
        Customer(file=made, row=3, key="", email_key="b@example.org", revenue=20, **new),
    ]
    Customer.objects.bulk_create(rows)
    return made


def earned(client):
    text = client.get(reverse("customers:value")).content.decode()
    shown = text.partition('id="earned"')[2].partition("rates__value num")[2]
    return shown.partition(">")[2].partition("<")[0], text


def test_a_conversion_makes_a_customer_earned_at_once(alice, organisation, file):
    # methods.md 1.8: 100 -> 85 kept, earned new 25, other new 20: 85 + 25 - 100 = 10
    assert earned(alice)[0].startswith("−15")
    giver = Person.objects.create(organisation=organisation, name="Anna", created_at=NOW)
    link = referring.make_link(giver, staff=None, now=NOW.replace(year=2025))
    told = referring.Told(link.slug, "n-1", date(2025, 9, 1), Decimal(25))
    receipt = referring.note_conversion(organisation, told, source="hand", now=NOW)
    shown, text = earned(alice)
    assert shown.startswith("10")
    assert "1 new customer came by a referral link and counts as recommended." in text
    by_mail = referring.Told(link.slug, "X-9", date(2025, 9, 1), email="B@example.org")
    referring.note_conversion(organisation, by_mail, source="hand", now=NOW)
    assert earned(alice)[0].startswith("30")
    referring.remove_conversion(receipt.conversion, staff=None, now=NOW)
    assert earned(alice)[0].startswith("5")


def test_another_organisations_referrals_change_nothing(alice, other_organisation, file):
    giver = Person.objects.create(organisation=other_organisation, name="Cor", created_at=NOW)
    link = referring.make_link(giver, staff=None, now=NOW.replace(year=2025))
    told = referring.Told(link.slug, "N-1", date(2025, 9, 1))
    referring.note_conversion(other_organisation, told, source="hand", now=NOW)
    assert earned(alice)[0].startswith("−15")
