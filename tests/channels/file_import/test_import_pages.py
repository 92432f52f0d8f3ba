"""The pages, through the real door: drop a file, check it, bring it in, read the report, undo."""

import csv
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from gloed.base.models import JournalEntry
from gloed.base.worker import run_until_idle
from gloed.channels.file_import import operations
from gloed.channels.file_import.models import Import
from gloed.responses.models import Answer, Response
from gloed.surveys.models import Survey
from tests.channels.file_import.conftest import SAMPLES
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
LIST, UPLOAD = reverse("file_import:list"), reverse("file_import:upload")


def send(client, name, content):
    return client.post(UPLOAD, {"file": SimpleUploadedFile(name, content)})


def address(name, of_import):
    return reverse(f"file_import:{name}", args=[of_import.public_id])


def text_of(response):
    """The words of a page, tags and blanks folded."""
    unread = r"<script.*?</script>|<datalist.*?</datalist>|<[^>]+>"
    return " ".join(re.sub(unread, " ", response.content.decode(), flags=re.DOTALL).split())


def posted(page):
    """The fields of the form as a browser would send them without a change."""
    html = page.content.decode()
    form = html[html.index('<form class="stack import-form"') :]
    fields = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = (re.search(rf'\b{key}="([^"]*)"', tag) for key in ("name", "value"))
        if name and 'type="file"' not in tag and 'type="checkbox"' not in tag:
            fields[name.group(1)] = value.group(1) if value else ""
    selects = r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>'
    for name, choices in re.findall(selects, form, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', choices)
        fields[name] = chosen.group(1) if chosen else ""
    fields.pop("csrfmiddlewaretoken", None)
    return fields


def test_the_telecom_file_gives_its_known_score(alice, telecom):
    answer = send(alice, telecom.name, telecom.read_bytes())
    of_import = Import.objects.get()
    page = alice.get(answer["location"])

    assert "Import 1,626 answers" in text_of(page)
    alice.post(address("decide", of_import), {**posted(page), "start": "yes"})
    run_until_idle()
    report = text_of(alice.get(address("detail", of_import)))

    ratings = list(Answer.objects.filter(rating__isnull=False).values_list("rating", flat=True))
    score = 100 * (sum(r >= 9 for r in ratings) - sum(r <= 6 for r in ratings)) / len(ratings)
    assert (len(ratings), round(score, 1)) == (1626, -28.2)
    assert "1,626 answers are in" in report
    assert "As the old tool shows it −28 " in report
    assert "−28.2 (−32 to −24), 1,626 answers" in report
    assert "nps telecom en" in text_of(alice.get(LIST))
    told = JournalEntry.objects.get(kind="import.finished")
    assert told.subject == str(of_import.public_id)
    assert told.payload["imported"] == 1626


def test_an_empty_list_teaches(alice):
    words = text_of(alice.get(LIST))

    assert "Drag a file here, or choose one" in words
    assert "Which files work" in words
    assert "SurveyMonkey" in words


def test_choices_are_put_over_what_was_found(alice):
    content = b"when,mark,reason\n2026-01-05,7,slow\n2026-01-06,2,late\n"
    page = alice.get(send(alice, "marks.csv", content)["location"])
    of_import = Import.objects.get()
    column = next(c["index"] for c in of_import.plan["columns"] if c["name"] == "mark")
    fields = {**posted(page), f"col_{column}": "csat"}

    alice.post(address("decide", of_import), {**fields, "look": "yes"})
    page = alice.get(address("detail", of_import))
    fields = {**posted(page), "scale_csat": "1:10", "title_0": "Marks"}
    alice.post(address("decide", of_import), {**fields, "look": "yes"})
    fields = posted(alice.get(address("detail", of_import)))
    alice.post(address("decide", of_import), {**fields, "start": "yes"})
    run_until_idle()

    survey = Survey.objects.get()
    assert (survey.title, survey.metric) == ("Marks", "csat")
    assert sorted(Answer.objects.exclude(rating=None).values_list("rating", flat=True)) == [2, 7]


def test_a_changed_choice_is_shown_before_it_is_brought_in(alice):
    content = b"nps,comment\n9,\n3,slow\n,words\n"
    page = alice.get(send(alice, "a.csv", content)["location"])
    of_import = Import.objects.get()
    column = next(c["index"] for c in of_import.plan["columns"] if c["name"] == "comment")

    changed = {**posted(page), f"col_{column}": "attribute", "start": "yes"}
    answer = alice.post(address("decide", of_import), changed, follow=True)

    assert "Look once more" in text_of(answer)
    assert not Response.objects.exists()
    assert "Import 2 answers" in text_of(answer)


def test_left_out_rows_can_be_read_and_downloaded_safely(alice):
    content = b"nps,comment,note\n9,fine,\n,,=1+1\n"
    send(alice, "a.csv", content)
    of_import = Import.objects.get()
    page = alice.get(address("detail", of_import))
    assert "1 row is left out: no score and no comment" in text_of(page)
    alice.post(address("decide", of_import), {**posted(page), "start": "yes"})
    run_until_idle()

    download = alice.get(address("skipped", of_import))

    body = b"".join(download.streaming_content).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(body))) == [
        ["row", "reason", "nps", "comment", "note"],
        ["2", "no score and no comment", "", "", "'=1+1"],
    ]


