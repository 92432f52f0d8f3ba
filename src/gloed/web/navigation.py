"""The five verbs, and which of them a colleague can open today."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from gloed.base.links import page_url
from gloed.base.rules import Role, may


@dataclass(frozen=True, slots=True)
class Entry:
    """One way in: its words, the page it opens and the permission that page asks for.

    `also` are the beginnings of view names that belong to this entry besides its own; `pages` are
    the pages within it, which stand as tabs on each of them.
    """

    label: str | Promise
    url_name: str
    permission: str
    icon: str
    also: tuple[str, ...] = ()
    pages: tuple["Entry", ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """An entry that can be opened: it has a page, and this colleague may see it."""

    label: str | Promise
    url: str
    icon: str
    is_current: bool


def _tab(
    label: Promise,
    url_name: str,
    permission: str = "analysis.view_report",
    *,
    also: tuple[str, ...] = (),
) -> Entry:
    return Entry(label, url_name, permission, "", also=also)


IMPORTS, SAMPLE = "file_import:list", "sample:offer"

VERBS = (
    Entry(gettext_lazy("Today"), "web:today", "web.view_today", "sunrise"),
    Entry(
        pgettext_lazy("verb of the navigation", "Ask"),
        "surveys:list",
        "analysis.view_report",
        "message-circle-question-mark",
        also=(
            "surveys:",
            "journeys:",
            "fieldwork:",
            "event_file:",
            "ways:",
            "widget:",
            "kiosk:",
            "poster:",
        ),
        pages=(
            _tab(gettext_lazy("Surveys"), "surveys:list"),
            _tab(gettext_lazy("Journeys"), "journeys:list"),
            _tab(gettext_lazy("Ways to ask"), "ways:overview"),
            _tab(gettext_lazy("Waves"), "fieldwork:waves"),
            _tab(gettext_lazy("After events"), "fieldwork:triggers"),
            _tab(gettext_lazy("Who was asked"), "fieldwork:ledger"),
            _tab(gettext_lazy("Policy"), "fieldwork:policy"),
        ),
    ),
    Entry(
        pgettext_lazy("verb of the navigation", "Score"),
        "analysis:scores",
        "analysis.view_report",
        "chart-no-axes-column",
        also=("analysis:",),
    ),
    Entry(
        pgettext_lazy("verb of the navigation", "Understand"),
        "changes:changes",
        "analysis.view_report",
        "lightbulb",
        also=(
            *("changes:", "explorer:", "coding:", "drivers:", "coverage:", "teams:"),
            *("customers:", "alarms:", "benchmarks:"),
        ),
        pages=(
            _tab(gettext_lazy("What changed"), "changes:changes"),
            _tab(gettext_lazy("Explore"), "explorer:explorer"),
            _tab(gettext_lazy("Themes"), "coding:themes", "responses.view_answers"),
            _tab(gettext_lazy("Drivers"), "drivers:drivers"),
            _tab(gettext_lazy("Who answered"), "coverage:coverage"),
            _tab(gettext_lazy("Teams"), "teams:teams"),
            _tab(gettext_lazy("Customers"), "customers:home", also=("customers:",)),
            _tab(gettext_lazy("Alarms"), "alarms:list"),
            _tab(gettext_lazy("Benchmarks"), "benchmarks:list"),
        ),
    ),
    Entry(
        pgettext_lazy("verb of the navigation", "Improve"),
        "cases:list",
        "responses.view_answers",
        "hammer",
        also=(
            "cases:",
            "improvements:",
            "passives:",
            "promoters:",
            "testimonials:",
            "wall:",
            "letters:",
            "effects:",
            "told_back:",
        ),
        pages=(
            _tab(gettext_lazy("Cases"), "cases:list", "responses.view_answers"),
            _tab(
                gettext_lazy("Improvements"),
                "improvements:list",
                "responses.view_answers",
                also=("improvements:", "effects:", "told_back:"),
            ),
            _tab(
                gettext_lazy("Passives"),
                "passives:home",
                "responses.view_answers",
                also=("passives:worklist", "passives:offers"),
            ),
            _tab(
                gettext_lazy("Promoters"),
                "promoters:home",
                "responses.view_answers",
                also=("promoters:", "testimonials:list", "testimonials:reviews", "wall:"),
            ),
        ),
    ),
    Entry(
        pgettext_lazy("verb of the navigation", "Keep going"),
        "goals:list",
        "analysis.view_report",
        "flame",
        also=("goals:", "leaks:", "briefs:"),
        pages=(
            _tab(gettext_lazy("Goals"), "goals:list"),
            _tab(gettext_lazy("Leaks"), "leaks:meter"),
            _tab(gettext_lazy("Brief"), "briefs:list"),
        ),
    ),
)
OWN_MENU = (
    Entry(
        gettext_lazy("Bring in answers"),
        IMPORTS,
        "channels.import",
        "file-down",
        also=("file_import:",),
    ),
    Entry(
        gettext_lazy("People"),
        "people:list",
        "people.view_person",
        "contact",
        also=("people:", "responses:"),
    ),
    Entry(gettext_lazy("Calling"), "phone:home", "channels.call", "phone", also=("phone:",)),
    Entry(gettext_lazy("Requests"), "own_page:requests", "people.erase", "inbox"),
    Entry(
        gettext_lazy("Letters to customers"),
        "letters:texts",
        "loop.plan_cases",
        "mail",
        also=("letterbox:",),
    ),
    Entry(gettext_lazy("Colleagues"), "base:staff_list", "base.manage_staff", "users"),
    Entry(gettext_lazy("Teams"), "base:team_list", "base.manage_teams", "users-round"),
    Entry(gettext_lazy("Text messages"), "sms:settings", "base.manage_organisation", "smartphone"),
    Entry(gettext_lazy("Calendar"), "calendars:home", "analysis.view_report", "calendar-days"),
    Entry(
        gettext_lazy("Connections"),
        "connectors:home",
        "base.manage_keys",
        "plug",
        also=("connectors:", "webhooks:"),
    ),
    Entry(gettext_lazy("Organisation"), "base:settings", "base.manage_organisation", "settings"),
    Entry(gettext_lazy("What was done"), "base:audit", "base.view_audit", "history"),
    Entry(
        gettext_lazy("Take it along"),
        "exports:home",
        "analysis.export",
        "package",
        also=("exports:",),
    ),
    Entry(gettext_lazy("Sample organisation"), SAMPLE, "base.manage_sample", "sprout"),
)


def open_links(
    entries: Iterable[Entry], *, may: Callable[[str], bool], view_name: str = ""
) -> list[Link]:
    """The entries that have a page and may be seen, with the present one marked.

    `may` tells whether the reader carries a permission; `view_name` is the name of the view that
    answers now. An entry whose page does not exist is left out: no dead links.
    """
    links = []
    for entry in entries:
        if not may(entry.permission):
            continue
        if url := page_url(entry.url_name):
            links.append(Link(entry.label, url, entry.icon, _holds(entry, view_name)))
    return links


def open_tabs(
    verbs: Iterable[Entry], *, may: Callable[[str], bool], view_name: str
) -> list[tuple[str, str, bool]]:
    """The tabs of a page that stands among others of its verb: name, address, whether present.

    Empty on a page deeper down, which has its way back, and where there is only one tab.
    """
    for verb in verbs:
        if any(_holds(page, view_name) for page in verb.pages):
            links = open_links(verb.pages, may=may, view_name=view_name)
            return [(str(link.label), link.url, link.is_current) for link in links if links[1:]]
    return []


def _holds(entry: Entry, view_name: str) -> bool:
    return bool(view_name) and (view_name == entry.url_name or view_name.startswith(entry.also))


@dataclass(frozen=True, slots=True)
class Start:
    """A way to begin on an empty page."""

    title: str | Promise
    text: str | Promise
    action: str | Promise
    url_name: str
    permission: str

    @property
    def url(self) -> str:
        """Where it begins."""
        return reverse(self.url_name)


STARTS = (
    Start(
        gettext_lazy("Ask your first question"),
        gettext_lazy(
            "A survey with a link takes two minutes. The first answers stand here at once."
        ),
        gettext_lazy("Make a survey"),
        "surveys:create",
        "surveys.edit",
    ),
    Start(
        gettext_lazy("Bring what you have"),
        gettext_lazy(
            "A file from the tool you leave: you see how it is understood before it counts."
        ),
        gettext_lazy("Bring in answers"),
        IMPORTS,
        "channels.import",
    ),
    Start(
        gettext_lazy("Look around first"),
        gettext_lazy("Two years of an invented energy supplier. It leaves as easily as it came."),
        gettext_lazy("Load the sample"),
        SAMPLE,
        "base.manage_sample",
    ),
)


def ways_to_start(role: Role) -> list[Start]:
    """The ways to begin that this role may take and that have a page."""
    return [start for start in STARTS if may(role, start.permission) and page_url(start.url_name)]


def first_url(*names_and_identity: Any) -> str:
    """The address of the first of these view names that has one, for the object named last."""
    *names, identity = names_and_identity
    return next((url for name in names if (url := page_url(name, identity))), "")
