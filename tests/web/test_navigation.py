"""The way around shows what a colleague can open, and nothing else."""

import pytest
from django.test import RequestFactory

from gloed.base.rules import OWN
from gloed.web.navigation import OWN_MENU, VERBS, Entry, open_links, open_tabs

HERE = Entry("Style guide", "web:styleguide", "web.view_today", "x", also=("web:",))
NOWHERE = Entry("Later", "web:not_built_yet", "web.view_today", "x")


def _urls(*entries: Entry, may: bool = True, view_name: str = "") -> list[tuple[str, bool]]:
    links = open_links(entries, may=lambda permission: may, view_name=view_name)
    return [(link.url, link.is_current) for link in links]


def test_a_verb_without_a_page_is_no_dead_link():
    assert _urls(HERE, NOWHERE) == [("/styleguide", False)]


def test_a_page_that_is_not_permitted_is_left_out():
    assert _urls(HERE, may=False) == []


@pytest.mark.parametrize("view_name", ["web:styleguide", "web:something_below"])
def test_the_present_page_is_marked(view_name: str):
    assert _urls(HERE, view_name=view_name) == [("/styleguide", True)]


def test_an_unnamed_page_marks_nothing():
    assert _urls(Entry("a", "web:styleguide", "web.view_today", "x")) == [("/styleguide", False)]


def test_every_entry_asks_for_a_permission_that_exists():
    pages = [page for verb in VERBS for page in verb.pages]
    assert {entry.permission for entry in (*VERBS, *pages, *OWN_MENU)} <= OWN


def test_the_frame_is_quiet_for_a_stranger():
    from django.contrib.auth.models import AnonymousUser

    from gloed.web.context import frame

    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    assert list(frame(request)["verbs"]) == []
    assert frame(request)["theme"] == ""


PARENT = Entry("Verb", "web:styleguide", "web.view_today", "x", pages=(HERE, NOWHERE, HERE))


def test_a_page_among_others_of_its_verb_has_tabs_without_dead_links():
    tabs = open_tabs([PARENT], may=lambda permission: True, view_name="web:styleguide")
    assert tabs == [("Style guide", "/styleguide", True)] * 2


@pytest.mark.parametrize("view_name", ["surveys:detail", ""])
def test_a_page_deeper_down_has_no_tabs(view_name: str):
    assert open_tabs([PARENT], may=lambda permission: True, view_name=view_name) == []


def test_one_tab_alone_is_none():
    lonely = Entry("Verb", "web:styleguide", "web.view_today", "x", pages=(HERE, NOWHERE))
    assert open_tabs([lonely], may=lambda permission: True, view_name="web:styleguide") == []