def test_undo_leaves_nothing_and_can_be_taken_back(alice, bring_in):
    of_import = bring_in(SAMPLES / "delighted_responses.csv")

    alice.post(address("undo", of_import))
    run_until_idle()
    page = alice.get(address("detail", of_import))
    assert "This import was taken back" in text_of(page)
    assert not Response.objects.exists()
    assert not Survey.objects.exists()

    alice.post(address("redo", of_import))
    run_until_idle()
    assert Response.objects.count() == 18


def test_taking_back_that_was_cut_off_goes_on_and_counts_from_there(bring_in):
    of_import = bring_in(SAMPLES / "typeform.csv")
    brought = of_import.counts["new"]
    operations.undo(of_import, by=None, now=NOW)

    class Dead(Exception):
        """The worker is gone."""

    def die(_done, _total):
        raise Dead

    with pytest.raises(Dead):
        operations.remove(of_import, now=lambda: NOW, report=die)
    told = []
    operations.remove(of_import, now=lambda: NOW, report=lambda *progress: told.append(progress))
    assert told[0] == told[-1] == (brought, brought)
    of_import.refresh_from_db()
    assert (of_import.state, Response.objects.count()) == ("undone", 0)


def test_a_waiting_import_can_be_stopped(alice, take_in):
    of_import = operations.start(take_in(SAMPLES / "typeform.csv"), by=None, now=NOW)
    watching = alice.get(address("detail", of_import))
    assert "You can leave this page" in text_of(watching)
    assert b'http-equiv="refresh"' in watching.content

    alice.post(address("cancel", of_import))
    run_until_idle()

    of_import.refresh_from_db()
    assert of_import.state == "cancelled"
    assert not Response.objects.exists()


def test_the_watching_part_asks_for_the_whole_page_at_the_end(alice, bring_in):
    of_import = bring_in(SAMPLES / "typeform.csv")

    answer = alice.get(address("progress", of_import), headers={"HX-Request": "true"})

    assert answer.headers["HX-Refresh"] == "true"


def test_a_large_file_is_understood_by_a_worker(alice, monkeypatch):
    monkeypatch.setattr(operations.deciding, "LITTLE_BYTES", 10)
    page = alice.get(send(alice, "a.csv", b"nps,comment\n9,fine\n3,slow\n")["location"])
    assert "Reading the file" in text_of(page)

    run_until_idle()

    assert "Import 2 answers" in text_of(alice.get(address("detail", Import.objects.get())))


def test_the_file_can_be_deleted_and_the_answers_stay(alice, bring_in):
    of_import = bring_in(SAMPLES / "typeform.csv")
    kept = operations.path_of(of_import)

    alice.post(address("delete_file", of_import))

    assert not kept.exists()
    assert Response.objects.count() == 16
    page = alice.get(address("detail", of_import))
    assert "The file itself was deleted." in text_of(page)
    assert alice.get(address("skipped", of_import)).status_code == 302


def test_the_same_file_again_is_said_first(alice, bring_in):
    bring_in(SAMPLES / "typeform.csv")

    sent = send(alice, "typeform.csv", (SAMPLES / "typeform.csv").read_bytes())

    assert "This file was brought in before" in text_of(alice.get(sent["location"]))


