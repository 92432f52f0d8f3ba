"""A house with the sample organisation in it, shared by everything that looks at its pages."""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.journeys.house import PASSWORD, Account, House, house

SAMPLES = Path(__file__).parent.parent / "channels" / "file_import" / "samples"
FIND = """
from gloed.analysis.goals.models import Goal
from gloed.analysis.monitors.models import Alarm
from gloed.analysis.passives.models import FollowUp
from gloed.base.models import Staff
from gloed.fieldwork.models import Trigger, WaveSeries
from gloed.channels.told_back.models import PublicPage
from gloed.loop.cases.models import Case, OpeningRule
from gloed.channels.wall.models import Wall
from gloed.loop.improvements.models import Improvement
from gloed.loop.promoters.models import EarlyAccess, Reference, ReferralLink
from gloed.loop.testimonials.models import Testimonial
from gloed.people.models import Account, Person
from gloed.responses.models import Response
from gloed.surveys.models import Survey
from gloed.surveys.models.journey import Journey
staff = Staff.objects.get(email=sys.argv[1])
staff.set_password(sys.argv[2])
staff.save()
survey = Survey.objects.get(metric="csat", touchpoint__position=3)
told = Response.objects.filter(survey=survey, answers__verbatim__gt="").order_by("pk").first()
said = Response.objects.filter(answers__verbatim__gt="").values("person")
person = Person.objects.filter(pk__in=said).order_by("pk").first()
asking = Trigger.objects.get().public_id, WaveSeries.objects.get().public_id
print(survey.public_id, survey.slug, told.public_id, person.public_id, *asking)
print(Journey.objects.get().public_id, survey.touchpoint.public_id)
case = Case.objects.filter(closed_at=None, response__language="nl").order_by("pk").first()
print(case.public_id, OpeningRule.objects.get(is_on=True).public_id)
improved = Improvement.objects.get(predictions__isnull=False)
taken = FollowUp.objects.filter(ended_at=None, response__language="nl")
passive = taken.order_by("pk").first()
print(improved.public_id, passive.person.public_id)
print(f"/what-we-changed/{PublicPage.objects.get().slug}/")
quoted = Testimonial.objects.filter(on_wall_at__isnull=False, language="nl").first()
print(quoted.public_id, f"/customers-say/{Wall.objects.get().slug}/")
link = ReferralLink.objects.filter(conversions__isnull=False).first()
print(link.public_id, f"/r/{link.slug}/", link.person.public_id)
print(Reference.objects.first().public_id, EarlyAccess.objects.last().public_id)
rung = Alarm.objects.filter(is_up=False).order_by("raised_at").first()
firm = Account.objects.filter(people__responses__isnull=False).order_by("pk").first()
print(rung.public_id, rung.monitor.public_id, firm.public_id, Goal.objects.first().public_id)
"""


@dataclass(frozen=True, slots=True)
class Look:
    """How a page is looked at."""

    width: int
    scheme: str
    language: str

    def __str__(self) -> str:
        return f"{self.width}-{self.scheme}-{self.language}"


@dataclass(frozen=True, slots=True)
class Sample:
    """A running house with the sample, and where its pages are."""

    place: House
    owner: Account
    survey: str
    slug: str
    answer: str
    person: str
    trigger: str
    series: str
    journey: str
    touchpoint: str
    case: str
    case_rule: str
    improvement: str
    passive: str
    what_we_changed: str
    testimonial: str
    wall: str
    referral: str
    landing: str
    promoter: str
    reference: str
    early_access: str
    alarm: str
    monitor: str
    account: str
    goal: str
    understood: str
    report: str
    event_file: str

    def address(self, path: str) -> str:
        """The path of a page with this sample's own identities in it."""
        names = (
            "survey", "slug", "answer", "person", "trigger", "series", "journey",
            "touchpoint", "case", "case_rule", "improvement", "passive",
            "what_we_changed", "testimonial", "wall", "referral", "landing",
            "promoter", "reference", "early_access", "alarm", "monitor", "account", "goal",
            "understood", "report", "event_file",
        )  # fmt: skip
        return path.format(**{name: getattr(self, name) for name in names})


@pytest.fixture(scope="session")
def sample(tmp_path_factory, browser) -> Iterator[Sample]:
    """Web and worker over the sample organisation in Dutch, with two files brought in."""
    with house(tmp_path_factory.mktemp("looked_at"), GLOED_LANGUAGE="nl") as place:
        place.start("--demo")
        email = (place.data / "sample-log-in").read_text(encoding="utf-8").split()[0]
        found = place.run_inside(FIND, email, PASSWORD).split()
        owner = Account(email)
        context = _logged_in(browser, place, owner, Look(1280, "light", "nl"))
        page = context.new_page()
        understood, report = _bring_in(page, place)
        event_file = _give_events(page, place)
        context.close()
        yield Sample(place, owner, *found, understood, report, event_file)


@pytest.fixture(scope="session")
def context_of(browser, sample) -> Iterator[Callable[[Look], BrowserContext]]:
    """The browser of the sample's owner for a look; logged in once."""
    made: dict[Look, BrowserContext] = {}

    def give(look: Look) -> BrowserContext:
        if look not in made:
            made[look] = _logged_in(browser, sample.place, sample.owner, look)
        return made[look]

    yield give
    for context in made.values():
        context.close()


@pytest.fixture(scope="session")
def canvas(browser) -> Iterator[Page]:
    """A blank page to measure pictures on."""
    page = browser.new_page()
    yield page
    page.close()


@pytest.fixture(scope="session")
def album() -> Path | None:
    """The folder for screenshots: SCREENSHOTS, or nowhere."""
    named = os.environ.get("SCREENSHOTS")
    if not named:
        return None
    folder = Path(named)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _logged_in(browser: Browser, place: House, owner: Account, look: Look) -> BrowserContext:
    context = browser.new_context(
        viewport={"width": look.width, "height": 900},
        color_scheme=look.scheme,
        locale={"nl": "nl-NL", "en": "en-GB"}[look.language],
        reduced_motion="reduce",
    )
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.goto(f"{place.url}/accounts/login/")
    page.fill("input[name=login]", owner.email)
    page.fill("input[name=password]", owner.password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(f"{place.url}/")
    page.close()
    return context


def _bring_in(page: Page, place: House) -> tuple[str, str]:
    """One file that is understood and waits, one that is in; the paths of their pages."""
    found = []
    for name in ("google_forms_nl.csv", "retently.csv"):
        page.goto(f"{place.url}/import/")
        page.set_input_files("#import_file", SAMPLES / name)
        page.wait_for_url(re.compile(r"/import/[0-9a-f-]{36}/$"))
        page.wait_for_load_state()
        found.append(page.url.removeprefix(place.url))
    page.wait_for_selector("main form button.button--primary")
    page.locator("main form button.button--primary").first.click()
    page.wait_for_selector("main a[href^='/scores/']")
    return found[0], found[1]


def _give_events(page: Page, place: House) -> str:
    """A file with an event that waits to be looked at; the path of its page."""
    page.goto(f"{place.url}/import/events/")
    rows = "Datum;E-mail;Event;Filiaal\n20-11-2025 10:15;anna@example.nl;levering;Assen\n"
    given = {"name": "leveringen.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    page.set_input_files("input[type=file]", files=[given])
    page.locator("main form button.button--primary").click()
    page.wait_for_url(re.compile(r"/import/events/[0-9a-f-]{36}/$"))
    return page.url.removeprefix(place.url)
