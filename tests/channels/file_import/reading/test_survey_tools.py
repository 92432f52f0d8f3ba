"""Section 4 of the specification: the traps of each tool's layout, on files of our own."""

import json
from pathlib import Path

import pytest

from gloed.channels.file_import.reading import Options, summary

AMSTERDAM = Options(timezone="Europe/Amsterdam")


# Google Forms


def test_google_forms_through_a_dutch_spreadsheet_in_windows_1252(write, read) -> None:
    path = write(
        [
            "Tijdstempel;Gebruikersnaam;Zou u ons aanraden aan vrienden?;Waarom? ;Waarom?",
            "25-10-2026 2:30:00;ZOE@example.nl ;10 – zeer waarschijnlijk;Één keer gebeld, klaar;",
            "26-10-2026 9:15;geen;7,5;;ook",
            "27-10-2026;rené@example.nl;11;Véél te duur voor wat het is;",
            ";;;;",
            "28-10-2026 10:00:00;bob@example.nl;0;;",
        ],
        encoding="cp1252",
        newline="\r\n",
    )
    found = read(path, AMSTERDAM)

    assert found.source.file.format == "google_forms_csv"
    assert found.scores == [10, None, 0]
    assert found.skipped == [(2, "empty")]
    assert found.warnings == [
        ["time_ambiguous"],
        ["score_out_of_range", "date_only"],
        [],
    ]
    assert found.times == ["2026-10-25T00:30:00Z", "2026-10-26T23:00:00Z", "2026-10-28T09:00:00Z"]
    assert [r.respondent and r.respondent.email for r in found.records] == [
        "ZOE@example.nl", "rené@example.nl", "bob@example.nl",
    ]  # fmt: skip


@pytest.mark.parametrize("header", ["Zeitstempel", "Horodateur", "Marca temporal", "Timestamp"])
def test_google_forms_in_other_languages(write, header: str) -> None:
    path = write([f"{header},Would you recommend us?", "2026/05/28 7:01:33 PM GMT+2,9"])

    assert summary(path)["format"] == "google_forms_csv"


def test_a_time_stamp_without_times_below_is_not_google_forms(write) -> None:
    path = write(["Timestamp,NPS", "x,9", "y,10"])

    assert summary(path)["format"] == "generic_csv"


# Qualtrics

_QUALTRICS = (
    ["StartDate", "EndDate", "Status", "Finished", "RecordedDate", "ResponseId", "RecipientEmail",
     "Q9_NPS_GROUP", "Q9", "Q9_TEXT", "Q7", "Q5_1", "Q5_2"],
    ["Start", "End", "Response Type", "Finished", "Recorded", "Response ID", "Recipient Email",
     "Zou u ons aanbevelen? - Group", "Zou u ons aanbevelen?", "Waarom?",
     "Hoe tevreden bent u?", "Hoe tevreden over - prijs", "Hoe tevreden over - hulp"],
    [json.dumps({"ImportId": name, "timeZone": "America/Denver"}) for name in
     ("startDate", "endDate", "status", "finished", "recordedDate", "_recordId", "recipientEmail",
      "QID9_NPS_GROUP", "QID9", "QID8_TEXT", "QID7", "QID5_1", "QID5_2")],
)  # fmt: skip


def _qualtrics(rows: list[list[str]], delimiter: str = ",") -> str:
    return "\n".join(
        delimiter.join('"' + cell.replace('"', '""') + '"' for cell in row)
        for row in (*_QUALTRICS, *rows)
    )


def _times(minute: int) -> list[str]:
    return [f"2026-01-01 10:{minute:02d}:00", f"2026-01-01 11:{minute:02d}:00"]


