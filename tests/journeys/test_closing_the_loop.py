"""From an unhappy answer to the mail that says what was changed, in a real browser, end to end.

A detractor answers by a link in a mail, a case opens with a deadline, the reply reaches the mail
server, the cause is named, an improvement with its comparison fixed is finished, exactly the right
people are told, and they are asked again. The clock runs on from a Monday in March, and is put
forward where days pass.
"""

import re
import time
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from gloed.analysis.effects.models import Prediction
from gloed.base.worker.process import run_until_idle
from gloed.base.worker.schedules import keep_scheduled
from gloed.channels.letters.models import Mailbox
from gloed.channels.letters.rules import read_mail
from gloed.channels.told_back.models import Told
from gloed.fieldwork import operations as fieldwork
from gloed.loop.cases.models import Case
from gloed.loop.improvements.models import Improvement
from gloed.loop.letters import operations as letters
from gloed.loop.letters.models import FollowUp
from gloed.people.rules import PersonData
from gloed.responses.models import Response
from gloed.responses.operations import receive_answer, receive_many
from gloed.responses.rules import GivenAnswer, IncomingAnswer
from gloed.surveys.queries import get_asked
from tests.channels.email.post_office import mail_server, open_survey
from tests.journeys.visitor import PHONE
from tests.record import put_person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
OUTSIDE = "http://127.0.0.1:8000"  # where the mails say that this house is
PATIENCE = 30_000


class Clock:
    """A clock that runs, and can be put forward."""

    def __init__(self):
        self.began, self.ahead = time.monotonic(), timedelta()

    def now(self):
        return MONDAY + timedelta(seconds=time.monotonic() - self.began) + self.ahead

    def put_forward(self, **by):
        self.ahead += timedelta(**by)


@pytest.fixture
def clock(monkeypatch):
    made = Clock()
    monkeypatch.setattr(timezone, "now", made.now)
    return made


@pytest.fixture
def work(clock):
    """Let a worker do everything that is due by now, after so much time has passed."""

    def do(**later):
        clock.put_forward(**later)
        keep_scheduled(now=clock.now())
        run_until_idle(now=clock.now)

    return do


@pytest.fixture
def office(settings):
    """A running mail server, and settings that lead to it."""
    with mail_server(settings, patience=20) as box:
        yield box


@pytest.fixture
def log_in(live_server, make_staff, organisation, settings):
    """Log the owner in on a page, also when a session has run out."""
    staff = make_staff(organisation, "owner")

    def do(page):
        client = Client()
        client.force_login(staff)
        name = settings.SESSION_COOKIE_NAME
        cookie = {"name": name, "value": client.cookies[name].value, "url": live_server.url}
        page.goto("about:blank")  # what an open page still asks for would end the new session
        page.context.add_cookies([cookie])

    return do


@pytest.fixture
def owner(browser, clock, log_in):
    """The owner's page; what its scripts complain of is kept."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    log_in(page)
    page.complaints = []
    page.on("pageerror", lambda problem: page.complaints.append(str(problem)))
    yield page
    context.close()


@pytest.fixture
def customer(browser):
    """A customer's telephone."""
    context = browser.new_context(viewport=PHONE, locale="nl-NL")
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


@pytest.fixture
def house(organisation, clock, settings, tmp_path):
    """An organisation with a survey, twelve weeks of answers in two regions, and a mailbox."""
    settings.PROJECTION = tmp_path / "projection"
    survey = open_survey(organisation, "nps")
    asked = get_asked(survey.pk)
    history = [
        IncomingAnswer(
            (GivenAnswer(1, rating=rating),),
            "import",
            source_id=f"{day}-{region}-{place}",
            responded_at=MONDAY - timedelta(days=day, hours=1),
            attributes={"Region": region},
        )
        for day in range(1, 84)
        for region in ("Noord", "Zuid")
        for place, rating in enumerate((9, 9, 8, 5))
    ]
    list(receive_many(survey, history, now=MONDAY))
    for name, words in (
        ("bert", "Ik wacht al dagen op antwoord."),
        ("calm", "De factuur klopt niet."),
    ):
        receive_answer(
            IncomingAnswer(
                (GivenAnswer(1, rating=4), GivenAnswer(2, verbatim=words)),
                "api",
                source_id=name,
                person=PersonData(email=f"{name}@example.org", name=name.title(), language="nl"),
                attributes={"Region": "Zuid"},
                responded_at=MONDAY - timedelta(days=3),
            ),
            survey=asked,
            now=MONDAY - timedelta(days=3),
        )
    Mailbox.objects.create(
        organisation=organisation,
        address="service@gloed.example",
        way=Mailbox.Way.PROVIDER,
        changed_at=MONDAY,
    )
    return survey


def link_in(mail, part):
    """The address in a mail that holds these signs."""
    html = mail.get_body(("html",)).get_content()
    links = [unescape(link) for link in re.findall(r'href="([^"]+)"', html)]
    return next(link for link in links if part in link)


