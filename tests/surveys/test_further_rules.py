"""What may be asked, when it is shown, on which page, and in whose words."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gloed.surveys import queries
from gloed.surveys.rules import (
    SCALES,
    About,
    Change,
    Condition,
    Content,
    Further,
    Kind,
    Metric,
    OpenWords,
    Option,
    Presentation,
    Problem,
    QuestionWords,
    Scale,
    ShowIf,
    Situation,
    Thanks,
    ThanksWords,
    as_stored,
    changes_between,
    estimated,
    filled,
    is_safe_link,
    is_shown,
    pages_of,
    presentations_for,
    problems_of,
    read_stored,
    shown_further,
    values_of,
)

from .further import (
    CONSENT,
    CONTACT,
    EASE,
    EVERY_KIND,
    REASON,
    THANKS,
    WISHES,
    after,
    both,
    only_for,
)

CONTENT = Content(
    metric=Metric.NPS,
    scale=Scale(0, 10),
    rating=both("Hoe waarschijnlijk?", "How likely?", low_label="niet", high_label="zeer"),
    open={"nl": OpenWords("Waarom?"), "en": OpenWords("Why?")},
    further=EVERY_KIND,
    thanks=THANKS,
)


def problems(*further, **changes):
    """The problems of a survey that asks these questions."""
    content = replace(CONTENT, further=further, **changes)
    return {(finding.problem, finding.key) for finding in problems_of(content)}


def test_a_question_of_every_kind_may_be_asked():
    assert problems_of(CONTENT) == ()


def test_a_version_is_turned_back_into_what_was_written():
    assert queries.content_of(queries.version_of(CONTENT)) == CONTENT


@pytest.mark.parametrize(
    ("question", "problem"),
    [
        (replace(EASE, key="Rating!"), Problem.BAD_KEY),
        (replace(EASE, key="rating"), Problem.BAD_KEY),
        (replace(EASE, scale=Scale(2, 9), metric=None), Problem.UNKNOWN_SCALE),
        (replace(EASE, scale=Scale(1, 4)), Problem.UNKNOWN_SCALE),
        (replace(EASE, scale=None), Problem.UNKNOWN_SCALE),
        (replace(EASE, presentation=Presentation.THUMBS), Problem.UNKNOWN_PRESENTATION),
        (replace(EASE, words=both("Hoe?", "How?")), Problem.NO_LABELS),
        (replace(EASE, words={"nl": EASE.words["nl"]}), Problem.NO_QUESTION),
        (replace(WISHES, options=(Option("app"),)), Problem.TOO_FEW_OPTIONS),
        (replace(WISHES, options=(Option("app"), Option("app"))), Problem.BAD_KEY),
        (replace(WISHES, options=(Option("app"), Option("other"))), Problem.BAD_KEY),
        (replace(WISHES, has_other=True), Problem.NO_OPTION_WORDS),
        (replace(CONSENT, purpose=None), Problem.NO_PURPOSE),
        (CONTACT, Problem.NO_CONSENT_BEFORE),
        (replace(CONTACT, fields=()), Problem.NO_CONTACT_FIELDS),
        (replace(EASE, show_if=after("ease", "3")), Problem.REFERS_AHEAD),
        (replace(EASE, show_if=after("nobody")), Problem.REFERS_AHEAD),
        (replace(EASE, show_if=after("rating", "11")), Problem.BAD_RULE),
        (replace(EASE, show_if=after("why", "good")), Problem.BAD_RULE),
        (replace(EASE, show_if=only_for("furious")), Problem.BAD_RULE),
        (replace(EASE, words=both("x" * 401, "How?")), Problem.TOO_LONG),
    ],
)
def test_what_cannot_be_asked_is_named_with_its_question(question, problem):
    assert (problem, question.key) in problems(question)


def test_a_rule_refers_to_earlier_questions_only():
    later = replace(EASE, show_if=after("wishes", "app"))
    assert problems(WISHES, later) == set()
    assert problems(later, WISHES) == {(Problem.REFERS_AHEAD, "ease")}


def test_a_key_is_given_once():
    assert problems(EASE, replace(WISHES, key="ease")) == {(Problem.BAD_KEY, "ease")}


@pytest.mark.parametrize(
    ("link", "is_safe"),
    [
        ("https://example.org/review?a=1", True),
        ("http://example.org", False),
        ("javascript:alert(1)", False),
        ("https://user@example.org", False),
        ("https://", False),
        ("https://[x", False),
        ("//example.org", False),
    ],
)
def test_only_a_whole_secure_address_stands_on_the_thank_you_page(link, is_safe):
    assert is_safe_link(link) is is_safe
    thanks = {"nl": Thanks(ThanksWords("Dank", link))}
    assert ((Problem.BAD_LINK, "") in problems(thanks=thanks)) is not is_safe


def test_every_scale_can_be_drawn_and_recommending_only_in_numbers():
    for metric, scales in SCALES.items():
        for scale in scales:
            drawn = presentations_for(metric, scale)
            assert Presentation.NUMBERS in drawn
            if metric in (Metric.NPS, Metric.ENPS, Metric.CES):
                assert drawn == (Presentation.NUMBERS,)
    assert Presentation.FACES in presentations_for(Metric.CSAT, Scale(1, 5))
    assert presentations_for(Metric.CSAT, Scale(0, 1))[1] is Presentation.THUMBS


BAND = Condition(About.BAND, values=("detractor",))
REGION = Condition(About.ATTRIBUTE, "region", ("North",))
SAID = Condition(About.ANSWER, "wishes", ("app",))


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (None, True),
        (ShowIf(()), True),
        (ShowIf((BAND,)), True),
        (ShowIf((BAND, REGION)), False),
        (ShowIf((BAND, REGION), any_of=True), True),
        (ShowIf((replace(REGION, is_not=True),)), True),
        (ShowIf((SAID,)), True),
        (ShowIf((replace(SAID, values=("chat",)),)), False),
        (ShowIf((replace(SAID, values=()),)), True),
        (ShowIf((Condition(About.ATTRIBUTE, "size"),)), False),
    ],
)
def test_rules_are_judged_by_score_answers_and_person(rule, expected):
    situation = Situation("detractor", {"wishes": frozenset({"app"})}, {"region": "South"})
    assert is_shown(rule, situation) is expected
    assert read_stored(as_stored(rule)) == (rule if rule and rule.conditions else None)


def test_the_answer_of_a_hidden_question_shows_nothing_further():
    first = replace(WISHES, show_if=only_for("detractor"))
    second = replace(EASE, show_if=after("wishes", "app"))
    version = queries.version_of(replace(CONTENT, further=(first, second)))
    answers = {"wishes": frozenset({"app"})}
    shown, left = shown_further(version, Situation("promoter", answers))
    assert shown == ()
    assert left.answers == {}
    shown, _ = shown_further(version, Situation("detractor", answers))
    assert [question.key for question in shown] == ["wishes", "ease"]


def test_contact_details_are_asked_once_they_may_be_used():
    version = queries.version_of(replace(CONTENT, further=(CONSENT, CONTACT)))
    shown, _ = shown_further(version, Situation("passive"))
    assert [question.key for question in shown] == ["call"]
    shown, _ = shown_further(version, Situation("passive", {"call": frozenset({"yes"})}))
    assert [question.key for question in shown] == ["call", "reach"]


def test_three_questions_fill_a_page_and_bands_share_a_place():
    praise = replace(WISHES, key="praise", show_if=only_for("promoter"))
    middle = replace(EASE, key="middle", show_if=only_for("passive"))
    version = queries.version_of(
        replace(CONTENT, further=(REASON, praise, middle, EASE, WISHES, CONSENT, CONTACT))
    )
    assert pages_of(version) == ((1, 2, 3, 4, 5), (6, 7, 8), (9,))


def test_a_page_may_begin_where_one_wishes():
    version = queries.version_of(replace(CONTENT, further=(replace(EASE, starts_page=True),)))
    assert pages_of(version) == ((1, 2), (3,))


def test_how_long_it_takes_is_estimated_from_what_is_asked():
    short = estimated(queries.version_of(replace(CONTENT, further=())), "nl")
    long = estimated(queries.version_of(CONTENT), "nl")
    assert not short.is_measured
    assert 20 <= short.seconds < 60 <= long.seconds
    assert (short.minutes, long.minutes) == (0, 2)


def test_only_another_rating_question_breaks_a_trend():
    assert changes_between(CONTENT, CONTENT) == ()
    words = {**CONTENT.rating, "nl": QuestionWords("Anders?", "niet", "zeer")}
    assert changes_between(CONTENT, replace(CONTENT, rating=words)) == (Change.RATING_WORDS,)
    assert changes_between(CONTENT, replace(CONTENT, further=())) == (Change.FURTHER,)
    only_dutch = replace(CONTENT, rating={"nl": CONTENT.rating["nl"]})
    assert changes_between(CONTENT, only_dutch) == (Change.LANGUAGES,)
    assert changes_between(CONTENT, replace(CONTENT, thanks={})) == (Change.THANKS,)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dag {first_name|klant}!", "Dag Noor!"),
        ("Dag {voornaam|klant}!", "Dag klant!"),
        ("Dag {voornaam}, welkom", "Dag, welkom"),
        ("{region}: {age} jaar", "Noord: 41 jaar"),
        ("{ region | ergens }", "Noord"),
        ("Gewoon {", "Gewoon {"),
        ("{list|niets}", "niets"),
    ],
)
def test_what_is_known_of_a_person_stands_in_the_words(text, expected):
    known = {"region": "Noord", "age": 41, "list": ["a"], "first_name": "nobody"}
    assert filled(text, values_of(name="Noor de Vries", attributes=known)) == expected


@given(st.text(max_size=60), st.dictionaries(st.text(max_size=8), st.text(max_size=20)))
def test_piping_never_fails_and_never_asks_twice(text, values):
    once = filled(text, values)
    assert filled("a" + text.replace("{", ""), values).startswith("a")
    assert isinstance(once, str)


def test_a_plain_question_of_any_kind_has_no_rule():
    assert Further("x", Kind.OPEN, {}).show_if is None
