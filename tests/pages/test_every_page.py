"""Every main page, at both widths, in both lights and languages: looked at as a person would.

Fonts differ from machine to machine, so pictures are not compared pixel by pixel. What would make
a page look broken is measured instead: blank paper, text over text, text cut off or off the page,
a figure without marks, words of the other language. With SCREENSHOTS=FOLDER (or
`make screenshots`) the pictures are kept there to be looked at.
"""

import re
from dataclasses import dataclass

import pytest

from tests.in_a_browser import findings
from tests.pages.conftest import Look
from tests.pages.looking import ink_of, layout_of, words_of

pytestmark = pytest.mark.browser

LOOKS = (
    Look(1280, "light", "nl"),
    Look(390, "dark", "en"),
    Look(390, "light", "nl"),
    Look(1280, "dark", "en"),
)
ENGLISH = re.compile(
    r"\b(the|and|with|your|you|answers|people|from|this|which|what|who|survey|everything|nothing)\b",
    re.IGNORECASE,
)
"""Words that no Dutch sentence holds."""
PAPER = {"light": (251, 250, 247), "dark": (22, 21, 19)}


@dataclass(frozen=True, slots=True)
class Shown:
    """A page of the house, what must be drawn on it, and what may be wrong by its nature."""

    name: str
    path: str
    figures: int = 0
    status: int = 200
    stranger: bool = False
    specimens: bool = False  # shows words of both languages, and parts on top of each other
    least: float = 0.004  # of the pixels of the first screen are not paper
    most: float = 0.3
    main: bool = True  # looked at in every light and language; the others in two


