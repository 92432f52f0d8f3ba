"""The editor: whatever stands on its cards is kept, and a button does one thing."""

import pytest
from django.http import QueryDict
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from gloed.people.models import Person
from gloed.surveys import editing, library, operations, queries
from gloed.surveys.forms.words import present_content
from gloed.surveys.forms.written import fields_of, read_content
from gloed.surveys.models import OwnWording, Touchpoint
from gloed.surveys.rules import (
    About,
    Band,
    Condition,
    Content,
    Further,
    Kind,
    Metric,
    OpenWords,
    Option,
    Presentation,
    Purpose,
    QuestionWords,
    Scale,
    ShowIf,
    Thanks,
    ThanksWords,
    problems_of,
)
from tests.surveys.conftest import NOW


@pytest.fixture
def alice(alice):
    """Alice, who reads Dutch."""
    alice.defaults["HTTP_ACCEPT_LANGUAGE"] = "nl"
    return alice


def page(name, survey):
    return reverse(f"surveys:{name}", args=[survey.public_id])


def sent(fields):
    query = QueryDict(mutable=True)
    for name, values in fields.items():
        query.setlist(name, values)
    return query


def press(client, survey, form_of, do, **fields):
    """Press a button of the editor; returns the answer."""
    return client.post(page("edit", survey), form_of(survey) | {"do": do} | fields)


def keys(survey):
    return [question.key for question in present_content(survey).further]


# --- the form is the content, and back

words = st.text(st.characters(categories=("L", "N", "P", "Zs")), max_size=60).map(str.strip)
SAMPLES = [
    Further(
        "why-low",
        Kind.MULTIPLE,
        {
            "nl": QuestionWords("Waarom?", options={"a": "Duur", "b": "Traag"}, other="Anders"),
            "en": QuestionWords("Why?", options={"a": "Costly"}, hint="More than one may apply."),
        },
        options=(Option("a"), Option("b", is_fixed=True)),
        has_other=True,
        is_shuffled=True,
        most=2,
        show_if=ShowIf(
            (
                Condition(About.BAND, values=("detractor", "passive")),
                Condition(About.ATTRIBUTE, "regio", ("Noord", "Zuid"), is_not=True),
            ),
            any_of=True,
        ),
    ),
    Further(
        "clear",
        Kind.RATING,
        {"nl": QuestionWords("Helder?", "nee", "ja"), "en": QuestionWords("Clear?", "no", "yes")},
        scale=Scale(1, 5, high_is_good=False),
        metric=Metric.CES,
        show_if=ShowIf((Condition(About.ANSWER, "why-low", ("a",)),)),
        starts_page=True,
    ),
    Further(
        "call",
        Kind.CONSENT,
        {"nl": QuestionWords("Bellen?"), "en": QuestionWords("Call?")},
        purpose=Purpose.CONTACT,
    ),
]


@given(text=words, other=words, thanks=words)
def test_reading_the_form_gives_back_the_content(text, other, thanks):
    said = Thanks(ThanksWords(thanks) if thanks else None, {Band.PROMOTER: ThanksWords("Dank!")})
    content = Content(
        metric=Metric.CSAT,
        scale=Scale(1, 5),
        presentation=Presentation.FACES,
        rating={"nl": QuestionWords(text, "laag", "hoog", other), "en": QuestionWords("How?")},
        open={"nl": OpenWords(other, {Band.PASSIVE: "En?"}), "en": OpenWords("")},
        further=tuple(SAMPLES),
        thanks={"nl": said},
    )
    written = read_content(sent(fields_of(content)), content)
    assert written.content == content
    assert written.too_long == ()


@given(st.dictionaries(words, st.lists(words, max_size=3), max_size=12))
def test_any_form_can_be_read(fields):
    before = Content(
        Metric.NPS, Scale(0, 10), {"nl": QuestionWords("Hoe?")}, {"nl": OpenWords("En?")}
    )
    assert read_content(sent(fields), before).content.metric is Metric.NPS


