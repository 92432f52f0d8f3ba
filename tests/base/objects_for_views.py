"""How to make an object for a view that has an id in its address.

The policy test (test_policy.py) opens every page of the house as a stranger, as somebody of
another organisation and as a colleague without the permission. For an address with an id it needs
an object. Add an entry for each such view of yours, or the test fails and names the view:

    def _survey(organisation):
        survey = Survey.objects.create(organisation=organisation, title="Service", metric="nps",
                                       created_at=NOW)
        return {"survey_id": survey.public_id}

    OBJECTS["surveys:detail"] = _survey

- The key is the view's name as it is reversed; the value makes the object in the organisation given
  and returns the arguments of the address.
- The owner of that organisation must be able to open it: a GET answers below 400.
- Import your models inside the function or at the top, as you like; keep entries together by room.
- PUBLIC holds addresses with an argument that anybody may open (a survey's link, an invitation):
  there the test only asks that a made-up argument is a 404. Its value is such an argument.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from gloed.base.models import Membership, Organisation, Staff, StaffInvitation, Team

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


# --- base


def _team(organisation: Organisation) -> dict[str, Any]:
    team = Team.objects.create(organisation=organisation, name="Zuid")
    return {"team_id": team.public_id}


def _membership(organisation: Organisation) -> dict[str, Any]:
    staff = Staff.objects.create_user(f"somebody-{organisation.pk}@example.org")
    membership = Membership.objects.create(organisation=organisation, staff=staff, role="viewer")
    return {"membership_id": membership.public_id}


def _invitation(organisation: Organisation) -> dict[str, Any]:
    invitation = StaffInvitation.objects.create(
        organisation=organisation,
        email="new@example.org",
        role="viewer",
        language="nl",
        created_at=NOW,
        expires_at=NOW + timedelta(days=7),
    )
    return {"invitation_id": invitation.public_id}


OBJECTS: dict[str, Callable[[Organisation], dict[str, Any]]] = {
    "base:team_edit": _team,
    "base:team_remove": _team,
    "base:team_restore": _team,
    "base:staff_edit": _membership,
    "base:staff_deactivate": _membership,
    "base:staff_reactivate": _membership,
    "base:invitation_resend": _invitation,
    "base:invitation_withdraw": _invitation,
    "base:invitation_restore": _invitation,
}
PUBLIC: dict[str, dict[str, Any]] = {
    "base:join": {"token": "made-up"},
    "base:confirm_email": {"token": "made-up"},
    # allauth tells in words, with 200, that such a link works no more
    "account_reset_password_from_key": {},
}