PAGES = (
    Shown("today", "/", least=0.01),
    Shown("scores", "/scores/", least=0.01),
    Shown("score", "/scores/{survey}/", figures=3, least=0.01),
    Shown(
        "score-filtered", "/scores/{survey}/?when=365d&cut=quarter&by=team", figures=2, main=False
    ),
    Shown("score-no-match", "/scores/{survey}/?from=1999-01-01&to=1999-01-02", main=False),
    Shown("changes", "/changes/?about={survey}&when=365d", figures=2, least=0.01),
    Shown(
        "explorer", "/explore/?about={survey}&by=attr:Contract&cut=quarter", figures=3, least=0.01
    ),
    Shown("explorer-no-match", "/explore/?from=1999-01-01&to=1999-01-02", main=False),
    Shown("benchmarks", "/benchmarks/?about={survey}", figures=1, least=0.01),
    Shown("benchmark-new", "/benchmarks/new/", main=False),
    Shown("briefs", "/briefs/", main=False),
    Shown("brief-preview", "/briefs/preview/?audience=manager"),
    Shown("brief-new", "/briefs/new/", main=False),
    Shown("accounts", "/customers/accounts/", main=False),
    Shown("account", "/customers/accounts/{account}/", main=False),
    Shown("retention", "/customers/value/", main=False),
    Shown("customer-files", "/customers/value/files/", main=False),
    Shown("same-people", "/customers/?about={survey}", figures=1, least=0.01),
    Shown(
        "same-people-one-way",
        "/customers/same-people/promoter/passive/?about={survey}&when=365d",
        main=False,
    ),
    Shown("drivers", "/drivers/", main=False),
    Shown("coverage", "/coverage/?about={survey}", figures=2, least=0.01),
    Shown("coverage-people", "/coverage/people/", main=False),
    Shown("coverage-people-new", "/coverage/people/new/", main=False),
    Shown("teams-places", "/teams/?about={survey}", main=False),
    Shown("goals", "/goals/", main=False),
    Shown("goal-new", "/goals/new/?value=60", main=False),
    Shown("goal", "/goals/{goal}/", figures=1, main=False),
    Shown("alarms", "/alarms/", least=0.01),
    Shown("alarm-new", "/alarms/new/", main=False),
    Shown("alarm", "/alarms/rung/{alarm}/", main=False),
    Shown("monitor", "/alarms/{monitor}/", figures=1, main=False),
    Shown("changes-overlap", "/changes/?from=2020-01-01&to=2020-02-01", main=False),
    Shown("answers", "/scores/{survey}/answers/", least=0.01),
    Shown("answers-no-match", "/scores/answers/?q=qqqq-zzzz", main=False),
    Shown("answers-apart", "/scores/apart/", main=False),
    Shown("answer", "/scores/answers/{answer}/"),
    Shown("themes", "/themes/", least=0.01),
    Shown("themes-promoters", "/themes/?who=promoters&when=365", main=False),
    Shown("themes-no-match", "/themes/?when=30&who=passives&survey={survey}", main=False),
    Shown("theme", "/themes/about/price_value/", figures=1, least=0.01),
    Shown("codebook", "/themes/codebook/", main=False),
    Shown("codebook-theme", "/themes/codebook/themes/price_value/", main=False),
    Shown("codebook-review", "/themes/review/", main=False),
    Shown("codebook-suggestions", "/themes/suggestions/", main=False),
    Shown("codebook-new", "/themes/codebook/new/", main=False),
    Shown("answer-themes", "/themes/of/{answer}/", main=False),
    Shown("passives", "/passives/", least=0.01),
    Shown("passives-worklist", "/passives/people/", least=0.01),
    Shown("passives-card", "/passives/people/{passive}/", main=False),
    Shown("passives-offers", "/passives/offers/", main=False),
    Shown("improvements", "/improvements/"),
    Shown("improvements-board", "/improvements/board/"),
    Shown("improvements-timeline", "/improvements/timeline/", main=False),
    Shown("improvement-new", "/improvements/new/?theme=price_value", main=False),
    Shown("improvement-workshop", "/improvements/workshop/", main=False),
    Shown("quick-win", "/improvements/quick-win/{answer}/", main=False),
    Shown("did-it-help", "/did-it-help/", main=False),
    Shown("improvement", "/improvements/{improvement}/"),
    Shown("improvement-judged-by", "/did-it-help/of/{improvement}/plan/", main=False),
    Shown("improvement-told", "/told-back/{improvement}/", main=False),
    Shown("told-back", "/told-back/", main=False),
    Shown("told-back-change", "/told-back/changes/new/", main=False),
    Shown("what-we-changed", "{what_we_changed}", stranger=True),
    Shown("promoters", "/promoters/", least=0.01),
    Shown("promoter", "/promoters/people/{promoter}/"),
    Shown("promoter-ask", "/promoters/people/{promoter}/ask/thank/", main=False),
    Shown("promoter-agreed", "/promoters/people/{promoter}/agreed/", main=False),
    Shown("referrals", "/promoters/referrals/"),
    Shown("referral-programme", "/promoters/referrals/programme/", main=False),
    Shown("referral-link", "/promoters/referrals/{referral}/", main=False),
    Shown("references", "/promoters/references/"),
    Shown("reference", "/promoters/references/{reference}/", main=False),
    Shown("early-access", "/promoters/early-access/{early_access}/", main=False),
    Shown("early-access-new", "/promoters/early-access/new/", main=False),
    Shown("referral-landing", "{landing}", stranger=True),
    Shown("testimonials", "/testimonials/"),
    Shown("testimonial", "/testimonials/{testimonial}/"),
    Shown("testimonial-new", "/testimonials/new/?person={person}", main=False),
    Shown("testimonial-change", "/testimonials/{testimonial}/change/", main=False),
    Shown("reviews", "/testimonials/reviews/", main=False),
    Shown("wall-settings", "/testimonials/wall/", main=False),
    Shown("wall", "{wall}", stranger=True),
    Shown("messages", "/fieldwork/messages/", main=False),
    Shown("people", "/people/"),
    Shown("people-no-match", "/people/?q=qqqq-zzzz", main=False),
    Shown("person", "/people/{person}/"),
    Shown("person-answers", "/answers/of/{person}/", main=False),
    Shown("person-erase", "/answers/of/{person}/erase/", main=False),
    Shown("surveys", "/surveys/"),
    Shown("journeys", "/journeys/", main=False),
    Shown("journey-new", "/journeys/new/", main=False),
    Shown("journey", "/scores/journeys/{journey}/", least=0.01),
    Shown("journey-arrange", "/journeys/{journey}/"),
    Shown("touchpoint", "/journeys/touchpoints/{touchpoint}/"),
    Shown("touchpoint-change", "/journeys/touchpoints/{touchpoint}/change/", main=False),
    Shown("survey-new", "/surveys/new/"),
    Shown("survey", "/surveys/{survey}/"),
    Shown("survey-words", "/surveys/{survey}/words/", main=False),
    Shown("survey-look", "/surveys/{survey}/look/", main=False),
    Shown("survey-versions", "/surveys/{survey}/versions/", main=False),
    Shown("survey-library", "/surveys/library/?topic=moment", main=False),
    Shown("survey-library-own", "/surveys/library/own/", main=False),
    Shown("surveys-look", "/surveys/look/", main=False),
    Shown("mail", "/mail/{survey}/"),
    Shown("mail-sending", "/mail/sending/", main=False),
    Shown("ways", "/ways/", main=False),
    Shown("ways-survey", "/ways/{survey}/", main=False),
    Shown("widget-new", "/widgets/new/{survey}/", main=False),
    Shown("poster", "/posters/{survey}/?size=tent", main=False),
    Shown("waves", "/fieldwork/", main=False),
    Shown("plan", "/fieldwork/plan/", main=False),
    Shown("series", "/fieldwork/series/{series}/", main=False),
    Shown("triggers", "/fieldwork/triggers/", main=False),
    Shown("trigger", "/fieldwork/triggers/{trigger}/", main=False),
    Shown("trigger-edit", "/fieldwork/triggers/{trigger}/edit/", main=False),
    Shown("events", "/fieldwork/triggers/events/", main=False),
    Shown("event-files", "/import/events/", main=False),
    Shown("event-file", "{event_file}", main=False),
    Shown("exception-new", "/fieldwork/policy/exceptions/new/", main=False),
    Shown("ledger", "/fieldwork/ledger/", main=False),
    Shown("policy", "/fieldwork/policy/", main=False),
    Shown("cases", "/cases/?show=open", least=0.01),
    Shown("case", "/cases/{case}/", least=0.01),
    Shown("cases-brought", "/cases/results/", main=False),
    Shown("case-rules", "/cases/rules/", main=False),
    Shown("case-rule", "/cases/rules/{case_rule}/", main=False),
    Shown("case-rule-edit", "/cases/rules/{case_rule}/edit/", main=False),
    Shown("case-routes", "/cases/routes/", main=False),
    Shown("case-route-new", "/cases/routes/new/", main=False),
    Shown("case-settings", "/cases/settings/", main=False),
    Shown("case-absences", "/cases/absences/", main=False),
    Shown("requests", "/requests/", main=False),
    Shown("own-page", "/u/example/", stranger=True),
    Shown("calling", "/phone/", main=False),
    Shown("letters-texts", "/letters/texts/", main=False),
    Shown("letters-text", "/letters/texts/call/", main=False),
    Shown("letters-after", "/letters/after-closing/", main=False),
    Shown("letters-apart", "/letters/apart/", main=False),
    Shown("mailbox", "/mailbox/", main=False),
    Shown("leaks", "/leaks/"),
    Shown("leaks-list", "/leaks/list/?step=read&part=waiting", main=False),
    Shown("texts", "/texts/", main=False),
    Shown("text-words", "/texts/{survey}/", main=False),
    Shown("imports", "/import/"),
    Shown("import-understood", "{understood}"),
    Shown("import-report", "{report}"),
    Shown("colleagues", "/organisation/colleagues/"),
    Shown("invite", "/organisation/colleagues/invite/", main=False),
    Shown("teams", "/organisation/teams/", main=False),
    Shown("keys", "/organisation/keys/", main=False),
    Shown("api-manual", "/api/", stranger=True, main=False),
    Shown("delighted", "/organisation/delighted/", main=False),
    Shown("take-along", "/organisation/take-along/?attr:region=Utrecht", main=False),
    Shown("webhooks", "/organisation/webhooks/", main=False),
    Shown("calendar", "/calendars/", main=False),
    Shown("logging-in", "/organisation/logging-in/", main=False),
    Shown("log-in-with-saml", "/organisation/logging-in/add/?kind=saml", main=False),
    Shown("connections", "/organisation/connections/", main=False),
    Shown("connect-chat", "/organisation/connections/add/?kind=chat", main=False),
    Shown("api-problems", "/api/problems/", stranger=True, main=False),
    Shown("settings", "/organisation/"),
    Shown("audit", "/organisation/audit/", main=False),
    Shown("account", "/account/"),
    Shown("second-step", "/accounts/second-step/", main=False),
    Shown("sample", "/sample/", main=False),
    Shown("styleguide", "/styleguide", figures=2, specimens=True, most=0.5),
    Shown("not-found", "/nowhere", status=404, main=False),
    Shown("log-in", "/accounts/login/", stranger=True),
    Shown("password-reset", "/accounts/password/reset/", stranger=True, main=False),
)