# --- what the buttons do


def test_a_question_of_the_library_is_added_and_opened(alice, draft, form_of):
    answer = press(alice, draft, form_of, "use:choice_reason_low")
    assert answer.url.endswith("?open=choice-reason-low#card-choice-reason-low")
    question = present_content(draft).further[0]
    assert question.words["en"].options["it-took-too-long"] == "It took too long"
    assert question.show_if == ShowIf((Condition(About.BAND, values=("detractor",)),))
    assert "Alleen als het cijfer 0–6 is." in alice.get(page("edit", draft)).text


@pytest.mark.parametrize("kind", list(Kind))
def test_a_question_of_each_kind_is_added_and_shown(alice, draft, form_of, kind):
    press(alice, draft, form_of, f"add:{kind}")
    assert [question.kind for question in present_content(draft).further] == [kind]
    assert alice.get(page("edit", draft)).status_code == 200


def test_order_copies_and_removal_with_a_way_back(alice, draft, form_of):
    for entry in ("barrier_nine", "praise_keep", "consent_call"):
        press(alice, draft, form_of, f"use:{entry}")
    press(alice, draft, form_of, "up:consent-call")
    assert keys(draft) == ["barrier-nine", "consent-call", "praise-keep"]
    press(alice, draft, form_of, "down:barrier-nine")
    press(alice, draft, form_of, "copy:praise-keep")
    before = keys(draft)
    assert before == ["consent-call", "barrier-nine", "praise-keep", "praise-keep-2"]
    answer = press(alice, draft, form_of, "remove:barrier-nine")
    assert keys(draft) == ["consent-call", "praise-keep", "praise-keep-2"]
    assert "ongedaan" in alice.get(answer.url).text
    alice.post(page("edit", draft), {"do": "undo"})
    assert keys(draft) == before
    alice.post(page("edit", draft), {"do": "undo"})  # nothing to undo any more
    assert keys(draft) == before


def test_the_order_of_the_cards_is_the_order_asked(alice, draft, form_of):
    for entry in ("barrier_nine", "praise_keep"):
        press(alice, draft, form_of, f"use:{entry}")
    alice.post(page("edit", draft), form_of(draft) | {"order": ["praise-keep", "barrier-nine"]})
    assert keys(draft) == ["praise-keep", "barrier-nine"]


def test_options_come_and_go(alice, draft, form_of):
    press(alice, draft, form_of, "add:single")
    press(alice, draft, form_of, "option:single")
    fields = {f"single.option.option-{n}.nl": f"Antwoord {n}" for n in (1, 2, 3)}
    alice.post(page("edit", draft), form_of(draft) | fields)
    press(alice, draft, form_of, "drop-option:single:option-2")
    question = present_content(draft).further[0]
    assert [option.key for option in question.options] == ["option-1", "option-3"]
    assert dict(question.words["nl"].options) == {
        "option-1": "Antwoord 1",
        "option-3": "Antwoord 3",
    }


def test_rules_are_written_as_sentences(alice, draft, form_of, organisation):
    Person.objects.create(organisation=organisation, attributes={"regio": "Noord"}, created_at=NOW)
    press(alice, draft, form_of, "use:choice_solved")
    press(alice, draft, form_of, "add:open")
    for what in ("band", "answer:choice-solved", "attribute:regio", "attribute:"):
        press(alice, draft, form_of, "rule:open", **{"open.new_rule": what})
    rules = {
        "open.rule.0.values": ["detractor", "passive"],
        "open.rule.1.values": ["no"],
        "open.rule.1.is": "not",
        "open.rule.2.typed": "Noord, Zuid",
    }
    alice.post(page("edit", draft), form_of(draft) | rules)
    text = alice.get(page("edit", draft) + "?open=open").text
    assert (
        "Alleen als het cijfer 0–6 of 7–8 is en “Is je vraag nu opgelost?” niet Nee is "
        "en regio Noord of Zuid is." in text
    )
    press(alice, draft, form_of, "remove:choice-solved")
    left = present_content(draft).further[0].show_if
    assert [one.about for one in left.conditions] == [About.BAND, About.ATTRIBUTE]
    press(alice, draft, form_of, "drop-rule:open:0")
    press(alice, draft, form_of, "drop-rule:open:0")
    assert present_content(draft).further[0].show_if is None


