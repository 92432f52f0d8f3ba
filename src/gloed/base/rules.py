"""Who may do what: roles and permissions as plain values."""

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
ANALYSE = READ | ANSWERS | PEOPLE | {"analysis.export"}
MANAGE = ANALYSE | {
    "surveys.edit",
    "responses.correct",
    "people.erase",
    "channels.import",
    "base.manage_teams",
    "base.view_audit",
}
OWN = MANAGE | {"base.manage_staff", "base.manage_organisation", "base.manage_sample"}

PERMISSIONS: dict[Role, frozenset[str]] = {
    Role.OWNER: OWN,
    Role.MANAGER: MANAGE,
    Role.ANALYST: ANALYSE,
    Role.FRONTLINE: READ | ANSWERS,
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
