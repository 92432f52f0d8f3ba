"""Refusals as sentences: English for the command line, the reader's language on a page.

The sentences of the readers stand in `reading.refusals`, which knows no Django; they are marked
here for translation, word for word, and a test keeps the two lists alike.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext, gettext_noop, override

from gloed.channels.file_import.reading import SENTENCES, UnreadableFile
from gloed.channels.file_import.rules import ImportRefused, Problem, metric_word

PROBLEMS: dict[Problem, str] = {
    Problem.NO_ANSWERS: gettext_noop(
        "No row of the file holds a score or a comment. Choose other columns, or export the file"
        " again."
    ),
    Problem.NO_SCORE_COLUMN: gettext_noop(
        "No column was recognised as a score or as a comment. Choose what each column is."
    ),
    Problem.UNKNOWN_SCALE: gettext_noop(
        "No survey asks {metric} on a scale from {low} to {high}. Choose another scale, or leave"
        " the column out as a score."
    ),
    Problem.NO_METRIC: gettext_noop(
        "The file holds only product-market-fit scores, which no survey here asks. Take another"
        " column for the score."
    ),
    Problem.TOO_MANY_SURVEYS: gettext_noop(
        "The file names more than {limit} different surveys, so that column is probably something"
        " else. Leave it out as the survey."
    ),
    Problem.WRONG_SURVEY: gettext_noop(
        "The survey {survey} does not ask {metric} on a scale from {low} to {high}, which this"
        " file holds. Choose another survey, or give a new name."
    ),
    Problem.FILE_GONE: gettext_noop(
        "The uploaded file was deleted. Bring it in again to import it."
    ),
    Problem.UPLOAD_TOO_LARGE: gettext_noop(
        "The file is larger than {limit} MB, the most that is taken here. Export it in parts, or"
        " have the administrator raise GLOED_UPLOAD_MEGABYTES."
    ),
    Problem.NOT_NOW: gettext_noop(
        "That is not possible any more: the import has moved on. The page shows how it stands now."
    ),
}
READERS: tuple[str, ...] = (
    gettext_noop("There is no file at {path}. Check the name and the folder."),
    gettext_noop("{path} is a folder. Name one file inside it."),
    gettext_noop("{path} may not be read. Give this user the right to read it."),
    gettext_noop("The file is empty. Export it again and check that it has answers."),
    gettext_noop(
        "The file has a header but no rows under it. Export it again without a filter, "
        "or with another period."
    ),
    gettext_noop(
        "No column was recognised as a score or as a comment. The columns are: "
        "{columns}. Say which one holds the score."
    ),
    gettext_noop(
        "This is {kind}, not a table. Export the answers as CSV, Excel, JSON, SPSS or Parquet."
    ),
    gettext_noop("This is {kind}. Unpack it and give the file inside."),
    gettext_noop(
        "This is {kind}. Save it as an Excel workbook (.xlsx) or as CSV and give that file."
    ),
    gettext_noop(
        "The file is {packed} bytes but unpacks to more than {limit} bytes, which is not "
        "safe to open. Save it as CSV and give that file."
    ),
    gettext_noop(
        "The file is larger than {limit} bytes, too large for this kind of file. Export "
        "it as CSV, or in parts."
    ),
    gettext_noop(
        "One line of the file is longer than {limit} bytes, so this is probably not a "
        "table. Export it again as CSV with one answer per line."
    ),
    gettext_noop(
        "A cell near line {line} does not end within {limit} characters; a quotation "
        "mark is probably not closed. Close it, or export the file again."
    ),
    gettext_noop(
        "A quotation mark opens in line {line} and is never closed, so that everything "
        "behind it would be one cell. Close it, or export the file again."
    ),
    gettext_noop(
        "The file has more than {limit} columns. Keep the columns you need and try again."
    ),
    gettext_noop("The file is {kind}, but it is damaged or cut off. Export or download it again."),
    gettext_noop(
        "The file says that it is {encoding}, but holds other bytes. Save it again as UTF-8."
    ),
    gettext_noop(
        "The workbook is protected with a password. Save a copy without password and give that one."
    ),
    gettext_noop(
        "The file begins like JSON, but stops being it near character {position}. Export "
        "it again, whole."
    ),
    gettext_noop(
        "The file is JSON without a list of answers in a shape that we know. Export the "
        "answers as CSV instead."
    ),
    gettext_noop(
        "This is the structure of a LimeSurvey survey, without answers. Give the CSV of "
        "the responses and name this file as its structure."
    ),
    gettext_noop("There is no column called {column}. The columns are: {columns}."),
    gettext_noop("There is no sheet called {sheet}. The sheets are: {sheets}."),
    gettext_noop("{timezone} is not a time zone. Use a name such as Europe/Amsterdam or UTC."),
    gettext_noop("{format} is not a format that we read. We read: {formats}."),
    gettext_noop("The option {option} cannot be {value}. {hint}"),
)
KINDS: tuple[str, ...] = (
    gettext_noop("a 7-Zip archive"),
    gettext_noop("a LimeSurvey structure"),
    gettext_noop("a PDF"),
    gettext_noop("a Parquet file"),
    gettext_noop("a RAR archive"),
    gettext_noop("a Word document"),
    gettext_noop("a Zstandard archive"),
    gettext_noop("a binary Excel workbook (.xlsb)"),
    gettext_noop("a binary file"),
    gettext_noop("a bzip2 archive"),
    gettext_noop("a database"),
    gettext_noop("a gzip archive"),
    gettext_noop("a presentation"),
    gettext_noop("a program"),
    gettext_noop("a sound"),
    gettext_noop("a sound, film or image"),
    gettext_noop("a text document"),
    gettext_noop("a zip archive"),
    gettext_noop("an Excel workbook"),
    gettext_noop("an OpenDocument sheet"),
    gettext_noop("an SPSS file"),
    gettext_noop("an XML file"),
    gettext_noop("an image"),
    gettext_noop("an xz archive"),
)


def sentence_of(problem: Exception) -> str:
    """A refusal in the present language."""
    if isinstance(problem, ImportRefused):
        return problem_words(problem.problem, problem.parameters)
    if isinstance(problem, UnreadableFile):
        return reader_words(problem.reason.value, problem.parameters, problem.message)
    return str(problem)


def english_of(problem: Exception) -> str:
    """The same for the command line."""
    with override("en"):
        if isinstance(problem, OSError):
            return f"{problem.filename or 'The file'} cannot be read: {problem.strerror}."
        return sentence_of(problem)


def stored_words(refusal: Mapping[str, Any]) -> str:
    """A refusal that was written down with its import, in the present language."""
    if "problem" in refusal:
        return problem_words(Problem(refusal["problem"]), refusal.get("parameters", {}))
    if "code" in refusal:
        return reader_words(
            refusal["code"], refusal.get("parameters", {}), refusal.get("message", "")
        )
    return ""


def problem_words(problem: Problem, parameters: Mapping[str, Any]) -> str:
    """What keeps an import from starting, and what to do."""
    filled = {key: str(value) for key, value in parameters.items()}
    if "metric" in filled:
        filled["metric"] = metric_word(filled["metric"])
    return gettext(PROBLEMS[problem]).format(**filled)


def reader_words(code: str, parameters: Mapping[str, Any], otherwise: str) -> str:
    """A refusal of the readers: the sentence is translated first, then filled."""
    sentence = next((text for reason, text in SENTENCES.items() if reason.value == code), "")
    if not sentence:
        return otherwise
    filled = {key: str(value) for key, value in parameters.items()}
    if filled.get("kind"):
        kind = filled["kind"]
        filled["kind"] = gettext(kind)
    if "hint" in filled:
        filled["hint"] = ""
    return gettext(sentence).format(**filled).strip()