@pytest.fixture
def visit(browser, sample, context_of, request):
    """Open a page of the table as its owner, or as a stranger in a fresh browser."""
    opened = []

    def open_page(shown: Shown, look: Look):
        if shown.stranger:
            context = browser.new_context(
                viewport={"width": look.width, "height": 900},
                color_scheme=look.scheme,
                locale={"nl": "nl-NL", "en": "en-GB"}[look.language],
            )
            opened.append(context)
        else:
            context = context_of(look)
        page = context.new_page()
        opened.append(page)
        page.complaints = []
        page.on("pageerror", lambda problem: page.complaints.append(str(problem)))
        page.on("console", lambda line: page.complaints.append(line.text))
        answer = page.goto(sample.place.url + sample.address(shown.path))
        assert answer.status == shown.status
        page.wait_for_function("document.fonts.status === 'loaded'")
        return page

    yield open_page
    for part in reversed(opened):
        part.close()


LOOKED_AT = [
    pytest.param(
        shown,
        look,
        id=f"{shown.name}-{look}",
        marks=[pytest.mark.database] if look == LOOKS[0] else [],  # once on each is enough
    )
    for shown in PAGES
    for look in (LOOKS if shown.main else LOOKS[:2])
]


@pytest.mark.parametrize(("shown", "look"), LOOKED_AT)
def test_a_page_looks_right(visit, canvas, album, shown: Shown, look: Look):
    page = visit(shown, look)
    for number in range(shown.figures):
        page.locator(".figure .is-drawn svg").nth(number).wait_for(state="attached")
    found = layout_of(page)
    picture = page.screenshot()
    if album:
        page.screenshot(path=album / f"{shown.name}-{look}.png", full_page=True)
    ink, paper = ink_of(canvas, picture)

    assert found["lang"] == look.language
    assert found["overflow"] <= 0
    assert found["outside"] == []
    assert found["clipped"] == []
    assert found["broken"] == []
    assert found["nameless"] == []
    assert [heading for heading in found["headings"] if heading][1:] == []
    assert found["headings"]
    assert shown.specimens or found["overlaps"] == []
    assert paper == PAPER[look.scheme]
    assert shown.least < ink < shown.most
    if look.language == "nl" and not shown.specimens:
        assert [text for text in words_of(page) if ENGLISH.search(text)] == []
    assert findings(page, impacts=("serious", "critical")) == []
    expected = ("Failed to load resource",) if shown.status == 404 else ()
    assert [line for line in page.complaints if not line.startswith(("WARN", *expected))] == []


