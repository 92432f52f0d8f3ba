"""A reader chooses a language and a theme, and is taken back to where they were."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


def _choose(client, **choice: str):
    return client.post("/look/", choice, headers={"host": "localhost"})


def test_a_colleague_keeps_language_and_theme(alice):
    from gloed.base.models import Staff

    answer = _choose(alice, language="nl", next="/styleguide?sort=n")
    assert (answer.status_code, answer["location"]) == (302, "/styleguide?sort=n")
    _choose(alice, theme="dark")
    assert list(Staff.objects.values_list("language", "theme")) == [("nl", "dark")]
    page = alice.get("/styleguide", headers={"host": "localhost"}).content.decode()
    assert '<html lang="nl" data-theme="dark">' in page
    assert "Stijlgids" in page


def test_as_device_takes_the_choice_away(alice):
    _choose(alice, theme="dark")
    _choose(alice, theme="")
    page = alice.get("/styleguide", headers={"host": "localhost"}).content.decode()
    assert "data-theme" not in page


def test_a_stranger_reads_the_log_in_page_in_another_language(client):
    _choose(client, language="nl", theme="light")
    page = client.get(reverse("account_login"), headers={"host": "localhost"}).content.decode()
    assert '<html lang="nl" data-theme="light">' in page
    assert "Goed je te zien" in page


@pytest.mark.parametrize("choice", [{"language": "xx"}, {"theme": '"><script>'}, {}])
def test_what_is_not_offered_changes_nothing(alice, choice: dict[str, str]):
    from gloed.base.models import Staff

    assert _choose(alice, **choice).status_code == 302
    assert list(Staff.objects.values_list("language", "theme")) == [("", "")]


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", ""])
def test_nobody_is_sent_to_a_foreign_address(alice, target: str):
    assert _choose(alice, theme="dark", next=target)["location"] == "/"


def test_looking_is_not_choosing(alice):
    assert alice.get("/look/", headers={"host": "localhost"}).status_code == 405
