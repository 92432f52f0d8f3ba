"""Who may do what: roles and permissions as plain values."""

from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What a colleague is in an organisation, from most to least rights."""

    OWNER = "owner"
    MANAGER = "manager"
    ANALYST = "analyst"
    FRONTLINE = "frontline"
    VIEWER = "viewer"


READ = frozenset({"web.view_today", "analysis.view_report"})
ANSWERS = frozenset({"responses.view_answers"})
PEOPLE = frozenset({"people.view_person"})
CALL = frozenset({"channels.call"})
CODE = frozenset({"coding.code"})
CASES = frozenset({"loop.handle_cases"})
IMPROVE = frozenset({"loop.improve"})
FRONT = READ | ANSWERS | CALL | CODE | CASES | IMPROVE
ANALYSE = FRONT | PEOPLE
ANALYSE |= {"analysis.export", "analysis.watch", "coding.edit_codebook", "loop.judge"}
MANAGE = ANALYSE | {
    "surveys.edit",
    "fieldwork.plan",
    "loop.plan_cases",
    "loop.tell",
    "responses.correct",
    "people.erase",
    "channels.import",
    "base.manage_teams",
    "base.manage_keys",
    "base.view_audit",
}
OWN = MANAGE | {
    "base.manage_staff",
    "base.manage_organisation",
    "base.manage_sample",
    "base.export_everything",
}

PERMISSIONS: dict[Role, frozenset[str]] = {
    Role.OWNER: OWN,
    Role.MANAGER: MANAGE,
    Role.ANALYST: ANALYSE,
    Role.FRONTLINE: FRONT,
    Role.VIEWER: READ,
}


def may(role: Role, permission: str) -> bool:
    """Whether a role carries a permission. An unknown permission is a programming mistake."""
    if permission not in OWN:
        raise ValueError(f"unknown permission: {permission}")
    return permission in PERMISSIONS[role]


def sees_own_team_only(role: Role) -> bool:
    """A frontline colleague sees the answers of the own teams, nobody else's."""
    return role is Role.FRONTLINE


class Refusal(StrEnum):
    """Why something about colleagues cannot be done."""

    LAST_OWNER = "last_owner"
    WORKS_HERE = "works_here"
    NAME_TAKEN = "name_taken"
    ADDRESS_TAKEN = "address_taken"
    INVITED_ANEW = "invited_anew"
    WORKS_ELSEWHERE = "works_elsewhere"


def reason_to_keep_owner(role: Role, *, becomes: Role | None, other_owners: int) -> Refusal | None:
    """Why an owner must stay one: an organisation is never left without.

    `becomes` is the role wanted, None for leaving; `other_owners` counts the active others.
    """
    if role is Role.OWNER and becomes is not Role.OWNER and other_owners == 0:
        return Refusal.LAST_OWNER
    return None


class LinkState(StrEnum):
    """Whether an invitation's link still opens the door."""

    OPEN = "open"
    USED = "used"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    REPLACED = "replaced"


def state_of_link(
    *,
    accepted_at: datetime | None,
    withdrawn_at: datetime | None,
    expires_at: datetime,
    is_newest: bool,
    now: datetime,
) -> LinkState:
    """What became of an invitation's link; the first reason that holds is told."""
    if accepted_at is not None:
        return LinkState.USED
    if withdrawn_at is not None:
        return LinkState.WITHDRAWN
    if not is_newest:
        return LinkState.REPLACED
    return LinkState.OPEN if now < expires_at else LinkState.EXPIRED