def test_languages_come_and_go_with_a_way_back(alice, draft, form_of):
    alice.post(page("edit", draft), form_of(draft) | {"languages": ["nl", "en", "de"]})
    assert present_content(draft).languages == ("nl", "en", "de")
    assert "nog niet geschreven" in alice.get(page("edit", draft)).text
    before = present_content(draft).rating["en"].text
    answer = alice.post(page("edit", draft), form_of(draft) | {"languages": ["nl"]})
    assert present_content(draft).languages == ("nl",)
    assert "removed" in answer.url
    alice.post(page("edit", draft), {"do": "undo"})
    assert present_content(draft).rating["en"].text == before


# --- keeping


def test_the_page_keeps_itself_and_says_what_publishing_does(alice, open_one, form_of):
    fields = form_of(open_one) | {"automatic": "1", "rating.text.nl": "Zou je ons aanraden?"}
    told = alice.post(page("edit", open_one), fields).json()
    assert present_content(open_one).rating["nl"].text == "Zou je ons aanraden?"
    assert "breuklijn" in told["publishing"]
    assert told["kept"].startswith("Bewaard om ")
    told = alice.post(page("edit", open_one), fields | {"seen": told["seen"]}).json()
    assert open_one.versions.count() == 2


def test_a_touchpoint_that_has_another_metric_warns_at_once_and_keeps_nevertheless(
    alice, organisation, draft, form_of
):
    Touchpoint.objects.create(organisation=organisation, name="Levering", metric="csat")
    fields = form_of(draft) | {"touchpoint": "Levering"}
    told = alice.post(page("edit", draft), fields | {"automatic": "1"}).json()
    assert "CSAT" in told["mixing"]
    draft.refresh_from_db()
    assert draft.touchpoint.name == "Levering"
    shown = alice.get(page("edit", draft))
    assert shown.context["mixing"] == told["mixing"]
    assert "data-mixing>" in shown.text
    back = {"touchpoint": "", "seen": told["seen"], "automatic": "1"}
    assert alice.post(page("edit", draft), fields | back).json()["mixing"] == ""
    assert "data-mixing hidden" in alice.get(page("edit", draft)).text


def test_opening_the_editor_and_keeping_nothing_new_makes_no_version(alice, open_one, form_of):
    alice.get(page("edit", open_one))
    alice.post(page("edit", open_one), form_of(open_one))
    assert open_one.versions.count() == 1


def test_a_text_that_is_too_long_stays_on_the_page(alice, draft, form_of):
    long = "a" * 401
    fields = form_of(draft) | {"rating.text.nl": long, "why.text.nl": "Kort"}
    answer = alice.post(page("edit", draft), fields)
    assert answer.status_code == 422
    assert long in answer.text
    assert "Kort" in answer.text
    assert alice.post(page("edit", draft), fields | {"automatic": "1"}).status_code == 422
    assert present_content(draft).open["nl"].everybody != "Kort"


def test_two_who_write_at_once_are_told(alice, client_of, organisation, draft, form_of):
    bob = client_of(organisation, "manager")
    seen = alice.get(page("edit", draft)).context["seen"]
    bob.post(page("edit", draft), form_of(draft) | {"why.text.nl": "Van Bob"})
    mine = form_of(draft) | {"why.text.nl": "Van Alice", "seen": seen}
    answer = alice.post(page("edit", draft), mine)
    assert answer.status_code == 422
    assert "Van Alice" in answer.text
    assert present_content(draft).open["nl"].everybody == "Van Bob"
    alice.post(page("edit", draft), mine | {"anyway": "on"})
    assert present_content(draft).open["nl"].everybody == "Van Alice"


