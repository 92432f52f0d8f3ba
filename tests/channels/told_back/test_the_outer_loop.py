"""From an unhappy answer to the mail that says what was changed, page by page."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from gloed.analysis import store
from gloed.analysis.effects.models import Prediction
from gloed.analysis.schema import make_table
from gloed.channels.told_back.models import Told
from gloed.fieldwork.models import Invitation
from gloed.loop.cases.operations import close_case, open_case
from gloed.loop.cases.rules import Outcome
from gloed.loop.improvements.models import Improvement
from tests.channels.email.post_office import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(monkeypatch):
    """Set the clock to so much later than NOW."""

    def set_clock(**later):
        moment = NOW + timedelta(**later)
        monkeypatch.setattr(timezone, "now", lambda: moment)
        return moment

    return set_clock


@pytest.fixture
def two_regions(survey, monkeypatch):
    """Twelve weeks of answers in two regions, through one table."""
    rows = [
        ((NOW - timedelta(days=day)).date(), region, rating)
        for day in range(1, 84)
        for region in ("Noord", "Zuid")
        for rating in (9, 9, 8, 3)
    ]
    columns = {
        "survey": [str(survey.public_id)] * len(rows),
        "metric": ["nps"] * len(rows),
        "scale_minimum": [0] * len(rows),
        "scale_maximum": [10] * len(rows),
        "high_is_good": [True] * len(rows),
        "unreadable": [False] * len(rows),
        "local_date": [day for day, _region, _rating in rows],
        "attr:Region": [region for _day, region, _rating in rows],
        "rating": [rating for _day, _region, rating in rows],
    }
    source = store.from_arrow(make_table(columns))
    monkeypatch.setattr(store, "projection_of", lambda _organisation: source)


def test_from_a_case_to_the_people_who_raised_it(
    alice, office, at, organisation, survey, say, two_regions, work
):
    now = at()
    angry = say("anna@example.org", "Nobody ever calls me back", rating=2)
    also = say("bert@example.org", "Waiting for days", rating=4, language="en", name="Bert Bos")
    say("calm@example.org", "All is well", rating=9)
    case = open_case(angry, now=now)
    close_case(case, Outcome.SOLVED, staff=None, now=now)

    start = reverse("improvements:new") + f"?case={case.public_id}&answer={also.public_id}"
    values = {"title": "Call back within an hour", "board": "fix", "kind": "lead_time"}
    alice.post(start, {**values, "due_on": "2026-04-06", "goal": "Easy to reach"})
    improvement = Improvement.objects.get()
    page = [improvement.public_id]

    plan = reverse("effects:plan", args=page) + f"?about={survey.public_id}&by=attr:Region"
    fixed = {
        "design": "groups", "minimum": "10", "starts_on": "2026-04-06", "weeks_before": "12",
        "weeks_after": "12", "settle_weeks": "0", "side_0": "first", "side_1": "others",
        "do": "fix",
    }  # fmt: skip
    assert alice.post(plan, fixed).status_code == 302
    assert Prediction.objects.get().is_late is False

    at(days=7)
    alice.post(reverse("improvements:move", args=page), {"to": "started"})
    finished = at(days=40)
    outcome = {"outcome": "We call back within an hour, also at night."}
    alice.post(reverse("improvements:finish", args=page), outcome)
    text = alice.get(reverse("told_back:tell", args=page), headers={"accept-language": "en"})
    assert "Tell 2 people" in text.content.decode()
    alice.post(reverse("told_back:send", args=page))
    work(days=40)

    assert sorted(office.addresses) == ["anna@example.org", "bert@example.org"]
    dutch, english = (office.mail_to(f"{name}@example.org") for name in ("anna", "bert"))
    assert dutch["Subject"] == "Je vertelde het ons, en dit hebben we gedaan"
    assert "Dear Bert," in english.get_body(("plain",)).get_content()
    assert "also at night" in english.get_body(("html",)).get_content()
    assert {told.again_at for told in Told.objects.all()} == {finished + timedelta(days=30)}
    work(days=70)
    asked = Invitation.objects.filter(is_open=True).values_list("person__email", flat=True)
    assert sorted(asked) == ["anna@example.org", "bert@example.org"]
    assert len(office.mails) == 2