@pytest.mark.parametrize(
    "shown", [page for page in PAGES if page.status == 200], ids=lambda page: page.name
)
def test_a_page_works_without_scripts(browser, sample, context_of, shown: Shown):
    look = Look(1280, "light", "nl")
    cookies = [] if shown.stranger else context_of(look).cookies()
    context = browser.new_context(java_script_enabled=False, locale="nl-NL")
    context.add_cookies(cookies)
    page = context.new_page()
    answer = page.goto(sample.place.url + sample.address(shown.path))
    assert answer.status == 200
    assert page.locator("h1").first.is_visible()
    assert len(page.inner_text("main").strip()) > 40
    for figure in page.locator(".figure").all():
        assert figure.locator("summary").first.is_visible()  # the numbers behind it
    context.close()


def test_marks_of_the_score_are_drawn(visit):
    page = visit(PAGES[2], LOOKS[0])
    page.wait_for_selector("#distribution .is-drawn svg, .figure .is-drawn svg")
    assert page.locator(".score svg circle, .score svg line, .score svg rect").count() >= 2
    drawn = "svg path, svg rect, svg circle, svg line"
    for figure in page.locator(".figure .is-drawn").all():
        assert figure.locator(drawn).count() >= 5


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_the_survey_page_is_flawless(browser, sample, canvas, album, look: Look):
    context = browser.new_context(
        viewport={"width": min(look.width, 1280), "height": 900},
        color_scheme=look.scheme,
        locale={"nl": "nl-NL", "en": "en-GB"}[look.language],
    )
    page = context.new_page()
    complaints = []
    page.on("console", lambda line: complaints.append(line.text))
    page.goto(f"{sample.place.url}/s/{sample.slug}/")
    for name in ("survey-page", "survey-page-chosen", "survey-page-thanks"):
        found = layout_of(page)
        assert (found["lang"], found["overflow"]) == (look.language, 0)
        assert (found["overlaps"], found["outside"], found["clipped"]) == ([], [], [])
        assert len(found["headings"]) == 1
        assert findings(page) == []
        if look.language == "nl":
            assert [text for text in words_of(page) if ENGLISH.search(text)] == []
        assert 0.002 < ink_of(canvas, page.screenshot())[0] < 0.3
        if album:
            page.screenshot(path=album / f"{name}-{look}.png", full_page=True)
        if name == "survey-page":
            page.check("input[name=rating] >> nth=3", force=True)
        elif name == "survey-page-chosen":
            page.click(".send")
            page.wait_for_selector("button[value=back]")
    assert complaints == []
    assert context.cookies() == []
    context.close()
