"""The things of the examples: one house, one customer, one of everything."""

from typing import Any, Final

PERSON_ID: Final = "per_6f1d0a2c4be84f0f9a3d7c5b2e8f1a04"
ACCOUNT_ID: Final = "acc_0b7e5d1f93a24c68b1e0f4a7d2c95836"
EVENT_ID: Final = "evt_3c9a71e5d0b84f26a7c1e8f05b3d9274"
SURVEY_ID: Final = "srv_a4d81c07e2f94b3d8c65f0a19e7b2d35"
INVITATION_ID: Final = "inv_5e20b9c47f1a4d83960e8bd3f7a1c642"
ANSWER_ID: Final = "ans_d7f3086b1c5e49a2b84f0d6e93a7c152"
CASE_ID: Final = "cas_92c6e1d40f7b4a85a3d9b0e7f5186c2d"
IMPROVEMENT_ID: Final = "imp_18b5f7a2d3e64c90857a1f9c0d4e6b37"
GOAL_ID: Final = "goal_2f6ad81c40e94b7386d5a0c1e7f93b58"
EXPORT_ID: Final = "exp_c05e8a6d1f2b47939d4b7e0a8c3f5162"
HOOK_ID: Final = "hook_7a91d3f0c8e24b56a06f5e2d1b9c8473"
THEME_KEY: Final = "waiting_time"
HERE: Final = "https://gloed.example.org"
AT: Final = "2026-03-02T09:30:00Z"

Json = dict[str, Any]


def page(*rows: Json) -> Json:
    return {"data": list(rows), "next": None}


def estimate(value: float, low: float, high: float, n: int, method: str) -> Json:
    return {
        "value": value,
        "low": low,
        "high": high,
        "n": n,
        "method": method,
        "confidence": 0.95,
        "caveats": [],
        "p_value": None,
    }


