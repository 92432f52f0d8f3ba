"""Answers are coded as they arrive, anew when they change, and forgotten when they go."""

from datetime import timedelta

import pytest

from gloed.base.jobs import JobRun
from gloed.base.models import Job, JournalEntry
from gloed.coding import tasks
from gloed.coding.models import CodedVerbatim, CodingMark, HumanCode, Mention, Theme
from gloed.coding.operations import codebook as books
from gloed.coding.operations import coding
from gloed.coding.operations.by_hand import set_theme
from gloed.people.models import Person
from gloed.responses.models import Answer, Response
from gloed.responses.operations import erase_person, withdraw_answer
from gloed.surveys.models import Wording
from tests.coding.conftest import NOW

pytestmark = pytest.mark.django_db


def themes_of(answer):
    return set(Mention.objects.filter(answer=answer).values_list("theme__key", flat=True))


def hear():
    """What the worker does with the news."""
    tasks.mark_changes(list(JournalEntry.objects.order_by("pk")))


def work():
    """Do this room's waiting jobs."""
    for job in Job.objects.filter(kind__startswith="coding.", state="waiting"):
        Job.objects.filter(pk=job.pk).delete()  # while it runs it waits no more
        {"coding.code": tasks.code, "coding.recode": tasks.recode}.get(job.kind, lambda _run: None)(
            JobRun(job)
        )


def test_what_is_said_is_found_with_its_place_and_its_sound(say, codebook, code):
    answer = say("Way too expensive, but the staff was very friendly.", 9)
    assert code() == 1
    found = {each.theme.key: each for each in Mention.objects.filter(answer=answer)}
    assert {"price_value"} < set(found)
    price = found["price_value"]
    start, end, _value = price.spans[0]
    assert answer.verbatim[start:end] == "Way too expensive"
    assert (price.polarity_text, price.score_class, price.source) == (-1, 1, "codebook")
    assert CodedVerbatim.objects.get(answer=answer).language == "en"


@pytest.mark.parametrize(
    ("by_band", "sound"),
    [({}, -1), ({"promoter": "What should we keep doing?"}, 0)],
    ids=["asked of all", "asked by score"],
)
def test_a_bare_word_sounds_as_what_was_asked_of_everybody(say, codebook, code, by_band, sound):
    """Words that follow the score would put it into what is measured on the text alone."""
    answer = say("Parking", 9)
    wordings = Wording.objects.filter(question=answer.question)
    wordings.delete()
    asked = {"": "What could we do better?"} | by_band
    for band, text in asked.items():
        Wording.objects.create(question=answer.question, language="en", band=band, text=text)
    code()
    assert [m.polarity_text for m in Mention.objects.filter(answer=answer)] == [sound]


def test_coding_again_changes_nothing_and_reads_nothing(say, codebook, code):
    for number in range(3):
        say("Too expensive", number)
    assert code() == 3
    before = list(Mention.objects.order_by("pk").values_list("pk", "answer", "theme"))
    assert code() == 0
    assert list(Mention.objects.order_by("pk").values_list("pk", "answer", "theme")) == before


def test_the_expected_language_decides_where_the_words_do_not(say, codebook, code):
    dutch, english = say("Top!", 9, language="nl"), say("Top!", 9, language="en")
    code()
    spoken = dict(CodedVerbatim.objects.values_list("answer", "language"))
    assert spoken == {dutch.pk: "nl", english.pk: "en"}


def test_news_of_one_answer_has_that_one_read(say, codebook):
    answer, other = say("Too expensive", 3), say("Too expensive", 3)
    work()  # what starting the codebook asked for
    answer.verbatim = "Long wait on the phone"
    answer.save()
    Response.objects.filter(pk=answer.response_id).update(updated_at=NOW + timedelta(hours=1))
    JournalEntry.objects.create(
        organisation=other.response.organisation,
        kind="response.updated",
        subject=str(answer.response.public_id),
        at=NOW,
    )
    hear()
    hear()  # at least once
    work()
    assert "price_value" not in themes_of(answer)
    assert themes_of(answer)
    assert "price_value" in themes_of(other)
    assert not CodingMark.objects.exists()


def test_many_answers_are_read_in_pieces_and_nothing_is_learned_from_them(
    say, codebook, monkeypatch
):
    work()
    Job.objects.filter(kind__startswith="coding.").delete()
    monkeypatch.setattr(tasks, "FEW", 2)
    answers = [say("Too expensive", 3) for _ in range(5)]
    JournalEntry.objects.all().delete()
    JournalEntry.objects.bulk_create(
        JournalEntry(
            organisation=answer.response.organisation,
            kind="response.recorded",
            subject=str(answer.response.public_id),
            at=NOW,
        )
        for answer in answers
    )
    hear()
    left = []
    while Job.objects.filter(kind="coding.code", state="waiting").exists():
        work()
        left.append(CodingMark.objects.count())
    assert left == [3, 1, 0]
    assert all("price_value" in themes_of(answer) for answer in answers)
    assert not Job.objects.filter(kind__in=["coding.recode", "coding.learn"]).exists()


def test_news_of_an_import_has_everything_read_that_is_not_up_to_date(organisation, say, codebook):
    work()
    answer = say("Too expensive", 3)
    JournalEntry.objects.create(
        organisation=organisation, kind="responses.imported", subject="x", at=NOW
    )
    hear()
    work()
    assert "price_value" in themes_of(answer)


