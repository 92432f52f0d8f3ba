"""Files of customers: read in any notation, previewed, kept, taken back whole."""

import html
import io
from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from gloed.analysis.customers.models import Customer, CustomerFile
from gloed.analysis.customers.value import operations
from gloed.analysis.customers.value.cells import (
    DayOrder,
    Mark,
    mark_of,
    order_of,
    read_amount,
    read_day,
    read_origin,
)
from gloed.analysis.customers.value.columns import Flaw, What, guess_columns, understand
from gloed.analysis.customers.value.tables import Table, UnreadableTable, Why, read_table
from gloed.base.worker import run_until_idle
from gloed.people.models import Account, Person

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
DUTCH = (
    "Klantnummer;Naam;Klant sinds;Einddatum;Omzet;Omzet vorig jaar;Herkomst\r\n"
    "K1;Anna;31-01-2024;;€ 1.234,50;1.000,00;Aanbevolen door een vriend\r\n"
    "K2;Ben;01-02-2023;30-06-2025;0;500;\r\n"
    "K3;;vorig jaar;;10;;\r\n"
    "K4;Dirk;01-01-2024;2023-01-01;;;\r\n"
).encode("windows-1252")


@pytest.mark.parametrize(
    ("cell", "order", "day"),
    [
        ("2025-12-31", DayOrder.DAY_FIRST, date(2025, 12, 31)),
        ("20251231", DayOrder.DAY_FIRST, date(2025, 12, 31)),
        ("3/4/2026", DayOrder.DAY_FIRST, date(2026, 4, 3)),
        ("3/4/2026", DayOrder.MONTH_FIRST, date(2026, 3, 4)),
        ("1 mrt 2026", DayOrder.DAY_FIRST, date(2026, 3, 1)),
        ("31-12-2025 14:00", DayOrder.DAY_FIRST, date(2025, 12, 31)),
        (date(2026, 1, 1), DayOrder.DAY_FIRST, date(2026, 1, 1)),
        ("31-02-2026", DayOrder.DAY_FIRST, None),
        ("soon", DayOrder.DAY_FIRST, None),
        (None, DayOrder.DAY_FIRST, None),
        (45000.0, DayOrder.DAY_FIRST, None),
    ],
)
def test_days_in_every_notation(cell, order, day):
    assert read_day(cell, order) == day


@pytest.mark.parametrize(
    ("cell", "mark", "amount"),
    [
        ("€ 1.234,50", Mark.COMMA, "1234.50"),
        ("1,234.50", Mark.POINT, "1234.50"),
        ("1 234,5", Mark.COMMA, "1234.50"),
        ("EUR 12,-", Mark.COMMA, "12"),
        ("1'000", Mark.POINT, "1000"),
        ("-5", Mark.COMMA, "-5"),
        (12.5, Mark.COMMA, "12.50"),
        ("1,2,3", Mark.COMMA, None),
        ("n/a", Mark.COMMA, None),
        (True, Mark.COMMA, None),
        (float("nan"), Mark.COMMA, None),
        ("9" * 30, Mark.COMMA, None),
    ],
)
def test_amounts_in_every_notation(cell, mark, amount):
    assert read_amount(cell, mark) == (None if amount is None else Decimal(amount))


def test_a_column_tells_its_own_notation():
    assert mark_of(["1.234", "12,50"]) is Mark.COMMA
    assert mark_of(["1,234.50"]) is Mark.POINT
    assert mark_of(["1.234"]) is Mark.COMMA
    assert mark_of(["12.5", 3.0, None]) is Mark.POINT
    assert order_of(["3/4/2026", "3/25/2026"]) is DayOrder.MONTH_FIRST
    assert order_of(["3/4/2026"]) is DayOrder.DAY_FIRST


def test_how_they_came():
    assert [read_origin(w) for w in ("Word of mouth", "Google Ads", "Advies", None, 3.0)] == [
        "earned", "bought", "", "", "",
    ]  # fmt: skip


@given(st.binary(max_size=300))
def test_no_content_does_harm(content):
    try:
        table = read_table(content)
    except UnreadableTable:
        return
    assert all(len(row) == len(table.heads) for row in table.rows)
    understand(table, guess_columns(table.heads), as_of=date(2026, 1, 1))


