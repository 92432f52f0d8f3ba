"""Which sites, which pages and which identities count: worked examples and laws."""

import contextlib
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gloed.channels.in_app.rules import Unreadable, bounded, page_of, read_answers
from gloed.channels.widget.rules import (
    NotSigned,
    is_allowed,
    read_page,
    read_person,
    read_site,
    sign_person,
)

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
plain = st.one_of(st.none(), st.booleans(), st.integers(), st.text(), st.floats(allow_nan=False))
anything = st.recursive(
    plain, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8
)


@pytest.mark.parametrize(
    ("text", "site"),
    [
        ("https://example.nl/", "https://example.nl"),
        ("EXAMPLE.nl", "https://example.nl"),
        ("https://example.nl:443/a?b", "https://example.nl"),
        ("https://example.nl:8443", "https://example.nl:8443"),
        ("http://127.0.0.1:5173", "http://127.0.0.1:5173"),
        ("http://example.nl", None),
        ("https://*", None),
        ("https://*.nl", None),
        ("ftp://example.nl", None),
        ("https://exa mple.nl", None),
        ("https://user@example.nl", None),
        ("", None),
    ],
)
def test_a_site_is_scheme_host_and_port(text, site):
    assert read_site(text) == site


@given(st.text(max_size=60))
def test_what_is_read_as_a_site_is_read_as_the_same_again(text):
    site = read_site(text)
    assert site is None or read_site(site) == site


def test_a_star_stands_for_what_is_below_and_nothing_else():
    sites = ["https://*.example.nl"]
    assert is_allowed("https://a.b.example.nl", sites)
    for origin in ("http://a.example.nl", "https://example.nl", "https://a.example.nl.evil.nl"):
        assert not is_allowed(origin, sites)
    assert not is_allowed("https://.example.nl", ["https://example.nl"])


@pytest.mark.parametrize(("text", "page"), [("*", "*"), ("/a/*", "/a/*"), ("a?b", None)])
def test_a_page_is_a_path(text, page):
    assert read_page(text) == page


@given(st.text(max_size=40), st.text(max_size=40), st.integers(0, 24))
def test_a_signed_person_is_read_back_within_a_day(name, secret, hours):
    signed = sign_person({"id": 7, "name": name}, secret, now=NOW)
    person = read_person(signed, secret, now=NOW + timedelta(hours=hours))
    assert person.external_id == "7"
    assert person.name == name.strip()
    with pytest.raises(NotSigned):
        read_person(signed, f"{secret}x", now=NOW)


@given(st.text(max_size=200))
def test_nothing_unsigned_is_a_person(text):
    with pytest.raises(NotSigned):
        read_person(text, "secret", now=NOW)


@given(st.dictionaries(st.text(max_size=12), anything))
def test_any_object_is_read_or_refused(sent):
    with contextlib.suppress(Unreadable):
        assert read_answers(sent).answers


@given(anything)
def test_attributes_are_always_few_and_short(sent):
    kept = bounded(sent)
    assert len(kept) <= 20
    assert all(len(str(value)) <= 400 for value in kept.values())
    assert len(page_of(sent)) <= 200


def test_what_the_guide_says_about_signing_is_so():
    guide = (Path(__file__).parents[3] / "docs/how-to/ask-on-your-website.md").read_text()
    code = re.search(r"```python\n(.*?)```", guide, re.DOTALL)[1]
    names = {}
    exec(code, names)
    signed = names["signed"]({"id": "42", "email": "noor@example.org"}, "a secret")
    person = read_person(signed, "a secret", now=datetime.now(UTC))
    assert (person.external_id, person.email) == ("42", "noor@example.org")
