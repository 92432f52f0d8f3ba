"""Accounts: several persons, one customer, through the real door."""

import csv
import html
import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from gloed.analysis.customers.accounts.rules import Ratings, role_of, ways
from gloed.analysis.customers.models import Customer, CustomerFile
from gloed.loop.cases.operations import open_case
from gloed.people.models import Account, Person

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def firm(organisation):
    """A firm with persons: `firm("Acme", "Anna", "Ben")`."""

    def make(name, *people, **attributes):
        account = Account.objects.create(organisation=organisation, name=name)
        members = [
            Person.objects.create(
                organisation=organisation, account=account, name=one, created_at=NOW,
                attributes=attributes,
            )
            for one in people
        ]  # fmt: skip
        return account, *members

    return make


@pytest.fixture
def survey(organisation, make_survey):
    return make_survey(organisation)


def ago(days):
    return timezone.now() - timedelta(days=days)


def page(client, name="accounts", *args, status=200, language="en", **query):
    response = client.get(
        reverse(f"customers:{name}", args=args) + "?" + urlencode(query),
        headers={"accept-language": language},
    )
    assert response.status_code == status, response.content.decode()[:500]
    return html.unescape(response.content.decode())


def test_roles_and_ways():
    assert role_of({"Functie": "Inkoper", "region": "N"}) == "Inkoper"
    assert role_of({"region": "N", "role": ""}) == ""
    held = [Ratings(9, 6, None), Ratings(3, 3, None), Ratings(2, 8, None), Ratings(7, None, None)]
    assert ways(held) == (1, 1)


def test_the_list_tells_who_answered_and_who_is_silent(alice, firm, survey, answer):
    _acme, anna, ben = firm("Acme", "Anna", "Ben")
    firm("Quiet", "Cees")
    answer(survey, 4, at=ago(200), person=anna)
    answer(survey, 9, at=ago(100), person=anna)
    answer(survey, 7, at=ago(40), person=ben)
    text = page(alice)
    assert "2 of 2" in text
    assert "7, 9" in text
    assert "1 up" in text
    assert "40 days" in text
    assert "never answered" in text
    assert text.index("Quiet") < text.index("Acme")  # silent longest comes first


def test_filters_and_sorting_stand_in_the_address(alice, firm, survey, answer):
    _acme, anna = firm("Acme", "Anna")
    _beta, ben = firm("Beta", "Ben")
    firm("Ceta", "Cor")
    answer(survey, 4, at=ago(10), person=anna)
    answer(survey, 9, at=ago(200), person=ben)

    def named(**query):
        text = page(alice, **query)
        return [name for name in ("Acme", "Beta", "Ceta") if f">{name}</a>" in text]

    assert named(q="bet") == ["Beta"]
    assert named(silent="180") == ["Beta", "Ceta"]
    assert named(low="1") == ["Acme"]
    assert named(case="1") == []
    assert named(silent="²", sort="nonsense", page="x") == ["Acme", "Beta", "Ceta"]
    text = page(alice, sort="-name")
    assert text.index("Ceta") < text.index("Beta") < text.index("Acme")
    assert "No account fits" in page(alice, q="nobody")


def test_revenue_and_cases_stand_beside_it(alice, firm, survey, answer, organisation):
    acme, anna = firm("Acme", "Anna", role="Buyer")
    given = answer(survey, 2, at=ago(3), person=anna, words="Late again")
    case = open_case(given, now=timezone.now())
    file = CustomerFile.objects.create(
        organisation=organisation, file_name="c.csv", as_of=NOW.date(), state="kept",
        created_at=NOW, kept_at=NOW,
    )  # fmt: skip
    Customer.objects.create(
        file=file, row=2, account=acme, started_on="2024-05-01", revenue=Decimal("12500.40")
    )
    assert "€\u00a012,500" in page(alice)
    assert "Acme" in page(alice, case="1")
    detail = page(alice, "account", acme.public_id)
    assert "1 of 1 person answered, the last one 3 days ago" in detail
    assert "Buyer" in detail
    assert "Late again" in detail
    assert "1 May 2024" in detail
    assert f"/{case.public_id}/" in detail


def test_ratings_of_another_scale_say_so(alice, firm, survey, answer, organisation, make_survey):
    acme, anna = firm("Acme", "Anna")
    bill = make_survey(organisation, "csat", title="Bill")
    answer(bill, 4, at=ago(3), person=anna)
    answer(survey, 10, at=ago(2), person=anna)
    detail = page(alice, "account", acme.public_id)
    assert "Bill (1 to 5)" in detail
    assert "Relationship (" not in detail
    assert ">Role</th>" not in detail  # nobody's is known


def test_the_table_can_be_taken_along(alice, firm, survey, answer):
    _acme, anna = firm("=Acme", "Anna")
    answer(survey, 4, at=ago(10), person=anna)
    response = alice.get(reverse("customers:accounts_csv"))
    (row,) = csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")))
    assert (row["account"], row["people"], row["days_silent"]) == ("'=Acme", "1", "10")


def test_what_does_not_count_is_not_seen(alice, firm, organisation, survey, answer, make_survey):
    acme, anna = firm("Acme", "Anna")
    answer(survey, 1, at=ago(3), person=anna, withdrawn_at=NOW)
    answer(survey, 2, at=ago(3), person=anna, is_suspicious=True)
    answer(make_survey(organisation, "enps"), 3, at=ago(3), person=anna, words="As a colleague")
    assert "never answered" in page(alice)
    assert "As a colleague" not in page(alice, "account", acme.public_id)


def test_a_team_sees_its_own(organisation, firm, survey, answer, client_of):
    from gloed.base.models import Team

    north = Team.objects.create(organisation=organisation, name="North")
    acme, anna = firm("Acme", "Anna")
    beta, ben = firm("Beta", "Ben")
    answer(survey, 4, at=ago(3), person=anna, team=north)
    answer(survey, 4, at=ago(3), person=ben, words="Not yours")
    frontline = client_of(organisation, "frontline", teams=[north])
    text = page(frontline)
    assert "Acme" in text
    assert "Beta" not in text
    page(frontline, "account", acme.public_id)
    page(frontline, "account", beta.public_id, status=404)


def test_strangers_and_viewers(charlie, client_of, organisation, firm):
    acme, _anna = firm("Acme", "Anna")
    page(charlie, "account", acme.public_id, status=404)
    assert "Acme" not in page(charlie)
    page(client_of(organisation, "viewer"), status=403)


def test_thirty_accounts_cost_as_many_questions_as_one(alice, firm, survey, answer):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            page(alice)
        return len(queries)

    def add(name):
        _firm, anna, _ben = firm(name, "Anna", "Ben")
        answer(survey, 4, at=ago(10), person=anna)

    add("Acme")
    page(alice)
    one = asked()
    for number in range(29):
        add(f"Firm {number}")
    assert asked() == one


def test_nothing_yet(alice):
    assert "Here the firms you work for will stand" in page(alice)
