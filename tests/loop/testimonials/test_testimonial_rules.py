"""What is shown of words and names, and which addresses are links: plain decisions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gloed.loop.testimonials.rules import (
    Named,
    Place,
    ReviewLink,
    Shown,
    changes,
    forms_of,
    is_fit,
    named,
    read_links,
    read_places,
)


@given(st.text(max_size=60), st.text(max_size=60))
def test_changes_hold_both_texts_whole(before: str, after: str):
    pieces = changes(before, after)
    assert "".join(one.text for one in pieces if one.kind != "in") == before
    assert "".join(one.text for one in pieces if one.kind != "out") == after


def test_a_masked_name_shows_as_a_change():
    pieces = changes("Dank Jan, snel!", "Dank [name], snel!")
    assert [one.text for one in pieces if one.kind == "out"] == ["Jan"]
    assert "".join(one.text for one in pieces if one.kind == "in") == "[name]"


def test_only_forms_of_the_name_that_are_known_are_offered():
    known = named("Anna de Vries", {"Plaats": "Utrecht", "x": 3}, account="Bakkerij Noord")
    assert forms_of(known) == {
        Shown.FULL: "Anna de Vries",
        Shown.FIRST_TOWN: "Anna, Utrecht",
        Shown.INITIALS: "A.V.",
        Shown.COMPANY: "Bakkerij Noord",
        Shown.ANONYMOUS: "",
    }
    assert forms_of(Named()) == {Shown.ANONYMOUS: ""}


def test_places_are_read_once_and_only_where_known():
    assert read_places(["site", "moon", "wall", "site"]) == (Place.WALL, Place.SITE)


@pytest.mark.parametrize(
    "address",
    [
        "http://a.example/x",
        "javascript:alert(1)",
        "https://a.example@evil.example/",
        "https://a.example/ x",
        'https://a.example/"onclick="x',
        "https://localhost/",
        "https://",
        "https://[::1",
        "https://a.example/" + "x" * 400,
    ],
)
def test_an_address_that_is_no_plain_https_link_is_never_shown(address):
    assert not is_fit(address)
    assert read_links([{"name": "Site", "address": address}]) == ()


def test_no_more_links_than_fit_are_shown():
    rows = [{"name": f"Site {n}", "address": f"https://site{n}.example/"} for n in range(9)]
    assert len(read_links(rows)) == 5
    assert ReviewLink("T", "https://www.trustpilot.com/x").host == "trustpilot.com"