WHO: Json = {"external_id": "K1042", "email": "anna@example.org", "name": "Anna de Vries"}
PERSON: Json = {
    "id": PERSON_ID,
    **WHO,
    "phone": "+31612345678",
    "language": "nl",
    "account": {"id": ACCOUNT_ID, "name": "Bakkerij De Vries"},
    "attributes": {"plan": "zon"},
    "no_surveys": [],
    "created_at": AT,
}
PERSON_IN: Json = {
    **WHO,
    "phone": "+31612345678",
    "language": "nl",
    "account": "Bakkerij De Vries",
    "attributes": {"plan": "zon"},
}
ACCOUNT: Json = {
    "id": ACCOUNT_ID,
    "name": "Bakkerij De Vries",
    "external_id": "B77",
    "persons": 1,
}
EVENT_IN: Json = {
    "id": "order-8812",
    "kind": "delivery",
    "person": WHO,
    "occurred_at": AT,
    "properties": {"depot": "Zwolle"},
}
EVENT: Json = {
    "id": EVENT_ID,
    "key": "order-8811",
    "kind": "delivery",
    "person": PERSON_ID,
    "properties": {"depot": "Zwolle"},
    "source": "api",
    "occurred_at": AT,
    "received_at": AT,
    "reactions": [],
}
SURVEY: Json = {
    "id": SURVEY_ID,
    "title": "After a delivery",
    "metric": "nps",
    "kind": "transactional",
    "state": "open",
    "touchpoint": None,
    "languages": ["nl", "en"],
    "link": f"{HERE}/s/nz3k8w/",
    "version": 1,
    "created_at": AT,
}
QUESTION: Json = {
    "key": "rating",
    "kind": "nps",
    "minimum": 0,
    "maximum": 10,
    "high_is_good": True,
    "words": {"nl": "Hoe waarschijnlijk is het …", "en": "How likely are you to …"},
    "options": {},
}
INVITATION: Json = {
    "id": INVITATION_ID,
    "survey": SURVEY_ID,
    "person": PERSON_ID,
    "channel": "email",
    "disposition": "created",
    "skip": "",
    "link": f"{HERE}/a/9Yt0bXqk3mVw/",
    "created_at": AT,
    "due_at": AT,
    "sent_at": None,
    "answered_at": None,
    "expires_at": None,
}
ANSWER_IN: Json = {
    "survey": SURVEY_ID,
    "id": "visit-5531",
    "rating": 9,
    "text": "Snel en vriendelijk geholpen.",
    "answered_at": AT,
    "person": WHO,
    "attributes": {"depot": "Zwolle"},
    "team": "Zuid",
    "tags": ["phone"],
}
ANSWER: Json = {
    "id": ANSWER_ID,
    "survey": SURVEY_ID,
    "version": 1,
    "person": PERSON_ID,
    "rating": 9,
    "text": "Snel en vriendelijk geholpen.",
    "further": {},
    "status": "complete",
    "answered_at": AT,
    "recorded_at": AT,
    "updated_at": AT,
    "withdrawn_at": None,
    "is_suspicious": False,
    "language": "nl",
    "channel": "api",
    "source": "api",
    "touchpoint": None,
    "team": "Zuid",
    "attributes": {"depot": "Zwolle"},
    "tags": ["phone"],
}
SCORE: Json = {
    "survey": SURVEY_ID,
    "metric": "nps",
    "unit": "points",
    "minimum": 0,
    "maximum": 10,
    "estimate": estimate(31.4, 18.9, 42.8, 207, "score"),
    "withheld": "",
    "histogram": {"3": 41, "8": 60, "9": 106},
    "also": {},
    "change": None,
    "is_clear": False,
    "period": "",
    "trend": [
        {
            "start": "2026-02-01",
            "n": 207,
            "estimate": estimate(31.4, 18.9, 42.8, 207, "score"),
            "is_hidden": False,
        }
    ],
    "by": None,
    "segments": [],
    "coverage": {"asked": 640, "answered": 207},
    "definition": [["Survey", "After a delivery"]],
    "formula": "100 × (promoters − detractors) / n",
    "caveats": [],
    "cut_off": AT,
    "page": f"{HERE}/scores/a4d81c07-e2f9-4b3d-8c65-f0a19e7b2d35/",
}
THEME: Json = {
    "key": THEME_KEY,
    "name": "Wachttijd",
    "parent": None,
    "n": 38,
    "share": estimate(0.29, 0.22, 0.37, 131, "wilson"),
    "negative": 30,
    "neutral": 6,
    "positive": 2,
    "page": f"{HERE}/themes/{THEME_KEY}/",
}
CASE: Json = {
    "id": CASE_ID,
    "number": 12,
    "status": "open",
    "outcome": "",
    "priority": 0,
    "person": PERSON_ID,
    "answer": ANSWER_ID,
    "survey": SURVEY_ID,
    "touchpoint": None,
    "team": "Zuid",
    "owner": None,
    "because": ["by_hand"],
    "cause": None,
    "cause_words": "",
    "done": "",
    "told": "",
    "version": 1,
    "opened_at": AT,
    "due_at": AT,
    "contacted_at": None,
    "closed_at": None,
    "page": f"{HERE}/cases/92c6e1d4-0f7b-4a85-a3d9-b0e7f5186c2d/",
}
NOTE: Json = {"kind": "note", "at": AT, "by": "", "text": "Gebeld, geen gehoor.\n(planning)"}
IMPROVEMENT: Json = {
    "id": IMPROVEMENT_ID,
    "title": "Call before we come",
    "cause": "Nobody knows at what time the van arrives.",
    "kind": "communication",
    "board": "fix",
    "is_quick_win": True,
    "status": "idea",
    "owner": None,
    "team": None,
    "touchpoint": None,
    "themes": [],
    "goal": "An appointment is an appointment",
    "goal_id": GOAL_ID,
    "expected_points": None,
    "cost": None,
    "starts_on": None,
    "due_on": "2026-06-01",
    "outcome": "",
    "answers": 1,
    "created_at": AT,
    "started_at": None,
    "finished_at": None,
    "steps": [],
    "page": f"{HERE}/improvements/18b5f7a2-d3e6-4c90-857a-1f9c0d4e6b37/",
}
GOAL: Json = {
    "id": GOAL_ID,
    "name": "An appointment is an appointment",
    "value": 40.0,
    "days": 90,
    "set_on": "2026-01-01",
    "due_on": "2026-12-31",
    "page": f"{HERE}/goals/2f6ad81c-40e9-4b73-86d5-a0c1e7f93b58/",
}
EXPORT: Json = {
    "id": EXPORT_ID,
    "state": "waiting",
    "refusal": "",
    "done": 0,
    "total": None,
    "bytes": None,
    "asked_at": AT,
    "ready_until": None,
}
HOOK: Json = {
    "id": HOOK_ID,
    "host": "hooks.example.org",
    "name": "Planning",
    "events": ["response.created"],
    "format": "flat",
    "with_person": False,
    "is_active": True,
    "secret": None,
    "created_at": AT,
}
CLOSED: Json = {"status": "closed", "outcome": "solved", "version": 2, "closed_at": AT}
