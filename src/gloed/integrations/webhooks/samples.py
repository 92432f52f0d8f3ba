"""Invented news in exactly the shape that is posted: to try an endpoint, to build against."""

from datetime import datetime
from typing import Any

from gloed.integrations.webhooks.rules import News, Told

PEOPLE = (
    ("per_00000000000000000000000000000001", "Anna de Vries", 3, "De monteur kwam niet opdagen."),
    ("per_00000000000000000000000000000002", "Bob Smit", 8, "Fine, though the app is slow."),
    ("per_00000000000000000000000000000003", "Carla Jansen", 10, "Snel en vriendelijk geholpen."),
)
ALARM = {
    "id": "00000000-0000-0000-0000-000000000002",
    "name": "Installation, team Zuid",
    "kind": "weekly",
    "metric": "nps",
    "label": "NPS",
    "is_up": False,
    "value": -12.0,
    "low": -24.0,
    "high": 1.0,
    "aim": 18.0,
    "unit": "points",
    "n": 143,
    "begins_on": "2026-03-02",
    "on": "2026-03-29",
    "team": "",
    "path": "/alarms/",
    "changes": "/changes/",
}
GROUPS = {3: "detractor", 8: "passive", 10: "promoter"}


def sample(news: str, number: int, *, at: datetime, with_person: bool) -> Told:
    """One of three invented pieces of news."""
    key, name, rating, text = PEOPLE[number % len(PEOPLE)]
    person = {"id": key, "external_id": f"c{number}", "name": name}
    person |= {"email": f"sample{number}@example.org", "phone": ""}
    if news in {News.PERSON_UNSUBSCRIBED, News.PERSON_ERASED}:
        return Told(news, at, {"id": key, "email": person["email"], "name": name})
    if news == News.IMPORT_FINISHED:
        return Told(
            news,
            at,
            {
                "id": "00000000-0000-0000-0000-000000000001",
                "file": "answers.csv",
                "rows": 1_626,
                "imported": 1_620,
                "new": 1_600,
                "updated": 20,
            },
        )
    if news in {News.CASE_OPENED, News.CASE_OVERDUE, News.CASE_CLOSED}:
        return Told(news, at, _case(news, moment_of(at), person if with_person else None))
    if news == News.ALERT_RAISED:
        return Told(news, at, dict(ALARM))
    moment = moment_of(at)
    if news in {News.INVITATION_SENT, News.INVITATION_BOUNCED}:
        return Told(news, at, _invitation(news, number, moment, person if with_person else None))
    data: dict[str, Any] = {
        "id": f"ans_{number:032d}",
        "survey": "srv_00000000000000000000000000000001",
        "version": 1,
        "rating": rating,
        "text": text,
        "further": {},
        "status": "complete",
        "answered_at": moment,
        "recorded_at": moment,
        "updated_at": moment,
        "withdrawn_at": None,
        "is_suspicious": False,
        "language": "nl",
        "channel": "email",
        "source": "link",
        "touchpoint": "Installation",
        "team": "Zuid",
        "attributes": {"plan": "zon"} if with_person else {},
        "tags": [],
        "group": GROUPS[rating],
    }
    if with_person:
        data["person"] = person
    return Told(news, at, data)


def moment_of(at: datetime) -> str:
    """A moment as it is written in news."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _case(news: str, moment: str, person: dict[str, str] | None) -> dict[str, Any]:
    is_closed = news == News.CASE_CLOSED
    data: dict[str, Any] = {
        "id": "cas_00000000000000000000000000000001",
        "number": 12,
        "status": "closed" if is_closed else "open",
        "outcome": "solved" if is_closed else "",
        "priority": 0,
        "answer": "ans_00000000000000000000000000000000",
        "survey": "srv_00000000000000000000000000000001",
        "touchpoint": "Installation",
        "team": "Zuid",
        "owner": None,
        "because": ["band"],
        "cause": None,
        "version": 1,
        "opened_at": moment,
        "due_at": moment,
        "contacted_at": None,
        "closed_at": moment if is_closed else None,
        "page": "https://gloed.example.org/cases/",
    }
    return {**data, "person": person} if person else data


def _invitation(
    news: str, number: int, moment: str, person: dict[str, str] | None
) -> dict[str, Any]:
    has_bounced = news == News.INVITATION_BOUNCED
    data: dict[str, Any] = {
        "id": f"inv_{number:032d}",
        "survey": "srv_00000000000000000000000000000001",
        "channel": "email",
        "disposition": "bounced" if has_bounced else "sent",
        "sent_at": moment,
        "bounced_at": moment if has_bounced else None,
    }
    return {**data, "person": person} if person else data
