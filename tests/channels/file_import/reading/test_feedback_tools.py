"""Section 4 of the specification: the traps of each tool's layout, tools for feedback."""

import json

import pytest

from gloed.channels.file_import.reading import Metric, Options, options_from, summary, understand

AMSTERDAM = Options(timezone="Europe/Amsterdam")


# Formbricks, Retently, AskNicely, Trustpilot


def test_formbricks_of_older_days_and_its_matrices(write, read) -> None:
    path = write(
        [
            (
                '"No.","Response ID","Timestamp","Finished","Survey ID","Formbricks ID (internal)",'
                '"User ID","1. Would you recommend us?","2. How satisfied? - Price",'
                '"2. How satisfied? - Help","3. Why? - Option ID","3. Why?"'
            ),
            '"1","cm1","Mon Mar 03 2025","Yes","s","","","9","4","5","o1","Cheap, and it works"',
            '"2","cm2","Mon Mar 03 2025","No","s","","","dismissed","","","",""',
        ]
    )
    found = read(path)

    assert found.scores == [9]
    assert found.skipped == [(2, "empty")]
    assert found.warnings == [["date_only"]]
    assert found.times == ["2025-03-03T00:00:00Z"]
    assert found.records[0].comment == "Cheap, and it works"


def test_formbricks_questions_by_the_surveys_own_json(write, read) -> None:
    answers = [
        {"id": "r1", "createdAt": "2026-04-02T09:44:09.000Z", "surveyId": "s", "finished": True,
         "data": {"q1": 9, "q2": "Goed", "q3": ["a", "b"], "id": "x"}, "contact": None},
        {"id": "r2", "createdAt": "2026-04-02T09:45:09.000Z", "surveyId": "s", "finished": False,
         "data": {"q1": "dismissed", "q2": ""}, "contact": None},
    ]  # fmt: skip
    survey = {"questions": [{"id": "q1", "type": "nps"}, {"id": "q2", "type": "openText"}]}
    path = write(json.dumps({"data": answers}), name="a.json")
    structure = write(json.dumps(survey), name="s.json")

    found = read(path, Options(structure=structure))

    assert found.scores == [9]
    assert found.records[0].comment == "Goed"
    assert found.records[0].source_response_id == "r1"
    assert found.records[0].attributes["q3"] == '["a", "b"]'
    assert found.skipped == [(2, "empty")]


def test_retently_with_several_metrics(write) -> None:
    path = write(
        [
            "Email,Campaign,Metric,Score,Rating Category,Feedback,Date",
            "a@example.org,K,NPS,10,Promoter,,2026-01-10 12:42:52",
            "a@example.org,K,CSAT,5,Satisfied,,2026-01-10 12:43:52",
            "a@example.org,K,CES,7,Easy,,2026-01-10 12:44:52",
            "a@example.org,K,STAR,4,,,2026-01-10 12:45:52",
            "a@example.org,K,CSAT,6,,te hoog,2026-01-10 12:46:52",
        ]
    )
    found = summary(path)

    assert found["format"] == "retently_csv"
    assert {k: v["scored"] for k, v in found["metrics"].items()} == {
        "nps": 1, "csat": 1, "ces": 1, "stars": 1,
    }  # fmt: skip
    assert found["warnings"] == {"score_out_of_range": 1}


def test_asknicely_as_json_with_unanswered_people(write, read) -> None:
    rows = [
        {"response_id": "1", "person_id": "1", "contact_id": "c", "email": "a@example.org",
         "name": "Anonymous", "answer": "0", "comment": "&lt;b&gt; &amp;amp;", "dont_contact": "1",
         "responded": "1773056105", "question_type": "nps"},
        {"response_id": "2", "person_id": "2", "contact_id": "", "answer": "0", "comment": "",
         "responded": "0", "question_type": "nps"},
        {"response_id": "3", "person_id": "3", "contact_id": "", "answer": "4", "comment": "",
         "responded": "1773056106", "question_type": "5star"},
    ]  # fmt: skip
    found = read(write(json.dumps({"success": True, "data": rows}), name="a.json"))

    assert found.source.file.format == "asknicely_json"
    assert [(r.answers[0].metric, r.answers[0].score) for r in found.records] == [
        (Metric.NPS, 0), (Metric.STARS, 4),
    ]  # fmt: skip
    assert found.skipped == [(2, "empty")]
    assert found.records[0].comment == "<b> &amp;"
    assert found.records[0].do_not_contact
    assert found.records[0].respondent.name is None


def test_trustpilot_in_another_order_keeps_the_reply_as_a_note(write, read) -> None:
    path = write(
        [
            (
                "Review Stars;Review Id;Review Created (UTC);Review Title;Review Content;"
                "Company Response"
            ),
            "5;r1;2026-03-16 05:48:22;Top;;Dank je",
        ]
    )
    found = read(path, AMSTERDAM)

    assert found.times == ["2026-03-16T05:48:22Z"]
    assert found.records[0].comment is None
    assert found.records[0].attributes["Review Title"] == "Top"
    assert found.records[0].notes == ("Dank je",)


