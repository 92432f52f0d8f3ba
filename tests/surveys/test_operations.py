"""Making, editing, publishing, opening and closing surveys."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from gloed.base.models import JournalEntry
from gloed.surveys import operations, queries
from gloed.surveys.models import Question, Survey, SurveyVersion, Touchpoint
from gloed.surveys.operations import CannotPublish, WrongState
from gloed.surveys.rules import Band, Finding, OpenWords, Problem, QuestionWords, Scale

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


def words(survey, number):
    return queries.get_version(survey.slug, number).words[1, "nl", ""].text


def change(survey, text):
    version = queries.find_draft(survey) or survey.versions.latest("number")
    content = queries.content_of(queries.read_version(version))
    content = replace(content, rating={**content.rating, "nl": QuestionWords(text, "laag", "hoog")})
    return operations.edit_survey(survey, title=survey.title, content=content, kind=survey.kind)


def test_a_new_survey_is_a_draft_with_good_words(make_survey, organisation):
    survey = make_survey("csat", touchpoint=" Factuur ")
    assert (survey.state, survey.current, survey.metric) == ("draft", None, "csat")
    assert survey.touchpoint == Touchpoint.objects.get(name="Factuur")
    version = queries.read_version(queries.find_draft(survey))
    assert version.languages == ("nl", "en")
    assert version.by_position[1].scale == Scale(1, 5)
    assert "Noorderlicht Energie" in version.words[1, "nl", ""].text
    assert version.words[2, "en", Band.PASSIVE].text


def test_an_import_may_bring_its_own_questions(organisation):
    content = operations.usual_content(
        organisation,
        "csat",
        scale=Scale(1, 7),
        languages=("en",),
        rating_text="How was it?",
        open_text="Why?",
    )
    assert content.rating["en"].text == "How was it?"
    assert content.open == {"en": OpenWords("Why?")}
    assert content.scale == Scale(1, 7)


@pytest.mark.parametrize(
    ("metric", "scale"),
    [("csat", Scale(1, 3)), ("csat", Scale(0, 2)), ("ces", Scale(1, 5, high_is_good=False))],
)
def test_every_scale_of_an_import_has_words(organisation, metric, scale):
    assert operations.usual_content(organisation, metric, scale=scale).scale == scale


def test_a_scale_nobody_asks_on_is_refused(organisation):
    with pytest.raises(ValueError, match="no nps question"):
        operations.usual_content(organisation, "nps", scale=Scale(1, 5))


def test_publishing_freezes_the_words(draft):
    operations.publish(draft, now=NOW)
    draft.refresh_from_db()
    first = words(draft, 1)
    change(draft, "Anders gevraagd?")
    assert words(draft, 1) == first
    assert draft.current.number == 1
    operations.publish(draft, now=LATER)
    draft.refresh_from_db()
    assert (draft.current.number, words(draft, 2)) == (2, "Anders gevraagd?")
    assert words(draft, 1) == first
    assert Question.objects.filter(version__survey=draft).count() == 4


def test_publishing_twice_makes_one_version(draft):
    assert operations.publish(draft, now=NOW) == operations.publish(draft, now=LATER)
    assert SurveyVersion.objects.get(survey=draft).published_at == NOW
    assert JournalEntry.objects.filter(kind="survey.published").count() == 1


def test_a_draft_is_written_over_and_not_piled_up(draft):
    change(draft, "Eerst?")
    change(draft, "Toen?")
    assert SurveyVersion.objects.filter(survey=draft).count() == 1
    assert queries.read_version(queries.find_draft(draft)).words[1, "nl", ""].text == "Toen?"


def test_what_is_missing_is_named_in_its_language(draft, organisation):
    content = operations.usual_content(organisation, "nps")
    broken = replace(
        content,
        rating={**content.rating, "en": QuestionWords("", "low", "")},
        open={**content.open, "en": OpenWords("  ")},
    )
    operations.edit_survey(draft, title="x", content=broken, kind=draft.kind)
    with pytest.raises(CannotPublish) as refusal:
        operations.publish(draft, now=NOW)
    assert refusal.value.problems == (
        Finding(Problem.NO_QUESTION, "en"),
        Finding(Problem.NO_LABELS, "en"),
        Finding(Problem.NO_OPEN_QUESTION, "en"),
    )
    draft.refresh_from_db()
    assert draft.current is None


def test_the_metric_of_a_survey_stands(draft, organisation):
    with pytest.raises(WrongState):
        operations.edit_survey(
            draft,
            title="x",
            content=operations.usual_content(organisation, "ces"),
            kind=draft.kind,
        )


def test_opening_closing_and_opening_again(draft):
    operations.open_survey(draft, now=NOW)
    draft.refresh_from_db()
    assert (draft.state, draft.opened_at, draft.current.number) == ("open", NOW, 1)
    operations.open_survey(draft, now=LATER)  # changes nothing
    operations.close_survey(draft, now=LATER)
    operations.close_survey(draft, now=LATER)
    draft.refresh_from_db()
    assert (draft.state, draft.closed_at) == ("closed", LATER)
    operations.open_survey(draft, now=LATER)
    draft.refresh_from_db()
    assert (draft.state, draft.opened_at, draft.closed_at) == ("open", NOW, None)
    kinds = JournalEntry.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["survey.published", "survey.opened", "survey.closed", "survey.opened"]


def test_a_draft_cannot_be_closed(draft):
    with pytest.raises(WrongState):
        operations.close_survey(draft, now=NOW)


def test_changes_can_be_thrown_away(open_one):
    assert not operations.discard_draft(open_one)
    change(open_one, "Anders?")
    assert operations.discard_draft(open_one)
    assert queries.find_draft(open_one) is None


def test_a_deleted_draft_comes_back_whole(draft, organisation):
    operations.delete_draft(draft, now=NOW)
    assert not queries.list_surveys(organisation).exists()
    operations.restore_draft(draft)
    assert queries.list_surveys(organisation).get() == draft
    assert queries.find_draft(draft).questions.count() == 2


def test_what_was_published_is_not_deleted(open_one):
    with pytest.raises(WrongState):
        operations.delete_draft(open_one, now=NOW)


def test_a_survey_is_found_by_its_link_as_it_is_now(open_one):
    assert queries.find_asked(open_one.slug).is_open
    operations.close_survey(open_one, now=LATER)
    asked = queries.find_asked(open_one.slug)
    assert (asked.is_open, asked.closed_at, asked.languages) == (False, LATER, ("nl", "en"))
    assert asked.public_id == open_one.public_id
    assert queries.find_asked("nothing") is None
    with pytest.raises(Survey.DoesNotExist):
        queries.get_asked(0)
