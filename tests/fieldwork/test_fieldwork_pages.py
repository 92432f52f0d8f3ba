"""The pages of waves, the ledger and the contact policy, through the real door."""

import csv
import io
import re

import pytest

from gloed.base.models import AuditEntry, Job
from gloed.fieldwork import operations
from gloed.fieldwork.models import ContactPolicy, Invitation, Wave
from gloed.people import operations as people
from tests.fieldwork.conftest import MAIL, NOW


def plan_values(survey, **values):
    return {
        "survey": survey.pk,
        "name": "Voorjaar",
        "channel": MAIL.name,
        "pace": "once",
        "days": 5,
        "opens": "09:00",
        "closes": "17:00",
        "reminders": 0,
        **values,
    }


def segment_field(client, name):
    page = client.get("/fieldwork/plan/").content.decode()
    return re.search(rf'name="(segment_\w+)"[^>]*value="{name}"', page)[1]


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def read_csv(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_from_the_plan_over_the_dry_run_to_the_ledger(alice, organisation, survey, make_people):
    make_people(30)
    people.suppress(organisation, "c1@example.org", reason="opt_out", source="x", now=NOW)
    field = segment_field(alice, "Noord")
    counted = alice.post("/fieldwork/plan/count/", {field: ["Noord"]})
    assert "15 people in this segment" in text_of(counted)
    answer = alice.post(
        "/fieldwork/plan/", plan_values(survey, sample_size=10, **{field: ["Noord"]})
    )
    wave = Wave.objects.get()
    assert answer.url == f"/fieldwork/{wave.public_id}/"
    assert wave.segment == {"regio": ["Noord"]}
    page = text_of(alice.get(answer.url))
    assert "Send 10 invitations" in page
    assert "10 of 15 people would be asked now" in page
    assert "3,258 answers in each wave, about 21,720 invitations" in page
    only = alice.get(answer.url, {"reason": "opted_out"}).content.decode()
    assert "Klant 1<" in only
    assert "Klant 3<" not in only
    assert Invitation.objects.count() == 0

    alice.post(f"{answer.url}change/", {"to": "start"})
    assert Job.objects.filter(kind="fieldwork.write_wave").count() == 1
    operations.write_wave(wave.pk, now=NOW)
    page = text_of(alice.get(answer.url))
    assert "not asked: not in the sample 4" in page
    assert "all together 15" in page
    same = alice.get(answer.url, {"stage": "running-True"})
    assert "HX-Refresh" not in same
    assert alice.get(answer.url, {"stage": "running-False"})["HX-Refresh"] == "true"
    alice.post(f"{answer.url}change/", {"to": "pause"})
    assert "paused" in text_of(alice.get(answer.url))
    alice.post(f"{answer.url}change/", {"to": "resume"})
    alice.post(f"{answer.url}change/", {"to": "stop"})
    assert set(AuditEntry.objects.values_list("action", flat=True)) >= {
        "wave.started", "wave.paused", "wave.resumed", "wave.stopped",
    }  # fmt: skip
    alice.post(f"{answer.url}change/", {"to": "moon"})
    assert Wave.objects.get().state == "stopped"


def test_a_plan_can_be_changed_and_thrown_away(alice, survey, make_people):
    make_people(4)
    field = segment_field(alice, "Noord")
    alice.post("/fieldwork/plan/", plan_values(survey, **{field: ["Noord"]}))
    url = f"/fieldwork/{Wave.objects.get().public_id}/"
    page = alice.get(f"{url}plan/").content.decode()
    assert re.search(rf'name="{field}" value="Noord"[^>]*checked', page)
    alice.post(f"{url}plan/", plan_values(survey, name="Najaar", channel="link"))
    assert Wave.objects.get().name == "Najaar"
    assert "Make 4 personal links" in text_of(alice.get(url))
    alice.post(f"{url}change/", {"to": "delete"})
    assert not Wave.objects.exists()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"closes": "09:00"}, "Choose an hour after the first one."),
        ({"quota_attribute": "regio"}, "How many people of each?"),
        ({"name": ""}, "This field is required."),
    ],
)
def test_a_plan_that_cannot_be_says_what_to_do(alice, survey, make_people, values, words):
    make_people(2)
    answer = alice.post("/fieldwork/plan/", plan_values(survey, **values))
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert not Wave.objects.exists()


def test_the_survey_must_be_open_when_a_wave_starts(alice, make_wave, survey, make_people):
    make_people(2)
    wave = make_wave()
    survey.state = "closed"
    survey.save()
    url = f"/fieldwork/{wave.public_id}/"
    page = text_of(alice.get(url))
    assert "The survey is not open" in page
    assert "Send 2" not in page
    answer = alice.post(f"{url}change/", {"to": "start"}, follow=True)
    assert "Nobody was asked: open the survey first." in text_of(answer)


def test_links_come_as_a_file_for_a_mail_merge(alice, make_wave, make_people):
    make_people(2)
    make_people(1, start=2, name="=cmd()")
    wave = operations.start_wave(make_wave(channel="link"), now=NOW)
    operations.write_wave(wave.pk, now=NOW)
    rows = read_csv(alice.get(f"/fieldwork/{wave.public_id}/links.csv"))
    assert [row["name"] for row in rows] == ["Klant 0", "Klant 1", "'=cmd()"]
    line = Invitation.objects.get(person__external_id="c0")
    assert rows[0]["link"].endswith(f"/s/{wave.survey.slug}/{line.token}/")
    assert alice.get(rows[0]["link"].split("8000", 1)[-1]).status_code == 200