BAD = {
    "empty.csv": b"",
    "picture.png": b"\x89PNG\r\n\x1a\n" + bytes(200),
    "nothing.csv": b"nps,comment\n",
    "cut.xlsx": b"PK\x03\x04" + bytes(300),
    "broken.json": b'[{"score": 9, ',
    "noise.bin": bytes(range(256)) * 40,
}


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("name", BAD)
def test_a_file_that_cannot_be_read_gives_a_sentence_and_leaves_nothing(
    alice, settings, name, language
):
    answer = alice.post(
        UPLOAD,
        {"file": SimpleUploadedFile(name, BAD[name])},
        headers={"Accept-Language": language},
    )

    kept = "Nothing was kept" if language == "en" else "Er is niets bewaard"
    assert answer.status_code == 422
    assert kept in text_of(answer)
    assert not Import.objects.exists()
    assert not [path for path in settings.UPLOADS.rglob("*") if path.is_file()]


def test_a_structure_alone_is_told_apart(alice):
    answer = send(alice, "x.lss", (SAMPLES / "limesurvey.lss").read_bytes())

    assert "structure of a LimeSurvey survey" in text_of(answer)


def test_a_file_above_the_limit_is_refused_before_it_is_read(alice, settings):
    settings.UPLOAD_LIMIT_BYTES = 1_000_000

    line = alice.post(UPLOAD, {"file": SimpleUploadedFile("big.csv", bytes(3_000_000))})
    whole = alice.post(UPLOAD, {"file": SimpleUploadedFile("big.csv", bytes(1_500_000))})

    assert (line.status_code, whole.status_code) == (413, 422)
    assert "larger than 1 MB" in text_of(line)
    assert "larger than 1 MB" in text_of(whole)
    assert not Import.objects.exists()


def test_an_upload_without_the_token_is_refused(organisation, make_staff):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make_staff(organisation, "owner"))

    assert send(strict, "a.csv", b"nps\n9\n").status_code == 403
    assert not Import.objects.exists()


@pytest.mark.parametrize("sample", sorted(path.name for path in SAMPLES.iterdir()))
@pytest.mark.parametrize("language", ["en", "nl"])
def test_every_sample_is_explained_in_both_languages(alice, sample, language):
    if sample == "expected.json":
        pytest.skip("what is expected of the samples, not a sample")
    headers = {"Accept-Language": language}
    content = (SAMPLES / sample).read_bytes()
    answer = alice.post(
        UPLOAD, {"file": SimpleUploadedFile(sample, content)}, headers=headers, follow=True
    )

    assert answer.status_code in (200, 422)
    assert f'<html lang="{language}"' in answer.content.decode()


def test_a_stranger_sees_nothing_and_a_viewer_may_not(charlie, client_of, organisation, bring_in):
    of_import = bring_in(SAMPLES / "typeform.csv")
    bob = client_of(organisation, "viewer")

    assert charlie.get(address("detail", of_import)).status_code == 404
    assert charlie.post(address("undo", of_import)).status_code == 404
    assert charlie.get(address("skipped", of_import)).status_code == 404
    assert bob.get(LIST).status_code == 403
    assert bob.post(address("undo", of_import)).status_code == 403
    assert Response.objects.count() == 16


def test_a_foreign_survey_is_no_target(alice, other_organisation, take_in):
    from gloed.surveys import operations as surveys
    from gloed.surveys.rules import Metric

    content = surveys.usual_content(other_organisation, Metric.NPS)
    theirs = surveys.create_survey(other_organisation, title="Theirs", content=content, now=NOW)
    surveys.publish(theirs, now=NOW)
    of_import = take_in(SAMPLES / "typeform.csv")
    fields = posted(alice.get(address("detail", of_import)))

    alice.post(
        address("decide", of_import),
        {**fields, "target_0": str(theirs.public_id), "start": "yes"},
    )
    run_until_idle()

    assert not Response.objects.filter(survey=theirs).exists()


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_asks_the_same_questions_for_many(
    alice, organisation, rows, django_assert_num_queries
):
    survey = Survey.objects.create(
        organisation=organisation, title="S", metric="nps", created_at=NOW
    )
    for number in range(rows):
        one = Import.objects.create(
            organisation=organisation,
            file_name=f"{number}.csv",
            sha256="0" * 64,
            size=1,
            state="done",
            created_at=NOW,
        )
        one.surveys.create(survey=survey, group="nps:0:10:")
    alice.get(LIST)

    with django_assert_num_queries(QUERIES):
        alice.get(LIST)


QUERIES = 8


def test_what_was_done_stands_in_the_audit_trail(alice, take_in):
    from gloed.base.models import AuditEntry

    of_import = take_in(SAMPLES / "typeform.csv")
    alice.post(
        address("decide", of_import),
        {**posted(alice.get(address("detail", of_import))), "start": "yes"},
    )
    run_until_idle()
    alice.post(address("undo", of_import))

    actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["import.started", "import.finished", "import.undone"]
