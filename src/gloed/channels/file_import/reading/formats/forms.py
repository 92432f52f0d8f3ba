"""Typeform and Google Forms: a time, the questions, perhaps hidden fields."""

from gloed.channels.file_import.reading.cells import text_of
from gloed.channels.file_import.reading.formats.beginnings import Beginning
from gloed.channels.file_import.reading.mapping import map_freely
from gloed.channels.file_import.reading.plans import Why
from gloed.channels.file_import.reading.tables import Layout, Row, Table, is_time_like
from gloed.channels.file_import.reading.values import Options, Status, Target

_TIMESTAMPS = frozenset(
    {
        "timestamp", "tijdstempel", "zeitstempel", "horodateur", "marca temporal",
        "informazioni cronologiche", "carimbo de data/hora", "tidsstämpel", "tidsstempel",
    }
)  # fmt: skip
_HAS_MAIL = ("username", "email address", "e-mailadres", "email", "e-mail", "gebruikersnaam")


def recognises_typeform(beginning: Beginning) -> bool:
    """By `#` in front and the fixed columns behind."""
    titles = beginning.titles
    return bool(titles) and titles[0] == "#" and beginning.has("network id", "submit date (utc)")


def lay_out_typeform(table: Table, options: Options, name: str = "typeform_csv") -> Layout:
    """The times are in UTC by their headers; without a submit date the answer is partial."""
    layout = Layout(name, table, zone="UTC", has_totals=False)
    layout.take(Target.RESPONSE_ID, "#")
    layout.take(Target.TIME, "submit date (utc)", "stage date (utc)", "start date (utc)")
    layout.take(Target.TAGS, "tags")
    map_freely(layout, options)
    kind, submitted = table.find("response type"), table.find("submit date (utc)")

    def status(row: Row) -> Status:
        if kind is not None and kind.index < len(row):
            text = text_of(row[kind.index]).strip().casefold()
            if text:
                return Status.PARTIAL if text == "partial" else Status.COMPLETE
        if submitted is not None and submitted.index < len(row):
            is_done = text_of(row[submitted.index]).strip()
            return Status.COMPLETE if is_done else Status.PARTIAL
        return Status.PARTIAL

    layout.status = status
    return layout


def recognises_google(beginning: Beginning) -> bool:
    """By a time stamp in front, in several languages, with times below it."""
    titles = beginning.titles
    if len(titles) < 2 or titles[0] not in _TIMESTAMPS:
        return False
    first = [record[0] for record in beginning.records[1:] if record and record[0].strip()]
    return any(is_time_like(cell) for cell in first)


def lay_out_google(table: Table, options: Options, name: str = "google_forms_csv") -> Layout:
    """The first column is the time; the rest by words. There is no response id."""
    layout = Layout(name, table)
    layout.take_header(Target.TIME, table.headers[0], Why.FORMAT)
    mail = table.find(*_HAS_MAIL)
    if mail is not None and table.facts[mail.index].address_share:
        layout.take_header(Target.EMAIL, mail, Why.FORMAT)
    map_freely(layout, options)
    layout.targets.pop(Target.RESPONSE_ID, None)
    return layout
