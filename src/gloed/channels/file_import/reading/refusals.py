"""Files that cannot be read: what it is, and what to do, as a code with a sentence."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NoReturn


class Reason(StrEnum):
    """The kinds of files and wishes that are refused; callers translate by this code."""

    MISSING = "missing"
    NOT_A_FILE = "not_a_file"
    NOT_PERMITTED = "not_permitted"
    EMPTY = "empty"
    NO_ROWS = "no_rows"
    NO_SCORE_COLUMN = "no_score_column"
    NOT_A_TABLE = "not_a_table"
    PACKED = "packed"
    OTHER_SHEET = "other_sheet"
    UNPACKS_TOO_LARGE = "unpacks_too_large"
    TOO_LARGE = "too_large"
    LINE_TOO_LONG = "line_too_long"
    CELL_TOO_LONG = "cell_too_long"
    NEVER_ENDS = "never_ends"
    TOO_MANY_COLUMNS = "too_many_columns"
    DAMAGED = "damaged"
    ENCODING = "encoding"
    PASSWORD = "password"  # noqa: S105 - the code of a refusal, not a secret
    BAD_JSON = "bad_json"
    UNKNOWN_JSON = "unknown_json"
    STRUCTURE_ONLY = "structure_only"
    UNKNOWN_COLUMN = "unknown_column"
    UNKNOWN_SHEET = "unknown_sheet"
    UNKNOWN_ZONE = "unknown_zone"
    UNKNOWN_FORMAT = "unknown_format"
    BAD_OPTION = "bad_option"


SENTENCES: Mapping[Reason, str] = MappingProxyType(
    {
        Reason.MISSING: "There is no file at {path}. Check the name and the folder.",
        Reason.NOT_A_FILE: "{path} is a folder. Name one file inside it.",
        Reason.NOT_PERMITTED: "{path} may not be read. Give this user the right to read it.",
        Reason.EMPTY: "The file is empty. Export it again and check that it has answers.",
        Reason.NO_ROWS: (
            "The file has a header but no rows under it. Export it again without a filter, or"
            " with another period."
        ),
        Reason.NO_SCORE_COLUMN: (
            "No column was recognised as a score or as a comment. The columns are: {columns}."
            " Say which one holds the score."
        ),
        Reason.NOT_A_TABLE: (
            "This is {kind}, not a table. Export the answers as CSV, Excel, JSON, SPSS or Parquet."
        ),
        Reason.PACKED: "This is {kind}. Unpack it and give the file inside.",
        Reason.OTHER_SHEET: (
            "This is {kind}. Save it as an Excel workbook (.xlsx) or as CSV and give that file."
        ),
        Reason.UNPACKS_TOO_LARGE: (
            "The file is {packed} bytes but unpacks to more than {limit} bytes, which is not"
            " safe to open. Save it as CSV and give that file."
        ),
        Reason.TOO_LARGE: (
            "The file is larger than {limit} bytes, too large for this kind of file."
            " Export it as CSV, or in parts."
        ),
        Reason.LINE_TOO_LONG: (
            "One line of the file is longer than {limit} bytes, so this is probably not a table."
            " Export it again as CSV with one answer per line."
        ),
        Reason.CELL_TOO_LONG: (
            "A cell near line {line} does not end within {limit} characters; a quotation mark"
            " is probably not closed. Close it, or export the file again."
        ),
        Reason.NEVER_ENDS: (
            "A quotation mark opens in line {line} and is never closed, so that everything behind"
            " it would be one cell. Close it, or export the file again."
        ),
        Reason.TOO_MANY_COLUMNS: (
            "The file has more than {limit} columns. Keep the columns you need and try again."
        ),
        Reason.DAMAGED: (
            "The file is {kind}, but it is damaged or cut off. Export or download it again."
        ),
        Reason.ENCODING: (
            "The file says that it is {encoding}, but holds other bytes. Save it again as UTF-8."
        ),
        Reason.PASSWORD: (
            "The workbook is protected with a password. Save a copy without password and give"
            " that one."
        ),
        Reason.BAD_JSON: (
            "The file begins like JSON, but stops being it near character {position}. Export it"
            " again, whole."
        ),
        Reason.UNKNOWN_JSON: (
            "The file is JSON without a list of answers in a shape that we know. Export the"
            " answers as CSV instead."
        ),
        Reason.STRUCTURE_ONLY: (
            "This is the structure of a LimeSurvey survey, without answers. Give the CSV of the"
            " responses and name this file as its structure."
        ),
        Reason.UNKNOWN_COLUMN: ("There is no column called {column}. The columns are: {columns}."),
        Reason.UNKNOWN_SHEET: "There is no sheet called {sheet}. The sheets are: {sheets}.",
        Reason.UNKNOWN_ZONE: (
            "{timezone} is not a time zone. Use a name such as Europe/Amsterdam or UTC."
        ),
        Reason.UNKNOWN_FORMAT: "{format} is not a format that we read. We read: {formats}.",
        Reason.BAD_OPTION: "The option {option} cannot be {value}. {hint}",
    }
)


class UnreadableFile(Exception):
    """A file or an option that cannot be used.

    `reason` is the code, `parameters` fill the sentence of that code (`SENTENCES`), `message`
    is the sentence in English: what it is and what to do.
    """

    def __init__(self, reason: Reason, **parameters: object) -> None:
        self.reason = reason
        self.parameters: Mapping[str, object] = MappingProxyType(parameters)
        self.message = SENTENCES[reason].format(**parameters)
        super().__init__(self.message)


def refuse(reason: Reason, **parameters: object) -> NoReturn:
    """Raise the refusal of that reason."""
    raise UnreadableFile(reason, **parameters)
