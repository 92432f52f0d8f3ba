"""One example of every operation: what is sent and what comes back. Tests send each of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from gloed.integrations.api.examples.things import (
    ACCOUNT,
    ACCOUNT_ID,
    ANSWER,
    ANSWER_ID,
    ANSWER_IN,
    AT,
    CASE,
    CASE_ID,
    CLOSED,
    EVENT,
    EVENT_ID,
    EVENT_IN,
    EXPORT,
    EXPORT_ID,
    GOAL,
    GOAL_ID,
    HOOK,
    HOOK_ID,
    IMPROVEMENT,
    IMPROVEMENT_ID,
    INVITATION,
    INVITATION_ID,
    NOTE,
    PERSON,
    PERSON_ID,
    PERSON_IN,
    QUESTION,
    SCORE,
    SURVEY,
    SURVEY_ID,
    THEME,
    THEME_KEY,
    Json,
    estimate,
    page,
)


@dataclass(frozen=True, slots=True)
class Example:
    """A request and its reply; `path` and `query` are values of the parameters of the address."""

    reply: Any = None
    body: Json | None = None
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)


ONE_PERSON = {"person_id": PERSON_ID}
ONE_ACCOUNT = {"account_id": ACCOUNT_ID}
ONE_INVITATION = {"invitation_id": INVITATION_ID}
ONE_ANSWER = {"answer_id": ANSWER_ID}
ONE_CASE = {"case_id": CASE_ID}
ONE_IMPROVEMENT = {"improvement_id": IMPROVEMENT_ID}
ONE_EXPORT = {"export_id": EXPORT_ID}

EXAMPLES: Final[dict[str, Example]] = {
    "getMe": Example(
        {
            "key": "planning",
            "organisation": "Noorderlicht Energie",
            "time_zone": "Europe/Amsterdam",
            "language": "nl",
            "scopes": ["write:answers", "read:scores"],
        }
    ),
    "listPersons": Example(page(PERSON), query={"email": "anna@example.org"}),
    "upsertPerson": Example(PERSON, PERSON_IN),
    "upsertPersons": Example(
        {"ids": [PERSON_ID, "per_21d7c8f04be94a6fb3a90c5e7d1f8b62"]},
        {"persons": [PERSON_IN, {"email": "bob@example.org"}]},
    ),
    "getPerson": Example(PERSON, path=ONE_PERSON),
    "changePerson": Example(
        PERSON | {"attributes": {"city": "Assen"}},
        {"attributes": {"plan": None, "city": "Assen"}},
        path=ONE_PERSON,
    ),
    "erasePerson": Example(path=ONE_PERSON),
    "optOutPerson": Example(
        PERSON | {"no_surveys": [{"reason": "opt_out", "source": "api", "since": AT}]},
        path=ONE_PERSON,
    ),
    "listAccounts": Example(page(ACCOUNT), query={"name": "Bakkerij De Vries"}),
    "upsertAccount": Example(ACCOUNT, {"name": "Bakkerij De Vries", "external_id": "B77"}),
    "getAccount": Example(ACCOUNT, path=ONE_ACCOUNT),
    "changeAccount": Example(
        ACCOUNT | {"name": "Bakkerij De Vries BV"},
        {"name": "Bakkerij De Vries BV"},
        path=ONE_ACCOUNT,
    ),
    "listEvents": Example(page(EVENT), query={"kind": "delivery", "person": PERSON_ID}),
    "postEvent": Example({"id": EVENT_ID, "is_new": True, "reactions": []}, EVENT_IN),
    "getEvent": Example(EVENT, path={"event_id": EVENT_ID}),
    "listSurveys": Example(page(SURVEY), query={"state": "open"}),
    "getSurvey": Example({**SURVEY, "questions": [QUESTION]}, path={"survey_id": SURVEY_ID}),
    "listInvitations": Example(page(INVITATION), query={"survey": SURVEY_ID, "person": PERSON_ID}),
    "invitePerson": Example(
        INVITATION,
        {
            "survey": SURVEY_ID,
            "person": PERSON_ID,
            "channel": "email",
            "event": "order-8812",
            "delay_seconds": 3600,
        },
    ),
    "getInvitation": Example(INVITATION, path=ONE_INVITATION),
    "withdrawInvitation": Example(INVITATION | {"disposition": "withdrawn"}, path=ONE_INVITATION),
    "listAnswers": Example(page(ANSWER), query={"survey": SURVEY_ID, "limit": 100}),
    "postAnswer": Example(ANSWER, ANSWER_IN),
    "postAnswers": Example(
        {"ids": [ANSWER_ID, "ans_0f3b9e6c8a714d25b6d1c7a54e90f382"], "new": 2},
        {"answers": [ANSWER_IN, ANSWER_IN | {"id": "visit-5532"}]},
    ),
    "getAnswer": Example(ANSWER, path=ONE_ANSWER),
    "correctAnswer": Example(ANSWER | {"rating": 10}, {"rating": 10}, path=ONE_ANSWER),
    "withdrawAnswer": Example(ANSWER | {"withdrawn_at": AT}, path=ONE_ANSWER),
    "getScore": Example(SCORE, path={"survey_id": SURVEY_ID}, query={"when": "90d", "by": "team"}),
    "listThemes": Example(
        {"answers": 131, "few": 2, "data": [THEME]}, query={"survey": SURVEY_ID, "when": "90d"}
    ),
    "getTheme": Example(
        {
            **THEME,
            "definition": "How long somebody had to wait.",
            "course": [
                {
                    "start": "2026-02-01",
                    "n": 19,
                    "share": estimate(0.28, 0.18, 0.4, 68, "wilson"),
                }
            ],
        },
        path={"key": THEME_KEY},
    ),
    "listCases": Example(page(CASE), query={"status": "open"}),
    "openCase": Example(CASE, {"answer": ANSWER_ID}),
    "getCase": Example({**CASE, "story": [NOTE]}, path=ONE_CASE),
    "changeCase": Example(
        CASE | {"done": "Sent a mechanic.", "version": 2},
        {"version": 1, "done": "Sent a mechanic."},
        path=ONE_CASE,
    ),
    "noteOnCase": Example(NOTE, {"text": "Gebeld, geen gehoor."}, path=ONE_CASE),
    "contactedCustomer": Example(CASE | {"status": "contacted", "contacted_at": AT}, path=ONE_CASE),
    "closeCase": Example(CASE | CLOSED, {"outcome": "solved"}, path=ONE_CASE),
    "reopenCase": Example(CASE, path=ONE_CASE),
    "listImprovements": Example(page(IMPROVEMENT), query={"status": "idea"}),
    "noteImprovement": Example(
        IMPROVEMENT,
        {
            "title": "Call before we come",
            "cause": "Nobody knows at what time the van arrives.",
            "kind": "communication",
            "is_quick_win": True,
            "goal_id": GOAL_ID,
            "due_on": "2026-06-01",
            "answers": [ANSWER_ID],
        },
    ),
    "getImprovement": Example(IMPROVEMENT, path=ONE_IMPROVEMENT),
    "changeImprovement": Example(
        IMPROVEMENT | {"status": "started", "started_at": AT},
        {"status": "started", "due_on": "2026-06-01"},
        path=ONE_IMPROVEMENT,
    ),
    "removeImprovement": Example(path=ONE_IMPROVEMENT),
    "listGoals": Example(page(GOAL)),
    "listExports": Example(page(EXPORT)),
    "makeExport": Example(EXPORT),
    "getExport": Example(
        EXPORT | {"state": "ready", "done": 5120, "total": 5120, "bytes": 481_203},
        path=ONE_EXPORT,
    ),
    "downloadExport": Example(path=ONE_EXPORT),
    "listHooks": Example(page(HOOK)),
    "subscribeHook": Example(
        HOOK | {"secret": "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="},
        {
            "url": "https://hooks.example.org/gloed",
            "events": ["response.created"],
            "filter": {"group": "detractor"},
            "format": "flat",
            "name": "Planning",
        },
    ),
    "sampleEvents": Example(
        [{"type": "case.closed", "timestamp": AT, "data": {"id": CASE_ID, "status": "closed"}}],
        query={"type": "case.closed"},
    ),
    "unsubscribeHook": Example(path={"hook_id": HOOK_ID}),
}
"""By the operationId."""
