"""The second step at log-in, and what each role and each organisation may see."""

import base64
import hashlib
import hmac
import struct
import time

import pytest

from tests.journeys.house import PASSWORD, Account, until

pytestmark = [pytest.mark.browser, pytest.mark.database]

COLLEAGUES = """
from django.utils import timezone
from gloed.base.models import Membership, Organisation, Staff, Team
from gloed.responses.operations import receive_answer
from gloed.responses.rules import GivenAnswer, IncomingAnswer
from gloed.surveys import operations, queries
from gloed.surveys.rules import Metric
name, password = sys.argv[1:]
now = timezone.now()
house = Organisation.objects.get(name=name)
north, south = [Team.objects.create(organisation=house, name=team) for team in ("North", "South")]
survey = operations.create_survey(
    house, title="After a visit", content=operations.usual_content(house, Metric.NPS), now=now
)
operations.open_survey(survey, now=now)
asked = queries.find_asked(survey.slug)
for team, words in ((north, "Said to the north."), (south, "Said to the south.")):
    receive_answer(
        IncomingAnswer(
            answers=(GivenAnswer(1, rating=8), GivenAnswer(2, verbatim=words)),
            source="api", source_id=words, team=team.name, is_complete=True,
        ),
        survey=asked,
        now=now,
    )
for role, teams in (("frontline", [north]), ("viewer", [])):
    staff = Staff.objects.create_user(f"{role}-{house.pk}@example.org", password, name=role)
    Membership.objects.create(organisation=house, staff=staff, role=role).teams.set(teams)
print(house.pk, survey.public_id)
"""


def code_of(secret: str, *, at: float) -> str:
    """The six digits of an authenticator app (RFC 6238: SHA-1, 30 seconds)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(at) // 30), hashlib.sha1).digest()
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def test_codes_are_those_of_the_standard():
    """RFC 6238, appendix B: the last six of the eight digits of its SHA-1 rows."""
    secret = base64.b32encode(b"12345678901234567890").decode()
    assert [code_of(secret, at=at) for at in (59, 1111111109, 20000000000)] == [
        "287082",
        "081804",
        "353130",
    ]


def test_a_second_step_is_set_up_and_asked_for(served, visit):
    account = served.owner("Slot en Grendel")
    owner = visit(served)
    page = owner.log_in(account)
    page.goto(f"{served.url}/accounts/second-step/app/")
    if page.locator("input[type=password]").count():  # asked again before changing the way in
        page.fill("input[type=password]", account.password)
        page.press("input[type=password]", "Enter")
    page.click("main details.fold summary")
    secret = page.inner_text("main details.fold code")
    page.fill("input[name=code]", code_of(secret, at=time.time()))
    page.press("input[name=code]", "Enter")
    page.wait_for_load_state()

    stranger = visit(served)
    page = stranger.log_in(account)
    assert "/accounts/second-step" in page.url
    page.fill("input[name=code]", "000000")
    page.press("input[name=code]", "Enter")
    assert "/accounts/second-step" in page.url
    # a code is good once: the next one comes within half a minute
    page.fill("input[name=code]", code_of(secret, at=time.time() + 30))
    page.press("input[name=code]", "Enter")
    page.wait_for_url(f"{served.url}/")


def test_each_sees_what_the_role_allows_and_strangers_see_nothing(served, visit):
    account = served.owner("Ketel & Zoon")
    key, survey = served.run_inside(COLLEAGUES, account.organisation, PASSWORD).split()
    answers = f"/scores/{survey}/answers/"

    owner = visit(served)
    owner.log_in(account)
    until(lambda: "Said to the south." in owner.go(answers).inner_text("main"), "both answers")
    assert "Said to the north." in owner.text()
    one = owner.page.locator("article.answer time a").first.get_attribute("href")

    colleague = visit(served)
    colleague.log_in(Account(f"frontline-{key}@example.org"))
    shown = colleague.go(answers).inner_text("main")
    assert "Said to the north." in shown
    assert "Said to the south." not in shown
    assert _status(colleague, "/organisation/colleagues/") == 403

    viewer = visit(served)
    viewer.log_in(Account(f"viewer-{key}@example.org"))
    assert _status(viewer, f"/scores/{survey}/") == 200
    assert _status(viewer, answers) == 403
    assert _status(viewer, one) == 403

    stranger = visit(served)
    stranger.log_in(served.owner("Heel iemand anders"))
    paths = (f"/scores/{survey}/", answers, one, f"/surveys/{survey}/")
    assert [_status(stranger, path) for path in paths] == [404] * 4


def _status(visitor, path: str) -> int:
    return visitor.context.request.get(visitor.url + path).status