# Zendesk, HubSpot


def test_a_dutch_zendesk_report_of_both_systems(write) -> None:
    path = write(
        [
            "Ticket ID;Naam aanvrager;Satisfaction beoordeling;Opmerking;Datum beoordeling",
            "1;Permanently deleted user;Goed;;21-02-2026 10:00",
            "2;Zoë;Slecht;Duurde te lang;22-02-2026 10:00",
            "3;Jan;Aangeboden;;23-02-2026 10:00",
            "4;An;4;;24-02-2026 10:00",
        ]
    )
    found = summary(path, AMSTERDAM)

    assert found["format"] == "zendesk_csv"
    assert found["skipped"] == {"empty": 1}
    assert found["metrics"]["thumbs"]["satisfied_percent"] == 50.0
    assert found["metrics"]["csat"]["scored"] == 1
    assert found["first_at"] == "2026-02-21T09:00:00Z"


def test_zendesk_users_that_were_loaded_along(write, read) -> None:
    document = {
        "satisfaction_ratings": [
            {"id": 1, "requester_id": 7, "score": "good_with_comment", "comment": "Top",
             "updated_at": "2026-03-11T18:55:48Z", "created_at": "2026-03-10T18:55:48Z"}
        ],
        "users": [{"id": 7, "name": "Zoë", "email": "Zoe@example.org"}],
    }  # fmt: skip
    found = read(write(json.dumps(document), name="z.json"))

    assert found.times == ["2026-03-11T18:55:48Z"]
    assert found.records[0].respondent.email == "Zoe@example.org"
    assert found.records[0].touchpoint == "ticket"


def test_hubspot_tells_the_classic_scale_from_the_newer_one(write) -> None:
    path = write(
        [
            "Record ID,Survey name,Survey type,Date,Rating,Feedback Sentiment,Response",
            "1,Classic,CSAT,2026-03-14 12:43,0,Unhappy,",
            "2,Classic,CSAT,2026-03-14 12:44,2,Happy,",
            "3,Newer,CSAT,2026-03-14 12:45,2,Unhappy,",
            "4,Newer,CSAT,2026-03-14 12:46,5,Happy,",
            "5,Help,KNOWLEDGE,2026-03-14 12:47,1,,",
            "6,Own,CUSTOM,2026-03-14 12:48,3,,",
        ]
    )
    found = summary(path, AMSTERDAM)

    assert found["metrics"]["csat"]["scale"] == [0, 2]
    assert found["metrics"]["csat_1_5"]["scored"] == 2
    assert found["metrics"]["thumbs"]["scored"] == 1
    assert found["skipped"] == {"empty": 1}


def test_hubspot_json(write) -> None:
    properties = {"hs_survey_type": "NPS", "hs_value": "0", "hs_content": "traag",
                  "hs_submission_timestamp": "2026-03-14T12:43:00.000Z"}  # fmt: skip
    found = summary(
        write(json.dumps({"results": [{"id": "5", "properties": properties}]}), name="h.json")
    )

    assert found["format"] == "hubspot_json"
    assert found["metrics"]["nps"]["nps"] == -100.0
    assert found["first_at"] == "2026-03-14T12:43:00Z"


# Delighted


def test_a_delighted_table_that_appends_each_change(write, read) -> None:
    path = write(
        [
            (
                "id\tperson\tperson_name\tperson_email\tsurvey_type\tscore\tcomment\tpermalink\t"
                "created_at\tupdated_at\tperson_properties\ttags"
            ),
            (
                '1\t5\tZ\tz@a.nl\tcsat3\t3\t\tp\t1767630525\t1767630525\t{"Delighted Source": '
                '"Email"}\t["a"]'
            ),
            "2\t\t\t\tces\t5\tprima\tp\t1767630526\t1767630526\t\t",
            (
                '1\t5\tZ\tz@a.nl\tcsat3\t1\ttoch niet\tp\t1767630525\t1767630999\t{"Delighted '
                'Source": "Email", "plan": "plus"}\t["a", "b, c"]'
            ),
            "3\t\t\t\tpmf\t2\t\tp\t1767630527\t1767630527\t\t",
            "4\t\t\t\tces7\t7\t\tp\t1767630527\t1767630527\t\t",
            "5\t\t\t\tunknown\t7\t\tp\t1767630527\t1767630527\t\t",
        ]
    )
    found = read(path)

    assert found.source.file.format == "delighted_csv"
    assert [(r.answers[0].metric.value, r.answers[0].scale, r.answers[0].score)
            for r in found.records] == [
        ("ces", (1, 5), 5), ("csat", (1, 3), 1), ("pmf", (1, 3), 2), ("ces", (1, 7), 7),
    ]  # fmt: skip
    assert found.skipped == [(1, "duplicate"), (6, "empty")]
    changed = found.records[1]
    assert changed.tags == ("a", "b, c")
    assert changed.channel == "Email"
    assert changed.attributes["plan"] == "plus"
    assert changed.attributes["survey_type"] == "csat3"


