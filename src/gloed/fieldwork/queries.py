"""Reading invitations."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from gloed.base import bulk
from gloed.base.models import Organisation
from gloed.base.prepared import prepared_cursor
from gloed.fieldwork.models import Invitation, Reaction, ReceivedEvent, Trigger, Wave, WaveSeries
from gloed.fieldwork.rules import NO_WORDS, OwnWords, read_words
from gloed.people.models import Person
from gloed.people.rules import email_key
from gloed.stats import Estimate
from gloed.stats.nonresponse import Dispositions, response_rate


@dataclass(frozen=True, slots=True)
class AskedPerson:
    """An invitation as a door needs it, with the attributes of the person as they are now."""

    id: int
    survey_id: int
    person_id: int | None
    channel: str
    language: str
    disposition: str
    expires_at: datetime | None
    attributes: dict[str, Any]
    own_words: OwnWords = NO_WORDS


# every answer that comes in by mail asks this: plain SQL takes a fifth of the time of the ORM
_ASKED = """
    SELECT asked.id, asked.survey_id, asked.person_id, asked.channel, asked.disposition,
           asked.expires_at, asked.attributes, asked.own_words, person.language, person.attributes
      FROM fieldwork_invitation AS asked
      LEFT JOIN people_person AS person ON person.id = asked.person_id
     WHERE asked.token = %s AND asked.disposition <> %s
"""


def find_invitation(token: str) -> AskedPerson | None:
    """The invitation of a token, or nothing."""
    if "\0" in token:  # PostgreSQL takes no such text
        return None
    with prepared_cursor() as cursor:
        cursor.execute(_ASKED, [token, Invitation.Disposition.SKIPPED.value])
        row = cursor.fetchone()
    if row is None:
        return None
    pk, survey_id, person_id, channel, disposition, expires_at, *told = row
    attributes, words, language, own = told
    known = bulk.from_json(own) if own else {}
    return AskedPerson(
        id=pk,
        survey_id=survey_id,
        person_id=person_id,
        channel=channel,
        language=language or "",
        disposition=disposition,
        expires_at=bulk.as_moment(expires_at),
        attributes={**known, **bulk.from_json(attributes)},
        own_words=read_words(bulk.from_json(words)) if words else NO_WORDS,
    )


ANSWERED = (Invitation.Disposition.PARTIAL, Invitation.Disposition.COMPLETE)
READ_FOR_CHOICES = 20_000  # people whose attributes are looked at for what can be chosen
MOST_VALUES, MOST_ATTRIBUTES = 25, 12


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of invitations: how many by disposition, and of those not asked by reason."""

    by_disposition: dict[str, int]
    by_reason: dict[str, int]

    def count(self, *dispositions: str) -> int:
        """How many ended as one of these."""
        return sum(self.by_disposition.get(one, 0) for one in dispositions)

    @property
    def lines(self) -> int:
        """All lines of the ledger."""
        return sum(self.by_disposition.values())

    @property
    def delivered(self) -> int:
        """Sent and not known to have missed their person."""
        kind = Invitation.Disposition
        missed = (kind.CREATED, kind.SKIPPED, kind.WITHDRAWN, kind.FAILED, kind.BOUNCED)
        return self.lines - self.count(*missed, kind.NO_CONTACT)

    @property
    def rate(self) -> Estimate | None:
        """Answers, whole or in part, of those delivered, in percent; None where there are none."""
        if not self.delivered:
            return None
        kind = Invitation.Disposition
        complete, partial = self.count(kind.COMPLETE), self.count(kind.PARTIAL)
        refused = self.count(kind.OPTED_OUT, kind.REFUSED)
        unknown = self.delivered - complete - partial - refused
        known = Dispositions(complete=complete, partial=partial, refused=refused, unknown=unknown)
        return response_rate(known, definition=2)


def tally(lines: QuerySet[Invitation]) -> Tally:
    """Count lines of the ledger; in indexes alone where they are those of a wave or of all."""
    dispositions, reasons = Counter[str](), Counter[str]()
    rows = lines.order_by().values_list("disposition", "skip").annotate(n=Count("pk"))
    for disposition, skip, n in rows:
        dispositions[disposition] += n
        if skip:
            reasons[skip] += n
    return Tally(dict(dispositions), dict(reasons.most_common()))


def usual_rate(survey_id: int) -> float | None:
    """Which share of earlier invitations to this survey was answered, where enough are known."""
    lines = Invitation.objects.filter(survey_id=survey_id, sent_at__isnull=False)
    found = tally(lines)
    if found.delivered < 100 or found.rate is None:
        return None
    return found.rate.value / 100


def list_waves(organisation: Organisation) -> QuerySet[Wave]:
    """The waves of an organisation, the newest first."""
    return Wave.objects.filter(organisation=organisation).select_related("survey", "series")