def test_unreadable_files_say_why():
    reasons = {b"": Why.EMPTY, b"a;b\n": Why.NO_ROWS, b"PK\x03\x04rubbish": Why.LOCKED,
               b"a\n\x00b": Why.NO_TABLE}  # fmt: skip
    for content, why in reasons.items():
        with pytest.raises(UnreadableTable) as refusal:
            read_table(content)
        assert refusal.value.why is why


def test_rows_of_one_number_are_one_customer():
    table = Table(
        ("number", "start", "end", "revenue"),
        (("K1", "2024-01-01", "2024-12-31", "10"), ("K1", "2023-01-01", None, "5"),
         ("K2", "2024-01-01", "2024-06-30", None), ("K2", "2024-01-01", "2024-12-31", "7")),
    )  # fmt: skip
    read = understand(table, guess_columns(table.heads), as_of=date(2026, 1, 1))
    one, two = read.customers
    assert (one.started_on, one.ended_on, one.revenue) == (date(2023, 1, 1), None, 15)
    assert (two.ended_on, two.revenue) == (date(2024, 12, 31), 7)
    assert read.merged == 2


def test_a_contract_that_ends_later_still_runs():
    table = Table(("id", "start", "end"), (("K1", "2024-01-01", "2027-01-01"),
                                           ("K2", "2026-06-01", None)))  # fmt: skip
    read = understand(table, guess_columns(table.heads), as_of=date(2026, 1, 1))
    assert [(one.key, one.ended_on) for one in read.customers] == [("K1", None)]
    assert read.flaws == Counter({Flaw.STARTS_LATER: 1})


def test_heads_are_recognised_in_both_languages():
    heads = ["Klantnummer", "Omzet vorig jaar", "Omzet", "Ingangsdatum", "Opgezegd"]
    whats = (What.NUMBER, What.BEFORE, What.REVENUE, What.START, What.END)
    assert guess_columns(heads) == {what: place for place, what in enumerate(whats)}


def put(client, content, name="customers.csv"):
    given_file = SimpleUploadedFile(name, content)
    return client.post(reverse("customers:upload"), {"file": given_file},
                       headers={"accept-language": "en"})  # fmt: skip


def look(client, address, status=200):
    response = client.get(address, headers={"accept-language": "en"})
    assert response.status_code == status
    return html.unescape(response.content.decode())


def choices(**changed):
    usual = {"number": "0", "name": "1", "start": "2", "end": "3", "revenue": "4", "before": "5",
             "origin": "6", "email": "", "order": "day_first", "mark": "comma",
             "currency": "EUR", "as_of": timezone.localdate().isoformat()}  # fmt: skip
    return usual | changed


def test_a_file_is_shown_as_it_is_understood_then_kept_then_taken_back(alice, organisation):
    anna = Person.objects.create(organisation=organisation, external_id="K1", name="Anna B",
                                 created_at=NOW)  # fmt: skip
    address = put(alice, DUTCH).url
    text = look(alice, address)
    assert "2 customers are read" in text
    assert "1 still there, 1 left." in text
    assert "Together €\u00a01,234 in the last 12 months." in text
    assert "1 row whose first day cannot be read: left out" in text
    assert "(row 4: vorig jaar)" in text
    assert "1 row that end before they begin: left out" in text
    assert "recommended" in text
    file = CustomerFile.objects.get()
    decide = reverse("customers:decide", args=[file.public_id])
    response = alice.post(decide, choices(keep="yes"), headers={"accept-language": "en"})
    assert response.url == reverse("customers:value")
    file.refresh_from_db()
    assert (file.state, file.content, file.counts["customers"]) == ("kept", None, 2)
    assert Customer.objects.get(key="K1").person == anna
    text = look(alice, response.url)
    assert "The customers of customers.csv count now." in text
    alice.post(reverse("customers:undo", args=[file.public_id]))
    assert operations.file_in_use(organisation) is None
    assert "Here it will stand whether customers stay" in look(alice, response.url)
    assert "taken back" in look(alice, reverse("customers:files"))
    alice.post(reverse("customers:redo", args=[file.public_id]))
    assert operations.file_in_use(organisation) == file
    assert "Found among the people" in look(alice, address)


