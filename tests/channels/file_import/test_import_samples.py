"""Every sample comes in whole, comes in again without a change, and goes without a trace."""

import pytest

from gloed.channels.file_import import operations
from gloed.people.models import Person, Suppression
from gloed.responses.models import Answer, Response
from gloed.surveys.models import Survey, Touchpoint
from tests.channels.file_import.conftest import CASES, SAMPLES
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
KEPT = (Response, Person, Suppression, Survey, Touchpoint)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["file"])
def test_sample_comes_in_once_and_goes_whole(case, organisation, bring_in):
    path, options = SAMPLES / case["file"], case.get("options", {})

    first = bring_in(path, **options)
    again = bring_in(path, **options)

    assert first.state == again.state == "done"
    counted = {key: first.counts[key] for key in ("rows", "imported", "skipped", "warnings")}
    assert counted == {key: case[key] for key in counted}
    assert (again.counts["new"], again.counts["updated"]) == (0, 0)
    assert again.counts["unchanged"] == first.counts["new"]
    assert scores_of(organisation) == scores_in(case)

    for one in (again, first):
        operations.undo(one, by=None, now=NOW)
        operations.remove(one, now=lambda: NOW)
    assert {model: model.objects.filter(organisation=organisation).count() for model in KEPT} == (
        dict.fromkeys(KEPT, 0)
    )


def scores_of(organisation):
    """By metric the number of ratings and their sum, as the record has them."""
    found = {}
    for answer in Answer.objects.filter(
        response__organisation=organisation, rating__isnull=False
    ).select_related("question"):
        count, total = found.get(answer.question.kind, (0, 0))
        found[answer.question.kind] = (count + 1, total + answer.rating)
    return {
        metric: (count, round(total / count + 1e-9, 2)) for metric, (count, total) in found.items()
    }


def scores_in(case):
    return {name: (one["scored"], one["mean"]) for name, one in case["metrics"].items()}


def test_an_import_brought_in_again_gives_the_same(organisation, bring_in):
    of_import = bring_in(SAMPLES / "delighted_responses.json")
    before = scores_of(organisation)
    operations.undo(of_import, by=None, now=NOW)
    operations.remove(of_import, now=lambda: NOW)
    of_import.refresh_from_db()

    again = operations.redo(of_import, by=None, now=NOW)
    operations.run(again, now=lambda: NOW)

    assert scores_of(organisation) == before


def test_a_survey_made_by_an_import_asks_in_the_words_of_the_file(bring_in):
    bring_in(SAMPLES / "google_forms_nl.csv", timezone="Europe/Amsterdam")

    survey = Survey.objects.get()
    words = survey.current.questions.order_by("position").values_list(
        "wordings__language", "wordings__text"
    )
    assert survey.state == "closed"
    assert list(words) == [
        ("nl", "Hoe waarschijnlijk is het dat u ons aanbeveelt aan een vriend of collega?"),
        ("nl", "Waarom geeft u dit cijfer?"),
    ]


def test_addresses_that_unsubscribed_come_along_and_go_with_the_import(write, bring_in):
    dump = """{"survey_responses": [{"id": "1", "person": {"id": "7", "email": "a@example.org"},
      "survey_type": "nps", "score": 9, "created_at": 1767225600, "updated_at": 1767225600,
      "comment": null, "permalink": "", "person_properties": {}, "notes": [], "tags": []}],
      "people": [{"id": "8", "email": "b@example.org", "name": "B"}],
      "unsubscribes": [{"email": "c@example.org", "unsubscribed_at": 1767225600}],
      "bounces": [{"email": "d@example.org", "bounced_at": 1767225600}]}"""

    of_import = bring_in(write(dump, "dump.json"))

    assert set(Suppression.objects.values_list("key", "reason")) == {
        ("c@example.org", "opt_out"),
        ("d@example.org", "bounce"),
    }
    assert set(Person.objects.values_list("email", flat=True)) == {"a@example.org", "b@example.org"}
    operations.undo(of_import, by=None, now=NOW)
    operations.remove(of_import, now=lambda: NOW)
    assert not Suppression.objects.exists()
    assert not Person.objects.exists()


def test_what_was_decided_is_proposed_for_the_next_file_like_it(write, take_in, bring_in):
    january = write("wanneer;cijfer;waarom\n5-1-2026;8;Prima\n6-1-2026;3;Traag\n", "januari.csv")
    bring_in(january, mapping={"csat": "cijfer"}, scales={"csat": [1, 10]})

    february = take_in(write("wanneer;cijfer;waarom\n5-2-2026;9;Top\n", "februari.csv"))

    assert february.is_remembered
    assert [(m["metric"], m["low"], m["high"]) for m in february.plan["metrics"]] == [
        ("csat", 1, 10)
    ]
    assert list(february.targets.values()) == [{"survey": str(Survey.objects.get().public_id)}]


def test_a_file_refused_in_the_middle_leaves_nothing(organisation, take_in, write, monkeypatch):
    from gloed.channels.file_import.reading import Reason, Source, UnreadableFile

    rows = "".join(f"2026-01-{1 + n % 28:02},{n % 11},words {n}\n" for n in range(40))
    of_import = take_in(write("time,nps,comment\n" + rows))
    whole = Source.records

    def breaking(self, **kwargs):
        for number, item in enumerate(whole(self, **kwargs)):
            if number == 23:
                raise UnreadableFile(Reason.DAMAGED, kind="a Parquet file")
            yield item

    monkeypatch.setattr(Source, "records", breaking)
    operations.run(operations.start(of_import, by=None, now=NOW), now=lambda: NOW, chunk=10)

    of_import.refresh_from_db()
    assert (of_import.state, of_import.refusal["code"]) == ("refused", "damaged")
    assert not Response.objects.exists()
    assert not Survey.objects.exists()
