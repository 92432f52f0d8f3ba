"""What of a file was skipped, and what of its rows could not be read, as lines for a terminal."""

from collections.abc import Iterator, Mapping

from gloed.channels.file_import.reading import SkipReason, WarningCode

SKIPPED: Mapping[str, str] = {
    SkipReason.EMPTY: "without an answer that can be read",
    SkipReason.TEST: "test answers",
    SkipReason.DUPLICATE: "answers that come again later in the file",
    "aside": "answers to a question that no survey here asks",
}
WARNED: Mapping[str, str] = {
    WarningCode.SCORE_UNREADABLE: "with a score that is no number; not counted",
    WarningCode.SCORE_NOT_INTEGER: "with a score that is not whole; not counted",
    WarningCode.SCORE_OUT_OF_RANGE: "with a score outside the scale; not counted",
    WarningCode.TIME_MISSING: "without a time; counted, but in no period",
    WarningCode.TIME_UNREADABLE: "with a time that cannot be read; counted, but in no period",
    WarningCode.TIME_AMBIGUOUS: "in the hour that comes twice when the clock is set back",
    WarningCode.DATE_ONLY: "with a date and no time of day",
}


def left_out(skipped: Mapping[str, int], warned: Mapping[str, int]) -> Iterator[str]:
    """A line for each reason, with how many rows; both are counted by code."""
    for code, count in skipped.items():
        yield f"Skipped, {SKIPPED.get(code, code)}: {count:,}"
    for code, count in warned.items():
        yield f"Rows {WARNED.get(code, code)}: {count:,}"
