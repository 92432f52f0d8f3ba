"""How the values of this room are called on a page."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gloed.base.keys import Scope
from gloed.base.rules import Role

ROLES = {
    Role.OWNER: _("Owner"),
    Role.MANAGER: _("Manager"),
    Role.ANALYST: _("Analyst"),
    Role.FRONTLINE: _("Frontline"),
    Role.VIEWER: _("Viewer"),
}
ROLES_EXPLAINED = {
    Role.OWNER: _("everything, colleagues and settings too"),
    Role.MANAGER: _("surveys, imports, teams and all answers"),
    Role.ANALYST: _("all scores and answers, and exports"),
    Role.FRONTLINE: _("scores, and the answers of the own teams"),
    Role.VIEWER: _("scores only"),
}
LANGUAGES = (("nl", "Nederlands"), ("en", "English"))
AS_DEVICE = "device"
THEMES = ((AS_DEVICE, _("As the device")), ("light", _("Light")), ("dark", _("Dark")))

# what the audit trail says was done; other rooms add theirs with `audit.name_actions`
ACTIONS = {
    "organisation.changed": _("changed the settings"),
    "team.added": _("added a team"),
    "team.renamed": _("renamed a team"),
    "team.removed": _("removed a team"),
    "team.restored": _("brought a team back"),
    "staff.invited": _("invited a colleague"),
    "staff.invitation_resent": _("sent an invitation again"),
    "staff.invitation_withdrawn": _("withdrew an invitation"),
    "staff.invitation_restored": _("renewed an invitation"),
    "staff.joined": _("joined"),
    "staff.role_changed": _("changed a role"),
    "staff.teams_changed": _("changed someone’s teams"),
    "staff.deactivated": _("deactivated a colleague"),
    "staff.reactivated": _("let a colleague back in"),
    "staff.second_factor_removed": _("removed a colleague’s second step"),
    "key.made": _("made a key"),
    "key.revoked": _("ended a key"),
    "account.password_changed": _("changed the own password"),
    "account.password_reset": _("set a new password by mail"),
    "account.email_changed": _("changed the own e-mail address"),
    "account.second_factor_added": _("set up the second step"),
    "account.second_factor_removed": _("removed the second step"),
    "account.recovery_codes_made": _("made new recovery codes"),
}
DETAILS = {
    "from": _("from"),
    "to": pgettext_lazy("what it became", "to"),
    "role": _("role"),
    "teams": _("teams"),
    "name": _("name"),
    "time_zone": _("time zone"),
    "language": _("language"),
    "minimum_group": _("smallest group"),
    "require_second_factor": _("second step required"),
    "rows": _("rows"),
    "file": _("file"),
    "version": _("version"),
    "rating": _("rating"),
    "responses": _("answers"),
    "reason": _("reason"),
    "scopes": _("allowed to"),
    "imported": _("brought in"),
    "new": _("new"),
    "updated": _("changed"),
    "on": _("switched on"),
    "made": _("made on"),
    "status": _("state"),
    "how": _("how"),
    "what": _("what"),
    "address": _("address"),
    "format": _("format"),
    "personal": _("with names and addresses"),
    "question": _("question"),
}
# which columns changed: for whoever reads the record itself, no words for people
UNSPOKEN = frozenset({"fields"})
SCOPES = {
    Scope.READ_PEOPLE: _("see people and accounts"),
    Scope.WRITE_PEOPLE: _("add and change people and accounts"),
    Scope.WRITE_EVENTS: _("tell what happened to a customer"),
    Scope.READ_SURVEYS: _("see surveys"),
    Scope.WRITE_INVITATIONS: _("ask people, and take it back"),
    Scope.READ_ANSWERS: _("see answers and what people wrote"),
    Scope.WRITE_ANSWERS: _("bring in and change answers"),
    Scope.READ_SCORES: _("see scores, with their interval"),
    Scope.READ_THEMES: _("see what open answers are about"),
    Scope.READ_WORK: _("see cases and improvements"),
    Scope.WRITE_WORK: _("change cases and improvements"),
    Scope.READ_EXPORTS: _("make and fetch exports of everything"),
    Scope.WRITE_HOOKS: _("subscribe to news"),
}
YES, NO = _("yes"), _("no")
