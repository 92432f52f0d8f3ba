"""What is changed about organisations, teams, colleagues and the own account."""

from gloed.base.operations.account import change_account, change_email
from gloed.base.operations.invitations import (
    INVITATION_DAYS,
    JoinRefused,
    create_colleague,
    invite,
    join,
    resend_invitation,
    restore_invitation,
    withdraw_invitation,
)
from gloed.base.operations.keys import make_key, note_use, revoke_key
from gloed.base.operations.organisation import (
    SETTINGS,
    add_team,
    change_organisation,
    remove_team,
    rename_team,
    restore_team,
)
from gloed.base.operations.refusal import Refused
from gloed.base.operations.staff import (
    change_role,
    change_teams,
    deactivate,
    reactivate,
    remove_second_factor,
)

__all__ = [
    "INVITATION_DAYS",
    "SETTINGS",
    "JoinRefused",
    "Refused",
    "add_team",
    "change_account",
    "change_email",
    "change_organisation",
    "change_role",
    "change_teams",
    "create_colleague",
    "deactivate",
    "invite",
    "join",
    "make_key",
    "note_use",
    "reactivate",
    "remove_second_factor",
    "remove_team",
    "rename_team",
    "resend_invitation",
    "restore_invitation",
    "restore_team",
    "revoke_key",
    "withdraw_invitation",
]