def test_publishing_names_the_question_that_lacks_something(alice, draft, form_of):
    press(alice, draft, form_of, "add:contact")
    answer = alice.post(page("edit", draft), form_of(draft) | {"publish": "yes"})
    assert answer.status_code == 422
    assert "Vraag eerst of je contact mag opnemen" in answer.text
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_what_is_published_is_what_was_written(alice, draft, form_of):
    for entry in ("choice_reason_low", "consent_call", "contact_details"):
        press(alice, draft, form_of, f"use:{entry}")
    fields = form_of(draft) | {"thanks.promoter.text.nl": "Fijn, {first_name|dank je wel}!"}
    fields |= {"thanks.promoter.link.nl": "https://example.org/", "choice-reason-low.other.en": "x"}
    fields |= {"choice-reason-low.other.nl": "Iets anders", "publish": "yes"}
    assert alice.post(page("edit", draft), fields).url == page("detail", draft)
    draft.refresh_from_db()
    version = queries.get_version(draft.slug, draft.current.number)
    assert [one.kind for one in version.further] == ["multiple", "consent", "contact"]
    assert version.thanks["nl"].by_band[Band.PROMOTER].link == "https://example.org/"


def test_nobody_else_writes(charlie, client_of, organisation, draft, form_of):
    for client, status in ((charlie, 404), (client_of(organisation, "viewer"), 403)):
        assert client.get(page("edit", draft)).status_code == status
        assert client.post(page("edit", draft), form_of(draft)).status_code == status


# --- the library goes in


@pytest.mark.parametrize("entry", library.entries(), ids=lambda entry: entry.id)
def test_every_question_of_the_library_fits_in_a_survey(entry):
    usual = library.get_rating_wording(Metric.CSAT)
    opened = library.get_open_wording(Metric.CSAT)
    content = Content(Metric.CSAT, usual.scale, usual.words, opened.words)
    if entry.kind == "contact":
        content, _key = editing.with_entry(content, library.find_entry("consent_call"), "Wij")
    content, key = editing.with_entry(content, entry, "Wij")
    found = [one.problem for one in problems_of(content)]
    assert found == []
    kept = editing.entry_of(content, key)
    assert library.read_entry({"id": "x", **kept}).words["nl"].text
    assert "{organisation}" not in str(kept) or key == "why"


def test_a_question_of_a_survey_is_kept_for_the_next(alice, draft, form_of, make_survey):
    press(alice, draft, form_of, "use:choice_solved")
    alice.post(page("keep_own", draft), {"key": "choice-solved"})
    own = OwnWording.objects.get()
    other = make_survey("ces", title="Opgelost")
    answer = alice.post(
        reverse("surveys:use"), {"survey": other.public_id, "entry": f"own-{own.public_id}"}
    )
    assert answer.url.startswith(page("edit", other))
    question = present_content(other).further[0]
    assert question.words["en"].text == "Is your question solved now?"
    assert len(question.options) == 3
    alice.post(page("keep_own", draft), {"key": "rating"})
    alice.post(page("keep_own", draft), {"key": "why"})
    alice.post(page("keep_own", draft), {"key": "gone"})
    assert OwnWording.objects.count() == 3


def test_other_words_of_the_same_metric_take_the_first_place(alice, draft, form_of):
    press(alice, draft, form_of, "use:nps_recommend_business")
    press(alice, draft, form_of, "use:open_one_thing")
    content = present_content(draft)
    assert "iemand in jouw vak" in content.rating["nl"].text
    assert content.open["nl"].everybody.startswith("Als je één ding")
    assert content.further == ()


def test_more_than_three_questions_is_advised_against_not_forbidden(alice, draft, form_of):
    for entry in ("choice_solved", "choice_channel"):
        press(alice, draft, form_of, f"use:{entry}")
    assert "haken" in alice.get(page("edit", draft)).text
    operations.publish(draft, now=NOW)