def test_the_ledger_filters_counts_and_exports(alice, organisation, survey, make_people):
    everybody = make_people(3)
    for person in (*everybody, everybody[0]):
        operations.ask_one(survey, person, channel=MAIL.name, now=NOW)
    page = text_of(alice.get("/fieldwork/ledger/"))
    assert "1–4 of 4 lines" in page
    assert "not asked: another invitation is open 1" in page
    page = text_of(alice.get("/fieldwork/ledger/", {"reason": "open_invitation"}))
    assert "1–1 of 1 lines" in page
    person = everybody[0].public_id
    page = text_of(alice.get("/fieldwork/ledger/", {"person": person}))
    assert "1–2 of 2 lines" in page
    assert "Klant 1" not in page
    rows = read_csv(alice.get("/fieldwork/ledger.csv", {"became": "skipped"}))
    assert [(row["person"], row["reason"]) for row in rows] == [("c0", "open_invitation")]
    assert "Take a filter away" in text_of(alice.get("/fieldwork/ledger/", {"became": "bounced"}))


def test_the_ledger_is_cut_by_day_and_by_trigger(alice, organisation, survey, person):
    operations.ask_one(survey, person, channel=MAIL.name, now=NOW)
    for values, n in [
        ({"since": "2026-03-02", "until": "2026-03-02"}, 1),
        ({"since": "2026-03-03"}, 0),
        ({"until": "2026-03-01"}, 0),
    ]:
        page = text_of(alice.get("/fieldwork/ledger/", values))
        assert ("1–1 of 1 lines" in page) is bool(n)
    assert "from 3 March 2026" in text_of(alice.get("/fieldwork/ledger/", {"since": "2026-03-03"}))


def test_the_card_of_the_response_rate_says_what_is_counted(alice, survey, person):
    asked = operations.ask_one(survey, person, channel="link", now=NOW)
    operations.note_answer(asked.invitation_id, is_complete=True, now=NOW)
    page = text_of(alice.get("/fieldwork/ledger/"))
    assert "100.0% of 1 delivered answered" in page
    assert "AAPOR Standard Definitions, response rate 2 (RR2)" in page
    assert "RR2 = (complete + partial) / (sent − bounced − withdrawn)" in page


def test_what_was_perhaps_sent_is_shown_as_that_and_counts_as_asked(alice, survey, person):
    asked = operations.ask_one(survey, person, channel=MAIL.name, now=NOW)
    operations.claim_due(MAIL.name, limit=1, now=NOW)
    operations.note_handing(asked.invitation_id, message_id="<1>", now=NOW)
    operations.note_uncertain(asked.invitation_id, message_id="<1>", now=NOW)
    page = text_of(alice.get("/fieldwork/ledger/"))
    assert "perhaps sent 1" in page
    assert "0.0% of 1 delivered answered" in page


def test_nonsense_in_the_address_is_no_filter(alice):
    wrong = {"survey": "x", "wave": "y", "became": "z", "person": "w", "page": "v", "since": "u"}
    assert alice.get("/fieldwork/ledger/", wrong).status_code == 200


def test_who_may_not_see_people_sees_lines_without_names(client_of, organisation, survey, person):
    operations.ask_one(survey, person, channel=MAIL.name, now=NOW)
    viewer = client_of(organisation, "viewer")
    page = text_of(viewer.get("/fieldwork/ledger/", {"person": person.public_id}))
    assert "Klant 0" not in page
    assert "1–1 of 1 lines" in page
    assert viewer.get("/fieldwork/ledger.csv").status_code == 403
    assert viewer.get("/fieldwork/plan/").status_code == 403


def test_the_policy_is_kept_and_shows_what_it_leaves(alice, organisation, survey, make_people):
    everybody = make_people(5)
    operations.ask_one(survey, everybody[0], channel=MAIL.name, now=NOW)
    values = {
        "relationship_rest_days": 60, "transactional_rest_days": 20, "survey_cap": 2,
        "quarantine_days": 30, "offer_days": 21, "open_days": 14, "sampling_share": 50,
        "wave_quota": 0, "domain_daily_cap": 100, "country": "BE",
    }  # fmt: skip
    today = text_of(alice.get("/fieldwork/policy/today/", values))
    assert "A relationship survey could ask 4 of 5 people today." in today
    answer = alice.post("/fieldwork/policy/", values, follow=True)
    assert "This holds from the next invitation on." in text_of(answer)
    assert ContactPolicy.objects.get().relationship_rest_days == 60
    detail = AuditEntry.objects.get().detail
    assert (detail["survey_cap"], detail["country"]) == ([4, 2], ["NL", "BE"])
    wrong = alice.post("/fieldwork/policy/", {**values, "sampling_share": 101})
    assert wrong.status_code == 422


def test_a_stranger_finds_nothing(charlie, make_wave):
    wave = make_wave()
    for page in ("", "plan/", "links.csv"):
        assert charlie.get(f"/fieldwork/{wave.public_id}/{page}").status_code == 404
    assert charlie.post(f"/fieldwork/{wave.public_id}/change/", {"to": "stop"}).status_code == 404
    assert "Voorjaar" not in text_of(charlie.get("/fieldwork/"))


@pytest.mark.parametrize("path", ["", "ledger/"])
def test_a_list_asks_the_database_as_often_for_three_lines_as_for_one(
    path, make_wave, make_people, count_queries
):
    make_people(1)
    operations.write_wave(operations.start_wave(make_wave(), now=NOW).pk, now=NOW)
    one = count_queries(f"/fieldwork/{path}")
    make_people(4, start=1)
    for _ in range(2):
        operations.write_wave(operations.start_wave(make_wave(), now=NOW).pk, now=NOW)
    assert count_queries(f"/fieldwork/{path}") == one <= 12