def test_what_was_changed_is_looked_at_before_it_is_kept(alice):
    put(alice, DUTCH)
    file = CustomerFile.objects.get()
    decide = reverse("customers:decide", args=[file.public_id])
    alice.post(decide, choices(keep="yes", mark="point"))
    file.refresh_from_db()
    assert (file.state, file.options["mark"]) == ("understood", "point")
    alice.post(decide, choices(keep="yes", mark="point"))
    file.refresh_from_db()
    assert file.state == "kept"


def test_wrong_choices_are_said_in_words(alice):
    put(alice, DUTCH)
    file = CustomerFile.objects.get()
    decide = reverse("customers:decide", args=[file.public_id])
    twice = alice.post(decide, choices(name="0"), headers={"accept-language": "en"})
    assert twice.status_code == 422
    assert "One column is chosen twice" in twice.content.decode()
    nobody = alice.post(decide, choices(number="", name=""), headers={"accept-language": "en"})
    assert "Choose a column that says who it is" in nobody.content.decode()


def test_unreadable_uploads_leave_nothing_behind(alice):
    assert "This file is empty" in put(alice, b" ").content.decode()
    assert "There are heads" in put(alice, b"a;b\n").content.decode()
    response = alice.post(reverse("customers:upload"), {}, headers={"accept-language": "en"})
    assert "Choose a file first." in response.content.decode()
    assert not CustomerFile.objects.exists()


def test_a_workbook_is_read_as_it_is(alice):
    book = Workbook()
    book.active.append(["Customer number", "Customer since", "Revenue"])
    book.active.append([1001, date(2024, 5, 1), 12.5])
    held = io.BytesIO()
    book.save(held)
    address = put(alice, held.getvalue(), "c.xlsx").url
    text = look(alice, address)
    assert "1 customer is read" in text
    assert "1001" in text
    assert "1 May 2024" in text


def test_many_customers_are_kept_by_the_worker(alice, monkeypatch, organisation):
    monkeypatch.setattr(operations, "AT_ONCE", 1)
    monkeypatch.setattr(operations, "CHUNK", 1)
    address = put(alice, DUTCH).url
    file = CustomerFile.objects.get()
    alice.post(reverse("customers:decide", args=[file.public_id]), choices(keep="yes"))
    assert "The customers are being kept" in look(alice, address)
    run_until_idle()
    file.refresh_from_db()
    assert file.state == "kept"
    operations.write(file, now=NOW)  # a second worker changes nothing
    assert file.customers.count() == 2


def test_people_who_come_later_are_found(alice, organisation):
    put(alice, DUTCH)
    file = CustomerFile.objects.get()
    alice.post(reverse("customers:decide", args=[file.public_id]), choices(keep="yes"))
    assert not Customer.objects.exclude(person=None).exists()
    Person.objects.create(organisation=organisation, external_id="K1", created_at=NOW)
    Account.objects.create(organisation=organisation, name="Ben")
    alice.post(reverse("customers:match", args=[file.public_id]))
    assert Customer.objects.exclude(person=None).get().key == "K1"
    assert Customer.objects.exclude(account=None).get().key == "K2"
    firm = Account.objects.create(organisation=organisation, name="Acme")
    Person.objects.update(account=firm)
    alice.post(reverse("customers:match", args=[file.public_id]))
    assert Customer.objects.get(key="K1").account == firm


def test_who_is_erased_goes_from_here_too(alice, organisation):
    person = Person.objects.create(organisation=organisation, external_id="K1", created_at=NOW)
    put(alice, DUTCH)
    file = CustomerFile.objects.get()
    alice.post(reverse("customers:decide", args=[file.public_id]), choices(keep="yes"))
    person.delete()
    assert [one.key for one in Customer.objects.all()] == ["K2"]


def test_a_file_that_counts_cannot_be_thrown_away(alice):
    put(alice, DUTCH)
    file = CustomerFile.objects.get()
    discard = reverse("customers:discard", args=[file.public_id])
    alice.post(reverse("customers:decide", args=[file.public_id]), choices(keep="yes"))
    alice.post(discard)
    assert CustomerFile.objects.exists()
    alice.post(reverse("customers:undo", args=[file.public_id]))
    alice.post(discard)
    assert not CustomerFile.objects.exists()