def test_qualtrics_numbers_and_choice_texts_give_the_same(write, read) -> None:
    numbers = [
        [
            *_times(1),
            "0",
            "1",
            "2026-01-01 11:01:05",
            "R_1",
            "*******",
            "3",
            "9",
            "a b c",
            "4",
            "1",
            "2",
        ],
        [*_times(2), "1", "1", "2026-01-01 11:02:05", "R_2", "", "1", "2", "", "1", "", ""],
        [
            *_times(3),
            "0",
            "0",
            "2026-01-01 11:03:05",
            "R_3",
            "x@example.org",
            "1",
            "0",
            "",
            "",
            "",
            "",
        ],
        [*_times(4), "8", "1", "2026-01-01 11:04:05", "R_4", "", "1", "5", "spam", "", "", ""],
    ]
    texts = [
        [*numbers[0][:2], "IP Address", "True", *numbers[0][4:7], "Promoter", "9", "a b c",
         "Somewhat satisfied", "x", "y"],
        [*numbers[1][:2], "Survey Preview", "True", *numbers[1][4:7], "Detractor", "2", "",
         "Extremely dissatisfied", "", ""],
        [*numbers[2][:2], "IP Address", "False", *numbers[2][4:7], "Detractor", "0", *[""] * 4],
        [*numbers[3][:2], "Spam", "True", *numbers[3][4:7], "Detractor", "5", "spam", "", "", ""],
    ]  # fmt: skip
    coded = read(write(_qualtrics(numbers), name="coded.csv"))
    worded = read(write(_qualtrics(texts, "\t"), name="worded.tsv", encoding="utf-16"))

    for found in (coded, worded):
        assert found.source.file.format == "qualtrics_csv"
        assert [{a.metric.value: a.score for a in r.answers} for r in found.records] == [
            {"nps": 9, "csat": 4}, {"nps": 0},
        ]  # fmt: skip
        assert found.skipped == [(2, "test"), (4, "test")]
        assert [r.status for r in found.records] == ["complete", "partial"]
        assert found.times[0] == "2026-01-01T18:01:05Z"
        assert found.records[0].comment == "a b c"
        assert found.records[0].respondent is None


def test_qualtrics_before_the_third_header_record(write, read) -> None:
    path = write(
        [
            "V1,V8,V9,V10,Q1,Q2",
            "ResponseID,StartDate,EndDate,Finished,Would you recommend us?,Why?",
            "R_1,2015-01-01 10:00:00,2015-01-01 10:05:00,1,9,Because it simply works",
        ]
    )
    found = read(path, AMSTERDAM)

    assert found.source.file.format == "qualtrics_csv"
    assert found.scores == [9]
    assert found.times == ["2015-01-01T09:05:00Z"]
    assert found.records[0].source_response_id == "R_1"


# SurveyMonkey

_FIXED = "Respondent ID,Collector ID,Start Date,End Date,IP Address,Email Address"


def test_surveymonkey_nps_in_two_columns_in_a_translated_account(write, read) -> None:
    path = write(
        [
            (
                f"{_FIXED},Hoe waarschijnlijk is het dat u ons aanbeveelt?,,Licht dit eens toe,"
                "Hoe tevreden bent u over,,"
            ),
            ",,,,,,Groep,Waarde,Open antwoord,prijs,hulp,tempo",
            (
                "118000000000,4,03/04/2026 08:32:55 AM,03/04/2026 08:34:55 PM,::1,a@example.nl,"
                "Criticaster,0,Duurt altijd veel te lang,1,2,3"
            ),
            (
                "118000000001,4,03/05/2026 08:32:55 AM,03/13/2026 12:34:55 AM,::1,b@example.nl,"
                "Promotor,10 - Extremely likely,,5,5,5"
            ),
        ]
    )
    found = read(path, AMSTERDAM)

    assert found.source.file.format == "surveymonkey_csv"
    assert found.scores == [0, 10]
    assert found.times == ["2026-03-04T19:34:55Z", "2026-03-12T23:34:55Z"]
    assert found.records[0].comment == "Duurt altijd veel te lang"
    assert found.records[0].touchpoint == "4"
    assert found.records[0].attributes == {
        "Hoe waarschijnlijk is het dat u ons aanbeveelt?": "Criticaster",
        "Hoe tevreden bent u over": "1",
        "Hoe tevreden bent u over — hulp": "2",
        "Hoe tevreden bent u over — tempo": "3",
    }