def test_from_an_unhappy_answer_to_asking_again(
    owner, customer, live_server, house, organisation, office, clock, work, log_in
):
    def go(page, address):
        page.goto(
            address.replace(OUTSIDE, live_server.url)
            if "://" in address
            else live_server.url + address
        )
        page.wait_for_load_state("load")

    # a case opens for whoever gives a low score
    go(owner, "/cases/rules/")
    owner.get_by_role("button", name="Begin with the usual three").click()
    rules = owner.get_by_role("list", name="Rules")
    rules.get_by_role("link", name="Een lage score", exact=True).click()
    owner.get_by_role("button", name="Switch on").click()
    expect(owner.get_by_role("button", name="Switch off")).to_be_visible(timeout=PATIENCE)

    # a detractor answers by the link in the mail
    nia = put_person(
        organisation,
        "nia@example.org",
        name="Nia de Vries",
        attributes={"Region": "Noord"},
        now=MONDAY,
    )
    fieldwork.ask_one(house, nia, channel="email", now=clock.now())
    work(minutes=5)
    go(customer, link_in(office.mail_to("nia@example.org"), "rating=2"))
    customer.get_by_role("button", name="Verstuur").click()
    expect(customer.get_by_role("heading", level=1)).to_contain_text("Dank", timeout=PATIENCE)

    # a case with a deadline
    work(minutes=1)
    work(minutes=6)  # so long somebody may still be writing
    go(owner, "/cases/?show=open")
    row = owner.get_by_role("link", name=re.compile("Nia de Vries"))
    expect(row).to_have_count(1, timeout=PATIENCE)
    expect(owner.locator("main")).to_contain_text(re.compile("before|tomorrow|today"))
    row.click()
    owner.wait_for_url("**/cases/*-*/")
    case = Case.objects.get()
    assert case.due_at > clock.now()

    # the reply from the page reaches the mail server
    reply = owner.locator("#letter_body")
    reply.fill("Beste Nia,\n\nMag ik je daarover bellen?")
    owner.get_by_role("button", name="Send the letter").click()
    expect(owner.locator("#letters .letter")).to_contain_text(
        "leaves in a moment", timeout=PATIENCE
    )
    work(minutes=1)
    _to, letter = office.mails[-1]
    assert "Mag ik je daarover bellen?" in letter.get_body(("plain",)).get_content()
    assert Case.objects.get().contacted_at is not None

    # and the customer's answer to it comes into the case
    answer = (
        f"From: nia@example.org\nTo: {letter['Reply-To']}\nMessage-ID: <1@a>\n\nGraag, na vijven."
    )
    assert letters.receive(read_mail(answer.encode()), now=clock.now()) == "placed"
    owner.reload()
    expect(owner.locator("#letters")).to_contain_text("Graag, na vijven.", timeout=PATIENCE)

    # the root cause, and what was done
    go(owner, "/cases/settings/")
    owner.locator("input[name=name]").first.wait_for()
    go(owner, f"/cases/{case.public_id}/")
    owner.locator("#id_cause").select_option(index=1)
    owner.locator("#id_done").fill("Gebeld en het contract hersteld.")
    owner.locator("form[action$='/edit/'] button.button").click()
    owner.wait_for_load_state("load")
    assert Case.objects.get().cause is not None
    owner.get_by_role("button", name="Close this case").click()
    expect(owner.get_by_role("button", name="Take it up again")).to_be_visible(timeout=PATIENCE)

    # is it solved? only a press says so
    work(hours=26)
    question = next(mail for to, mail in reversed(office.mails) if to == "nia@example.org")
    go(customer, link_in(question, "a=yes"))
    assert FollowUp.objects.get().answer == ""
    customer.get_by_role("button", name="Verstuur").click()
    expect(customer.get_by_role("heading", level=1)).to_contain_text("Fijn", timeout=PATIENCE)
    assert FollowUp.objects.get().answer == "yes"

    # an improvement for the cause, resting on the case and on one more answer
    also = Response.objects.get(person__email="bert@example.org")
    go(owner, f"/improvements/new/?case={case.public_id}&answer={also.public_id}")
    owner.locator("#id_title").fill("Call back within an hour")
    owner.locator("#id_due_on").fill("2026-04-06")
    owner.locator("#id_goal").fill("Easy to reach")
    owner.locator("main form button.button--primary").click()
    owner.wait_for_url(re.compile(r"/improvements/[0-9a-f-]{36}/"))
    improvement = Improvement.objects.get()

    # its comparison is fixed before it starts
    work()
    go(
        owner,
        f"/did-it-help/of/{improvement.public_id}/plan/?about={house.public_id}&by=attr:Region",
    )
    owner.locator("#id_side_0").select_option("first")
    owner.locator("#id_side_1").select_option("others")
    owner.locator("input[name=design][value=groups]").check()
    owner.locator("#id_minimum").fill("10")
    owner.locator("#id_starts_on").fill("2026-04-06")
    owner.locator("#id_weeks_before").fill("12")
    owner.locator("#id_weeks_after").fill("12")
    owner.locator("button[name=do][value=fix]").click()
    owner.wait_for_url(re.compile(r"/improvements/[0-9a-f-]{36}/"))
    assert Prediction.objects.get().is_late is False

    # finished, and exactly the right people are told
    clock.put_forward(days=40)
    log_in(owner)
    before = len(office.mails)
    go(owner, f"/improvements/{improvement.public_id}/finish/")
    owner.locator("textarea[name=outcome]").fill("We call back within an hour, also at night.")
    owner.locator("main form button.button--primary").click()
    owner.wait_for_load_state("load")
    go(owner, f"/told-back/{improvement.public_id}/")
    owner.get_by_role("button", name="Tell 2 people").click()
    owner.wait_for_load_state("load")
    work(minutes=1)
    assert sorted(to for to, _mail in office.mails[before:]) == [
        "bert@example.org",
        "nia@example.org",
    ]

    # and they are asked again
    assert {told.person.email for told in Told.objects.all()} == {
        "bert@example.org",
        "nia@example.org",
    }
    assert all(told.again_at > clock.now() + timedelta(days=20) for told in Told.objects.all())

    # the leak meter knows the whole way
    go(owner, "/leaks/?when=365d")
    for step in ("contacted", "cause", "improvement", "done", "told"):
        link = owner.locator(f"a[href*='step={step}&part=through']").first
        expect(link).to_contain_text("1", timeout=PATIENCE)
    assert owner.complaints == []