def test_a_delighted_dump_brings_people_and_suppressions(write, read) -> None:
    document = {
        "people": [{"id": "7", "name": "Zoë", "email": "Z@example.nl", "last_sent_at": 1767630525}],
        "survey_responses": [
            {"id": "1", "person": "7", "survey_type": "nps", "score": 0, "comment": None,
             "created_at": 1767630525},
            {"id": "2", "person": "8", "survey_type": "nps", "score": 9, "comment": None,
             "created_at": 1767630526},
        ],
        "unsubscribes": [{"email": "z@example.nl", "unsubscribed_at": 1767630525}],
        "bounces": [{"email": "weg@example.org", "bounced_at": 1767630525}],
    }  # fmt: skip
    found = read(write(json.dumps(document), name="d.json"))

    assert found.scores == [0, 9]
    assert found.records[0].respondent.email == "Z@example.nl"
    assert found.records[1].respondent is None
    companions = found.source.companions
    assert companions.people[0].last_asked_at is not None
    assert [(s.email, s.reason) for s in companions.suppressions] == [
        ("z@example.nl", "unsubscribed"), ("weg@example.org", "bounced"),
    ]  # fmt: skip


@pytest.mark.parametrize("wrap", ["plain", "singer", "airbyte"])
def test_delighted_json_lines_of_every_tap(write, read, wrap: str) -> None:
    lines = []
    for number in range(3):
        response = {"id": str(number), "person": {"id": "1", "email": "a@example.org"},
                    "survey_type": "nps", "score": number, "created_at": 1767630525}  # fmt: skip
        shapes = {
            "plain": response,
            "singer": {"type": "RECORD", "stream": "survey_responses", "record": response},
            "airbyte": {"type": "RECORD", "record": {"stream": "s", "data": response}},
        }
        lines.append(json.dumps(shapes[wrap]))
    found = read(write(lines, name="d.jsonl"))

    assert found.source.file.format == "delighted_json"
    assert found.scores == [0, 1, 2]


def test_qualtrics_json_has_no_texts_but_names_its_nps(write) -> None:
    values = {"recordedDate": "2026-01-01T10:00:00Z", "finished": 1, "status": 0,
              "QID1": 9, "QID1_NPS_GROUP": 3, "QID2_TEXT": "omdat het werkt"}  # fmt: skip
    path = write(
        json.dumps({"responses": [{"responseId": "R_1", "values": values}]}), name="q.json"
    )
    plan = understand(path)

    assert plan.format == "qualtrics_json"
    assert plan.preview[0].answers[0].score == 9
    assert plan.preview[0].comment == "omdat het werkt"


def test_the_user_may_choose_another_format(write) -> None:
    path = write(["campaign,score,rating category,feedback,date", "K,9,x,goed,2026-01-01 10:00"])

    assert summary(path)["format"] == "retently_csv"
    assert summary(path, options_from({"format": "generic_csv"}))["format"] == "generic_csv"


def test_zendesk_survey_responses_are_not_mixed_with_thumbs(write) -> None:
    document = {
        "satisfaction_ratings": [
            {"id": 1, "requester_id": 7, "score": "bad", "updated_at": "2026-03-11T18:55:48Z"}
        ],
        "survey_responses": [
            {
                "id": "x",
                "responder_id": 8,
                "updated_at": "2026-03-12T18:55:48Z",
                "subjects": [{"type": "ticket", "id": "9"}],
                "answers": [
                    {"type": "rating_scale", "rating": 5},
                    {"type": "open_ended", "value": "Fijn"},
                ],
            }
        ],
    }
    found = summary(write(json.dumps(document), name="z.json"))

    assert {key: m["satisfied"] for key, m in found["metrics"].items()} == {"thumbs": 0, "csat": 1}
    assert found["with_comment"] == 1


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"free_response": "zo maar"}, "zo maar"),
        ({"scale": 0}, "0"),
        ({"select_one": {"id": "a", "text": "Ja"}}, "Ja"),
        ({"select_many": [{"id": "a", "text": "Ja"}, {"id": "b", "text": "Nee"}]}, "Ja, Nee"),
    ],
)
def test_further_answers_of_delighted_become_attributes(write, read, value, text: str) -> None:
    response = {
        "id": "1",
        "person": {"id": "1"},
        "survey_type": "nps",
        "score": 9,
        "created_at": 1767630525,
        "additional_answers": [{"id": "4", "value": value, "question": {"text": "En verder?"}}],
    }
    found = read(write(json.dumps([response]), name="d.json"))

    assert found.records[0].attributes["En verder?"] == text
