"""The list of connections: it asks the database as often for thirty as for one."""

from datetime import timedelta

import pytest
from django.urls import reverse

from gloed.integrations.connectors import operations
from gloed.integrations.connectors.models import Dispatch
from gloed.integrations.webhooks.rules import Told, Wish
from tests.conftest import NOW

QUERIES = 6


def connect(organisation, number):
    """A chat that was told something."""
    chat = operations.connect(
        organisation,
        "chat",
        {"address": f"team{number}@example.org"},
        name=f"Team {number}",
        wish=Wish(frozenset({"alert.raised"})),
        by=None,
        now=NOW,
    )
    operations.send_test(chat, Told(operations.TEST, NOW, {}), now=NOW)


@pytest.mark.parametrize("rows", [1, 30])
def test_it_asks_the_database_as_often_whatever_its_length(
    rows, organisation, alice, django_assert_num_queries
):
    for number in range(rows):
        connect(organisation, number)
    Dispatch.objects.update(tried_at=NOW + timedelta(minutes=1))
    address = reverse("connectors:home")
    alice.get(address)
    with django_assert_num_queries(QUERIES):
        page = alice.get(address)
    assert page.text.count("Team ") >= rows
