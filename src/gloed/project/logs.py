"""What the log says of a refusal: one line, not a trace of where it was decided."""

import logging

FORBIDDEN = 403


class OneLineRefusal(logging.Filter):
    """Drops the trace of a page that was refused: nothing went wrong, and the line says who asked.

    What went wrong (500) keeps its trace.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Always let the record through."""
        if getattr(record, "status_code", None) == FORBIDDEN:
            record.exc_info, record.exc_text = None, None
        return True
