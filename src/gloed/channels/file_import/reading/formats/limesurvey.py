"""LimeSurvey: responses with codes or full texts, and the .lss that explains the codes."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, parse

from gloed.channels.file_import.reading.cells import text_of
from gloed.channels.file_import.reading.formats.beginnings import Beginning
from gloed.channels.file_import.reading.mapping import map_freely, map_scores
from gloed.channels.file_import.reading.plans import Remark
from gloed.channels.file_import.reading.refusals import Reason, refuse
from gloed.channels.file_import.reading.scores import SATISFACTION_LABELS, fold
from gloed.channels.file_import.reading.tables import Layout, Row, Table
from gloed.channels.file_import.reading.values import Options, Status, Target
from gloed.channels.file_import.reading.words import stem_of

_LARGEST_STRUCTURE = 50_000_000


@dataclass(frozen=True)
class Structure:
    """A survey's questions by code, with texts and the numbers of their answer options."""

    survey_id: str
    titles: dict[str, str]
    languages: list[str]
    questions: dict[str, str]
    options: dict[str, dict[str, int | None]]
    subquestions: int
    answer_options: int

    def facts(self) -> dict[str, object]:
        """The figures that a dry run of an .lss shows."""
        return {
            "survey_id": self.survey_id,
            "title": self.titles,
            "languages": self.languages,
            "questions": len(self.questions),
            "subquestions": self.subquestions,
            "answer_options": self.answer_options,
        }


def read_structure(path: Path) -> Structure:
    """Read an .lss. Raises UnreadableFile when it is damaged or something else."""
    try:
        if path.stat().st_size > _LARGEST_STRUCTURE:
            refuse(Reason.TOO_LARGE, limit=_LARGEST_STRUCTURE)
        root = parse(path).getroot()
    except FileNotFoundError:
        refuse(Reason.MISSING, path=path)
    except (ParseError, DefusedXmlException, ValueError, LookupError, OSError, RecursionError):
        refuse(Reason.DAMAGED, kind="a LimeSurvey structure")
    if root is None or root.find("LimeSurveyDocType") is None:
        refuse(Reason.NOT_A_TABLE, kind="an XML file")
    return _structure_of(root)


def _structure_of(root: Any) -> Structure:
    answers = _rows(root, "answers")
    texts: dict[str, list[str]] = {}
    for row in _rows(root, "answer_l10ns"):
        texts.setdefault(row.get("aid", ""), []).append(row.get("answer", ""))
    asked: dict[str, str] = {}
    for row in _rows(root, "question_l10ns"):
        asked.setdefault(row.get("qid", ""), row.get("question", ""))
    questions = [row for row in _rows(root, "questions") if row.get("parent_qid", "0") in {"0", ""}]
    by_code = {row.get("title", ""): row for row in questions}
    options = {
        code: _numbers([a for a in answers if a.get("qid") == row.get("qid")], texts)
        for code, row in by_code.items()
    }
    settings = _rows(root, "surveys_languagesettings")
    surveys = _rows(root, "surveys")
    return Structure(
        survey_id=surveys[0].get("sid", "") if surveys else _first(questions, "sid"),
        titles={s.get("surveyls_language", ""): s.get("surveyls_title", "") for s in settings},
        languages=[(node.text or "").strip() for node in root.findall("languages/language")],
        questions={
            code: asked.get(row.get("qid", "")) or row.get("question", "")
            for code, row in by_code.items()
        },
        options={code: numbers for code, numbers in options.items() if numbers},
        subquestions=len(_rows(root, "subquestions")),
        answer_options=len(answers),
    )


def _rows(root: Any, table: str) -> list[dict[str, str]]:
    return [
        {cell.tag: (cell.text or "").strip() for cell in row}
        for row in root.findall(f"{table}/rows/row")
    ]


def _first(rows: list[dict[str, str]], key: str) -> str:
    return rows[0].get(key, "") if rows else ""