def list_series(organisation: Organisation) -> list[WaveSeries]:
    """The waves that come again, those that go first."""
    series = WaveSeries.objects.filter(organisation=organisation)
    return list(series.select_related("survey", "organisation").order_by("state", "-pk"))


def count_sent(waves: Sequence[Wave]) -> dict[int, tuple[int, int]]:
    """How many invitations of each wave went out, and how many were answered."""
    rows = (
        Invitation.objects.filter(wave__in=waves)
        .order_by()
        .values_list("wave_id")
        .annotate(
            sent=Count("pk", filter=Q(sent_at__isnull=False)),
            answered=Count("pk", filter=Q(disposition__in=ANSWERED)),
        )
    )
    return {wave: (sent, answered) for wave, sent, answered in rows if wave is not None}


def attribute_values(organisation: Organisation) -> dict[str, list[tuple[str, int]]]:
    """What a segment can be cut by: attributes with their values, the most frequent first.

    Attributes with very many values are left out. Of very many people only some are looked at.
    """
    if connection.vendor == "postgresql":
        each, key, value = "jsonb_each_text(p.attributes) AS j(key, value)", "j.key", "j.value"
        where = "j.value IS NOT NULL AND left(j.value, 1) NOT IN ('{', '[')"
    else:
        each, key, value = "json_each(p.attributes) AS j", "j.key", "CAST(j.value AS TEXT)"
        where = "j.type NOT IN ('object', 'array', 'null')"
    sql = f"""
        SELECT {key}, {value}, count(*)
          FROM (SELECT attributes FROM people_person WHERE organisation_id = %s LIMIT %s) AS p,
               {each}
         WHERE {where}
         GROUP BY 1, 2 ORDER BY 3 DESC, 2
    """  # noqa: S608 - the parts are written above, values are parameters
    found: dict[str, list[tuple[str, int]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(sql, [organisation.pk, READ_FOR_CHOICES])
        for name, text, n in cursor.fetchall():
            found.setdefault(name, []).append((text, n))
    usable = {name: values for name, values in found.items() if len(values) <= MOST_VALUES}
    return dict(sorted(usable.items())[:MOST_ATTRIBUTES])


KNOWN_EVENTS = 500  # the newest ones, looked at for what can be chosen


def event_kinds(organisation: Organisation) -> list[str]:
    """The kinds of events that came in, by name."""
    kinds = ReceivedEvent.objects.filter(organisation=organisation).order_by()
    return sorted(kinds.values_list("kind", flat=True).distinct())


def event_properties(organisation: Organisation, kind: str = "") -> list[str]:
    """The names of properties that the newest events told, of one kind or of all."""
    events = ReceivedEvent.objects.filter(organisation=organisation)
    if kind:
        events = events.filter(kind=kind)
    newest = events.order_by("-received_at", "-pk").values_list("properties", flat=True)
    return sorted({name for properties in newest[:KNOWN_EVENTS] for name in properties})


@dataclass(frozen=True, slots=True)
class TriggerCount:
    """What a trigger did: events it heard, asked of them, and answers."""

    heard: int = 0
    asked: int = 0
    answered: int = 0


def count_reactions(triggers: Sequence[Trigger], *, since: datetime) -> dict[int, TriggerCount]:
    """By trigger: what it did with the events since a moment."""
    rows = (
        Reaction.objects.filter(trigger__in=triggers, event__received_at__gte=since)
        .exclude(became=Reaction.Became.WITHDREW)
        .order_by()
        .values_list("trigger_id")
        .annotate(
            heard=Count("pk"),
            asked=Count("pk", filter=Q(became=Reaction.Became.ASKED)),
            answered=Count("pk", filter=Q(invitation__disposition__in=ANSWERED)),
        )
    )
    return {trigger: TriggerCount(*counts) for trigger, *counts in rows if trigger is not None}


def list_events(
    organisation: Organisation, *, kind: str = "", became: str = ""
) -> QuerySet[ReceivedEvent]:
    """Events with what became of each, the newest first."""
    events = ReceivedEvent.objects.filter(organisation=organisation).select_related("person")
    if kind:
        events = events.filter(kind=kind)
    if became:
        events = events.filter(Exists(Reaction.objects.filter(event=OuterRef("pk"), became=became)))
    reactions = Reaction.objects.select_related("trigger", "invitation").order_by("pk")
    return events.prefetch_related(Prefetch("reactions", reactions)).order_by("-received_at", "-pk")


def find_person(organisation: Organisation, who: str) -> Person | None:
    """Somebody by address or customer number."""
    own = Person.objects.filter(organisation=organisation)
    key = email_key(who)
    found = own.filter(email_key=key).order_by("pk").first() if key else None
    return found or own.filter(external_id=who.strip()).first()


def asks_of(person: Person, *, most: int = 50) -> list[Invitation]:
    """The newest lines of the ledger about one person, skips with them."""
    lines = Invitation.objects.filter(person=person).select_related("survey", "wave", "trigger")
    return list(lines.order_by("-created_at", "-pk")[:most])
