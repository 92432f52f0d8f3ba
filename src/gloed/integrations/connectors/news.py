"""From the journal to connections: the same news as webhooks tell, for those that want it."""

from collections.abc import Sequence

from django.conf import settings
from django.utils import timezone

from gloed.base.models import JournalEntry
from gloed.integrations.connectors import operations, shape
from gloed.integrations.connectors.models import Connection
from gloed.integrations.webhooks.news import NEWS, tidings_of
from gloed.integrations.webhooks.rules import Told


def hear(entries: Sequence[JournalEntry]) -> None:
    """Subscriber of the journal: put news down for the connections that want it."""
    by_house: dict[int, list[Connection]] = {}
    for connection in operations.living({entry.organisation_id for entry in entries}):
        if connection.news:
            by_house.setdefault(connection.organisation_id, []).append(connection)
    for entry in entries:
        if connections := by_house.get(entry.organisation_id):
            _tell(entry, connections)


def _tell(entry: JournalEntry, connections: list[Connection]) -> None:
    news = NEWS[entry.kind].value
    wanting = [one for one in connections if news in one.news]
    tidings = tidings_of(entry) if wanting else None
    if tidings is None:
        return
    for connection in wanting:
        wish = operations.wish_of(connection)
        if wish.covers(tidings.news, band=tidings.band, survey=tidings.survey):
            may_know = connection.with_person or shape.find(connection.kind).needs_person
            data = tidings.data(may_know)
            if not connection.with_words:
                data.pop("text", None)
            if tidings.path:
                data["page"] = f"{settings.BASE_URL.rstrip('/')}{tidings.path}"
            told = Told(tidings.news, tidings.at, data)
            operations.put_down(connection, told, f"msg_{entry.pk}", now=timezone.now())
