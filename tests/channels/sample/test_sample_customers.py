"""Customers of the sample: firms with several persons, and a list that counts."""

from datetime import UTC, datetime

from gloed.analysis.customers.models import Customer
from gloed.analysis.customers.value.operations import file_in_use
from gloed.channels.sample.customers import add_customers, clear_customers
from gloed.people.models import Account, Person

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


def test_firms_and_a_list_of_customers(organisation, sample):
    gone = [one for one in sample.persons[80:] if one.left_on]
    shown = [*sample.persons[:80], *gone[:60]]
    made = {
        person.public_id: Person.objects.create(
            organisation=organisation, name=person.name, created_at=NOW
        ).pk
        for person in shown
    }
    file = add_customers(organisation, sample, person_ids=made, language="nl", now=NOW)
    assert file_in_use(organisation) == file
    assert Account.objects.count() == len(sample.accounts)
    members = [one for one in shown if one.account_id is not None]
    assert Person.objects.filter(account__isnull=False).count() == len(members) > 0
    rows = list(Customer.objects.all())
    assert file.counts["customers"] == len(rows)
    assert sum(one.account_id is not None for one in rows) == len(sample.accounts)
    assert any(one.ended_on for one in rows)
    assert all(one.ended_on is None or one.started_on <= one.ended_on <= file.as_of for one in rows)
    assert all(one.revenue >= 0 for one in rows)
    clear_customers(organisation)
    assert not Customer.objects.exists()
    assert not Account.objects.exists()
