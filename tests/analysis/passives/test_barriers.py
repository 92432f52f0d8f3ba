"""Which surveys ask for a barrier, and what holds passives back, through the real door."""

import html

import pytest

from gloed.analysis.passives import asking
from gloed.analysis.passives.barriers import Whose, barriers_of
from gloed.analysis.passives.models import JudgedBarrier
from gloed.analysis.passives.rules import From, Lift, Name
from gloed.base.models import AuditEntry, Team
from gloed.responses.models import Answer
from gloed.surveys import operations as surveys
from gloed.surveys import queries

HOME = "/passives/"


def text_of(answer, status=200):
    assert answer.status_code == status, answer.content.decode()[:400]
    return " ".join(html.unescape(answer.content.decode()).split())


def page(client, path=HOME, **query):
    return text_of(client.get(path, query, headers={"accept-language": "en"}))


def barriers(organisation, *found, **fields):
    return barriers_of(
        Whose(organisation, found, **fields), passives=None, points={}, language="en"
    )


def test_a_theme_is_a_barrier_where_a_passive_does_not_praise_it(organisation, nps_survey, says):
    for _place in range(6):
        says(7, "Too dear", person=None, barrier="price")
        says(8, "Kind people", person=None, barrier="kindness", polarity=1)
        says(3, "Far too dear", person=None, barrier="price")  # no passive
    found = barriers(organisation, nps_survey)
    assert [(one.name.key, one.number, one.share.n) for one in found.lines] == [("price", 6, 12)]
    assert found.worded == 12


def test_what_too_few_name_is_counted_and_not_told(organisation, nps_survey, says):
    for _place in range(6):
        says(7, "Too dear", person=None, barrier="price")
    for _place in range(4):
        says(7, "No parking", person=None, barrier="parking")
    found = barriers(organisation, nps_survey)
    assert [one.name.key for one in found.lines] == ["price"]
    assert found.few == 1


def test_a_frontline_colleague_counts_the_own_team(organisation, nps_survey, says):
    team = Team.objects.create(organisation=organisation, name="Zuid")
    for place in range(12):
        says(7, "Too dear", person=None, barrier="price", team=team if place % 2 else None)
    found = barriers(organisation, nps_survey, teams=frozenset({team.pk}))
    assert [one.number for one in found.lines] == [6]


@pytest.fixture
def choosing(organisation, nps_survey, now):
    """The survey with the question of the library that lets passives choose, published."""
    asking.add_question(nps_survey, asking.CHOICE_ENTRY, by=None, now=now)
    nps_survey.refresh_from_db()
    surveys.publish(nps_survey, now=now)
    nps_survey.refresh_from_db()
    return nps_survey


def test_choices_count_among_those_who_chose(organisation, choosing, says):
    question = choosing.current.questions.get(key="barrier-choice")
    options = list(question.options.order_by("position").values_list("key", flat=True))
    for place in range(15):
        response = says(8, person=None)
        chosen = options[0] if place < 9 else "other" if place == 9 else options[1]
        Answer.objects.create(response=response, question=question, choices=chosen)
    says(8, person=None)  # went past it
    found = barriers(organisation, choosing).lines
    assert [(one.label, one.number, one.share.n) for one in found] == [
        ("The price for what I get", 9, 15),
        ("How long things take", 5, 15),
    ]
    assert found[0].name == Name(
        From.CHOICE, f"{choosing.public_id.hex}:barrier-choice:{options[0]}"
    )