def test_ids_that_a_spreadsheet_rounded_do_not_make_duplicates(write, read) -> None:
    path = write(
        [
            f"{_FIXED},Would you recommend us?",
            ",,,,,,Response",
            "1.18E+11,4,03/24/2026 08:32:55 AM,03/24/2026 08:34:55 AM,,,9",
            "1.18E+11,4,03/24/2026 08:36:55 AM,03/24/2026 08:38:55 AM,,,3",
        ]
    )
    found = read(path)

    assert found.scores == [9, 3]
    assert [r.source_response_id for r in found.records] == [None, None]
    assert "rounded_ids" in [note.code for note in found.source.plan().notes]


# Typeform


def test_typeform_of_older_days(write, read) -> None:
    path = write(
        [
            (
                "#,How likely are you to recommend {{field:abc}} to a friend?,Other,Other,"
                "Start Date (UTC),Submit Date (UTC),Network ID"
            ),
            "a1,10,x,y,2019-01-01 10:00:00,2019-01-01 10:01:00,n1",
            "a2,4,,,2019-01-01 11:00:00,,n2",
        ]
    )
    found = read(path, AMSTERDAM)

    assert found.source.file.format == "typeform_csv"
    assert found.times == ["2019-01-01T10:01:00Z", "2019-01-01T11:00:00Z"]
    assert [r.status for r in found.records] == ["complete", "partial"]
    assert found.records[0].attributes["Other (2)"] == "y"


# LimeSurvey


def test_limesurvey_with_full_texts_and_no_date_stamps(write, read) -> None:
    path = write(
        [
            (
                '"Response ID";"Date submitted";"Last page";"Start language";"Seed";'
                '"Zou u ons aanbevelen?";"Hoe tevreden is u? [Prijs]";"Hoe tevreden is u? [Tips]";'
                '"Wat is de reden?"'
            ),
            '"1";"1980-01-01 00:00:00";"2";"nl";"1";"9.0000000000";"Tevreden";"Neutraal";"Goed"',
            '"2";"";"1";"nl";"2";"3.0000000000";"";"";""',
        ],
        encoding="utf-8-sig",
    )
    found = read(path, AMSTERDAM)

    assert found.source.file.format == "limesurvey_csv"
    assert found.scores == [9, 3]
    assert found.warnings == [["time_missing"], ["time_missing"]]
    assert [r.status for r in found.records] == ["complete", "partial"]
    assert found.records[0].attributes["Hoe tevreden is u? [Prijs]"] == "Tevreden"


def test_limesurvey_codes_follow_the_structure_and_not_their_names(
    write, read, tmp_path: Path
) -> None:
    def table(name: str, rows: list[dict[str, str]]) -> str:
        cells = "".join(
            "<row>" + "".join(f"<{k}>{v}</{k}>" for k, v in row.items()) + "</row>" for row in rows
        )
        return f"<{name}><rows>{cells}</rows></{name}>"

    answers = [
        {
            "qid": "1",
            "code": f"A{n}",
            "sortorder": str(6 - n),
            "assessment_value": "0",
            "aid": str(n),
        }
        for n in range(1, 6)
    ]
    structure = tmp_path / "s.lss"
    structure.write_text(
        "<document><LimeSurveyDocType>Survey</LimeSurveyDocType>"
        + table("answers", answers)
        + table("questions", [{"qid": "1", "parent_qid": "0", "sid": "7", "title": "K"}])
        + table("question_l10ns", [{"qid": "1", "question": "Hoe tevreden bent u?"}])
        + "</document>",
        encoding="utf-8",
    )
    path = write(["id,submitdate,startlanguage,K", "1,2026-01-01 10:00:00,nl,A1",
                  "2,2026-01-01 10:00:01,nl,A5", "3,2026-01-01 10:00:02,nl,A4"])  # fmt: skip

    found = read(path, Options(timezone="UTC", structure=structure))

    assert found.scores == [5, 1, 2]
    assert found.records[0].answers[0].question == "Hoe tevreden bent u?"
