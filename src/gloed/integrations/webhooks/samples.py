"""Invented news in exactly the shape that is posted: to try an endpoint, to build against."""

from datetime import datetime
from typing import Any

from gloed.integrations.webhooks.rules import News, Told

PEOPLE = (
    ("per_00000000000000000000000000000001", "Anna de Vries", 3, "De monteur kwam niet opdagen."),
    ("per_00000000000000000000000000000002", "Bob Smit", 8, "Fine, though the app is slow."),
    ("per_00000000000000000000000000000003", "Carla Jansen", 10, "Snel en vriendelijk geholpen."),
)
GROUPS = {3: "detractor", 8: "passive", 10: "promoter"}


def sample(news: str, number: int, *, at: datetime, with_person: bool) -> Told:
    """One of three invented pieces of news."""
    key, name, rating, text = PEOPLE[number % len(PEOPLE)]
    person = {"id": key, "name": name, "email": f"sample{number}@example.org", "phone": ""}
    if news in {News.PERSON_UNSUBSCRIBED, News.PERSON_ERASED}:
        return Told(news, at, {"id": key, "email": person["email"], "name": name})
    if news == News.IMPORT_FINISHED:
        return Told(news, at, {"id": "imp_sample", "rows": 1_626, "file": "answers.csv"})
    moment = at.strftime("%Y-%m-%dT%H:%M:%SZ")
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