def test_news_is_nothing_to_an_organisation_without_a_codebook(organisation, say):
    say("Too expensive", 3)
    JournalEntry.objects.create(
        organisation=organisation, kind="responses.imported", subject="x", at=NOW
    )
    hear()
    assert not CodingMark.objects.exists()
    assert not Job.objects.filter(kind__startswith="coding.").exists()


def test_a_withdrawn_answer_counts_nowhere_but_the_decision_about_it_stays(
    organisation, say, codebook, code, make_staff
):
    answer = say("Too expensive", 3)
    code()
    set_theme(answer, "price_value", is_present=False, staff=make_staff(organisation, "manager"),
              now=NOW)  # fmt: skip
    withdraw_answer(organisation, answer.response.public_id, now=NOW)
    code()
    assert not Mention.objects.exists()
    assert not CodedVerbatim.objects.exists()
    assert HumanCode.objects.count() == 1


def test_erasing_a_person_takes_codes_and_decisions_along(
    organisation, say, codebook, code, make_staff
):
    person = Person.objects.create(organisation=organisation, name="Anna", created_at=NOW)
    answer = say("Too expensive", 3, person=person)
    code()
    set_theme(answer, "website_app", is_present=True, staff=make_staff(organisation, "manager"),
              now=NOW)  # fmt: skip
    erase_person(person, now=NOW + timedelta(days=1))
    code()
    assert not Mention.objects.exists()
    assert not CodedVerbatim.objects.exists()
    assert not HumanCode.objects.exists()


def test_a_persons_code_outlives_every_recoding(organisation, say, codebook, code, make_staff):
    bob = make_staff(organisation, "manager")
    answer = say("Too expensive, slow delivery", 3)
    code()
    set_theme(answer, "price_value", is_present=False, staff=bob, now=NOW)
    set_theme(answer, "website_app", is_present=True, staff=bob, now=NOW)
    assert themes_of(answer) & {"price_value", "website_app"} == {"website_app"}
    books.edit_theme(
        codebook,
        "price_value",
        books.ThemeWords(names={"en": "Price"}, seeds={"en": {"words": ["expensive", "slow"]}}),
        now=NOW,
    )
    books.publish(codebook, now=NOW)
    assert code() == 1
    assert themes_of(answer) & {"price_value", "website_app"} == {"website_app"}
    assert Mention.objects.get(theme__key="website_app").source == "person"
    assert "price_value" in CodedVerbatim.objects.get().machine  # what the machine says is kept


def test_codes_of_people_go_along_when_themes_are_merged(
    organisation, say, codebook, code, make_staff
):
    answer = say("Fine", 7)
    code()
    set_theme(answer, "website_app", is_present=True, staff=make_staff(organisation, "manager"),
              now=NOW)  # fmt: skip
    books.merge_theme(codebook, "website_app", "price_value", now=NOW)
    books.publish(codebook, now=NOW)
    code()
    assert themes_of(answer) & {"price_value", "website_app"} == {"price_value"}
    assert not Theme.objects.get(key="website_app").is_live
    books.restore(codebook, 1, now=NOW)
    code()
    assert themes_of(answer) & {"price_value", "website_app"} == {"website_app"}


def test_work_that_was_killed_goes_on_where_it_stopped(say, codebook, code, monkeypatch):
    monkeypatch.setattr(coding, "BATCH", 2)
    answers = [say("Too expensive", 3) for _ in range(5)]

    class Killed(Exception):
        """The worker went away."""

    def die(done, _total):
        if done == 2:
            raise Killed

    with pytest.raises(Killed):
        code(report=die)
    assert CodedVerbatim.objects.count() == 2
    told = []
    assert code(report=lambda done, total: told.append((done, total))) == 3
    assert told == [(4, 5), (5, 5)]
    assert {each.answer_id for each in CodedVerbatim.objects.all()} == {a.pk for a in answers}


def test_what_changed_while_it_was_read_is_left_for_its_own_news(say, codebook, code, monkeypatch):
    answer = say("Too expensive", 3)
    ratings = coding._ratings

    def meanwhile(rows):
        Response.objects.update(updated_at=NOW + timedelta(minutes=1))
        return ratings(rows)

    monkeypatch.setattr(coding, "_ratings", meanwhile)
    code()
    assert not Mention.objects.filter(answer=answer).exists()
    monkeypatch.undo()
    assert code() == 1


def test_another_version_published_meanwhile_stops_the_work(say, codebook, code, monkeypatch):
    say("Too expensive", 3)
    ratings = coding._ratings

    def meanwhile(rows):
        books.add_theme(codebook, books.ThemeWords(names={"en": "New"}), now=NOW)
        books.publish(codebook, now=NOW)
        return ratings(rows)

    monkeypatch.setattr(coding, "_ratings", meanwhile)
    assert code() == 0
    assert not CodedVerbatim.objects.exists()
    monkeypatch.undo()
    assert code() == 1


def test_the_order_of_arrival_says_nothing(organisation, say, codebook, code):
    texts = ["Too expensive", "Friendly staff", "Late again, nobody answers the phone", "Top!"]
    first = {text: say(text, 5) for text in texts}
    second = {text: say(text, 5) for text in reversed(texts)}
    code()
    for text in texts:
        assert themes_of(first[text]) == themes_of(second[text])


def test_an_empty_answer_is_nothing_to_read(say, codebook, code):
    say("", 9)
    assert code() == 0
    assert Answer.objects.filter(verbatim="").exists()