def test_the_page_says_who_asks_and_one_press_puts_it_into_a_draft(alice, nps_survey, now):
    said = page(alice)
    assert "Its open question asks passives" in said
    url = f"/passives/ask/{nps_survey.public_id}/"
    said = text_of(alice.post(url, {"entry": "barrier_nine"}, follow=True))
    assert "stands in the draft of “Service”" in said
    assert "In the draft, not published yet" in said
    draft = queries.find_draft(nps_survey)
    assert draft is not None
    content = queries.content_of(queries.read_version(draft))
    assert [one.key for one in content.further] == ["barrier-nine"]
    nps_survey.refresh_from_db()
    assert nps_survey.current.number == 1  # nothing is published
    again = text_of(alice.post(url, {"entry": "barrier_nine"}, follow=True))
    assert "Nothing was changed: this survey asks it" in again
    alice.post(f"{url}undo/?key=barrier-nine")
    assert queries.find_draft(nps_survey) is None  # as it was
    assert AuditEntry.objects.filter(action="barrier_question.added").count() == 1
    assert alice.post(url, {"entry": "nps_usual"}, follow=True).status_code == 200
    assert queries.find_draft(nps_survey) is None


def test_taking_it_out_again_leaves_the_rest_of_a_draft(nps_survey, now):
    asking.add_question(nps_survey, asking.OPEN_ENTRY, by=None, now=now)
    content = queries.content_of(queries.read_version(queries.find_draft(nps_survey)))
    surveys.edit_survey(
        nps_survey, title="Service", kind=nps_survey.kind, now=now,
        content=asking.editing.with_entry(
            content, asking.library.find_entry("praise_keep"), "Noorderlicht"
        )[0],
    )  # fmt: skip
    assert asking.take_out(nps_survey, "barrier-nine", by=None, now=now)
    content = queries.content_of(queries.read_version(queries.find_draft(nps_survey)))
    assert [one.key for one in content.further] == ["praise-keep"]
    assert not asking.take_out(nps_survey, "barrier-nine", by=None, now=now)


def test_a_judgement_orders_the_list_and_stands_in_the_trail(
    alice, organisation, nps_survey, many_passives, project, client_of
):
    many_passives()
    project()
    said = page(alice)
    assert "60% to 86%" in said  # 30 passives of 40 answers
    assert "First to judge: can you lift “Price”?" in said
    owner = organisation.memberships.get(role="owner").public_id
    values = {"barrier": "theme:waiting", "lift": "ours", "owner": str(owner), "label": "Waiting"}
    said = text_of(alice.post("/passives/judge/", values, follow=True))
    assert "The strongest barrier you can lift: Waiting" in said
    assert said.index("Waiting</a>") < said.index("Price</a>")
    kept = JudgedBarrier.objects.get()
    assert (kept.kind, kept.key, kept.lift, kept.owner.role) == (
        "theme", "waiting", Lift.OURS, "owner",
    )  # fmt: skip
    entry = AuditEntry.objects.get(action="barrier.judged")
    assert (entry.subject, entry.detail) == ("Waiting", {"lift": ["unjudged", "ours"]})
    alice.post("/passives/judge/", values)
    assert AuditEntry.objects.filter(action="barrier.judged").count() == 1  # nothing changed
    wrong = text_of(alice.post("/passives/judge/", {"barrier": "x", "lift": "ours"}, follow=True))
    assert "Nothing was changed" in wrong
    analyst = client_of(organisation, "analyst")
    assert analyst.post("/passives/judge/", values).status_code == 403
    assert "Keep</button>" not in page(analyst)


def test_where_nobody_answered_the_page_teaches(alice, organisation, project):
    project()
    assert "Here it will stand what holds passives back" in page(alice)


def test_a_stranger_finds_nothing(charlie, nps_survey):
    url = f"/passives/ask/{nps_survey.public_id}/"
    assert charlie.post(url, {"entry": "barrier_nine"}).status_code == 404
    assert charlie.get(HOME, {"about": str(nps_survey.public_id)}).status_code == 404
    assert "Service" not in page(charlie)


def test_the_page_speaks_dutch(alice, many_passives, project):
    many_passives()
    project()
    said = text_of(alice.get(HOME, headers={"accept-language": "nl"}))
    assert "Wat hen tegenhoudt" in said
    assert "What holds" not in said