def _numbers(answers: list[dict[str, str]], texts: dict[str, list[str]]) -> dict[str, int | None]:
    """Folded code and texts to number: by assessment value, known labels, or sort order."""
    found: dict[str, int | None] = {}
    by_order = sorted(answers, key=lambda a: _whole(a.get("sortorder", "")) or 0)
    assessed = [_whole(a.get("assessment_value", "")) for a in by_order]
    has_values = len(set(assessed)) == len(assessed) and None not in assessed and any(assessed)
    words = [_labels_of(answer, texts) for answer in by_order]
    known = [
        next((SATISFACTION_LABELS[w] for w in labels if w in SATISFACTION_LABELS), None)
        for labels in words
    ]
    has_known = bool(known) and None not in known and len(set(known)) == len(known)
    for place, answer in enumerate(by_order):
        number = assessed[place] if has_values else known[place] if has_known else place + 1
        for word in (fold(answer.get("code", "")), *words[place]):
            found.setdefault(word, number)
    return found


def _labels_of(answer: dict[str, str], texts: dict[str, list[str]]) -> list[str]:
    own = [answer["answer"]] if answer.get("answer") else []
    return [fold(text) for text in [*texts.get(answer.get("aid", ""), []), *own] if text]


def _whole(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        return None


def recognises(beginning: Beginning) -> bool:
    """By the columns in front, as codes or as full texts."""
    return beginning.has("id", "submitdate", "startlanguage") or beginning.has(
        "response id", "date submitted", "start language"
    )


def lay_out(table: Table, options: Options, name: str = "limesurvey_csv") -> Layout:
    """Fixed columns by name; questions by code or text, answers through the .lss if given."""
    structure = read_structure(options.structure) if options.structure else None
    if structure is not None:
        table = _with_texts(table, structure)
    layout = Layout(name, table, has_never=True, has_totals=False)
    layout.take(Target.RESPONSE_ID, "id", "response id")
    layout.take(Target.EXTERNAL_ID, "token", "access code")
    layout.take(Target.TIME, "submitdate", "date submitted")
    layout.take(Target.TIME, "datestamp", "date last action", "startdate", "date started")
    layout.take(Target.LANGUAGE, "startlanguage", "start language")
    layout.take(Target.FIRST_NAME, "firstname", "first name")
    layout.take(Target.LAST_NAME, "lastname", "last name")
    map_scores(layout, options)
    if structure is not None:
        layout.scores = [
            replace(
                score,
                labels={**structure.options.get(stem_of(score.header.title), {}), **score.labels},
            )
            for score in layout.scores
        ]
        layout.fixed[Target.SURVEY] = next(iter(structure.titles.values()), "")
    else:
        _ask_for_structure(layout)
    map_freely(layout, options, has_scores=False)
    started = table.find("startdate", "date started")
    if started is not None:
        layout.targets[Target.STARTED] = [started]
    submitted = table.find("submitdate", "date submitted")

    def status(row: Row) -> Status:
        if submitted is None or submitted.index >= len(row):
            return Status.PARTIAL
        is_done = text_of(row[submitted.index]).strip() not in {"", "N/A"}
        return Status.COMPLETE if is_done else Status.PARTIAL

    layout.status = status
    return layout


def _with_texts(table: Table, structure: Structure) -> Table:
    headers = tuple(
        replace(
            header,
            question=structure.questions.get(stem_of(header.title)) or header.question,
            labels={code: code for code in structure.options.get(stem_of(header.title), {})},
        )
        for header in table.headers
    )
    return replace(table, headers=headers)


def _ask_for_structure(layout: Layout) -> None:
    """Codes such as A4 mean nothing without the survey's structure: ask for it."""
    coded = [
        header.name
        for header in layout.free
        if layout.table.facts[header.index].answered
        and layout.table.facts[header.index].share(_is_code) > 0.9
    ]
    if coded:
        layout.questions.append(
            Remark(
                "structure",
                f"The answers of {', '.join(coded[:5])} are codes. Give the survey's structure"
                " (.lss) so that they can be read.",
                {"columns": ", ".join(coded)},
            )
        )


def _is_code(cell: object) -> bool:
    text = text_of(cell).strip()
    return len(text) in range(2, 6) and text[0] == "A" and text[1:].isdigit()
