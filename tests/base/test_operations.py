"""Who may do what is changed by operations: each keeps its promise and leaves a line behind."""

from datetime import timedelta

import pytest

from gloed.base import links, operations
from gloed.base.models import AuditEntry, Membership, Staff, StaffInvitation, Team
from gloed.base.operations import JoinRefused, Refused
from gloed.base.policy import find_membership
from gloed.base.queries import visible_teams
from gloed.base.rules import LinkState, Refusal, Role, reason_to_keep_owner, state_of_link
from tests.conftest import NOW


@pytest.fixture(autouse=True)
def _locmem(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def owner(make_staff, organisation):
    return make_staff(organisation, "owner")


def membership_of(staff):
    return Membership.objects.select_related("staff", "organisation").get(staff=staff)


def actions():
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


@pytest.mark.parametrize("becomes", [Role.MANAGER, None])
def test_the_rule_keeps_the_last_owner(becomes):
    reason = reason_to_keep_owner(Role.OWNER, becomes=becomes, other_owners=0)
    assert reason is Refusal.LAST_OWNER
    assert reason_to_keep_owner(Role.OWNER, becomes=becomes, other_owners=1) is None
    assert reason_to_keep_owner(Role.VIEWER, becomes=becomes, other_owners=0) is None


def test_the_last_owner_can_neither_be_demoted_nor_deactivated(owner):
    membership = membership_of(owner)
    with pytest.raises(Refused, match="last_owner"):
        operations.change_role(membership, Role.MANAGER, by=owner, at=NOW)
    with pytest.raises(Refused, match="last_owner"):
        operations.deactivate(membership, by=owner, at=NOW)
    assert membership_of(owner).role == "owner"
    assert membership_of(owner).deactivated_at is None
    assert actions() == []


def test_a_deactivated_owner_or_a_closed_account_does_not_count(owner, make_staff, organisation):
    second = make_staff(organisation, "owner", email="second@example.org")
    operations.deactivate(membership_of(second), by=owner, at=NOW)
    with pytest.raises(Refused):
        operations.deactivate(membership_of(owner), by=owner, at=NOW)
    operations.reactivate(membership_of(second), by=owner, at=NOW)
    Staff.objects.filter(pk=second.pk).update(is_active=False)
    with pytest.raises(Refused):
        operations.change_role(membership_of(owner), Role.VIEWER, by=owner, at=NOW)


def test_with_a_second_owner_the_first_may_go(owner, make_staff, organisation):
    make_staff(organisation, "owner", email="second@example.org")
    operations.change_role(membership_of(owner), Role.ANALYST, by=owner, at=NOW)
    assert membership_of(owner).role == "analyst"
    assert AuditEntry.objects.get().detail == {"role": ["owner", "analyst"]}


def test_deactivating_shuts_every_page_at_once(client_of, organisation, owner):
    client = client_of(organisation, "viewer")
    viewer = Staff.objects.get(email__startswith="viewer")
    operations.deactivate(membership_of(viewer), by=owner, at=NOW)
    assert client.get("/organisation/none/").status_code == 200
    operations.reactivate(membership_of(viewer), by=owner, at=NOW)
    assert client.get("/organisation/none/").status_code == 302
    assert actions() == ["staff.deactivated", "staff.reactivated"]


def test_a_removed_team_keeps_its_name_and_comes_back_whole(owner, make_staff, organisation):
    team = operations.add_team(organisation, "Zuid", by=owner, at=NOW)
    member = make_staff(organisation, "frontline", teams=[team])
    operations.remove_team(team, by=owner, at=NOW)
    assert visible_teams(membership_of(member)) == frozenset()
    again = operations.add_team(organisation, "zuid", by=owner, at=NOW)
    assert again == team
    assert visible_teams(membership_of(member)) == {team.pk}
    assert actions() == ["team.added", "team.removed", "team.restored"]


def test_two_teams_never_share_a_name(owner, organisation):
    team = operations.add_team(organisation, "Zuid", by=owner, at=NOW)
    other = operations.add_team(organisation, "Noord", by=owner, at=NOW)
    with pytest.raises(Refused, match="name_taken"):
        operations.add_team(organisation, "ZUID", by=owner, at=NOW)
    with pytest.raises(Refused, match="name_taken"):
        operations.rename_team(other, "zuid", by=owner, at=NOW)
    operations.rename_team(team, "ZUID", by=owner, at=NOW)  # its own, written otherwise
    assert Team.objects.get(pk=team.pk).name == "ZUID"


def test_only_frontline_sees_own_teams_only(make_staff, organisation):
    team = Team.objects.create(organisation=organisation, name="Zuid")
    Team.objects.create(organisation=organisation, name="Noord")
    for role in Role:
        staff = make_staff(organisation, role, teams=[team])
        expected = {team.pk} if role is Role.FRONTLINE else None
        assert visible_teams(membership_of(staff)) == expected


def test_settings_record_only_what_changed(owner, organisation):
    values = {"name": organisation.name, "minimum_group": 8, "language": "en"}
    assert operations.change_organisation(organisation, values, by=owner, at=NOW)
    entry = AuditEntry.objects.get()
    assert entry.detail == {"language": ["nl", "en"], "minimum_group": [5, 8]}
    assert not operations.change_organisation(organisation, values, by=owner, at=NOW)
    assert AuditEntry.objects.count() == 1


def invite(organisation, owner, *, email="new@example.org", at=NOW, **more):
    given = {"role": Role.ANALYST, "language": "en"} | more
    invitation, has_left = operations.invite(organisation, email=email, by=owner, at=at, **given)
    assert has_left
    return invitation


def test_an_invitation_works_once(owner, organisation):
    team = Team.objects.create(organisation=organisation, name="Zuid")
    invitation = invite(organisation, owner, teams=[team])
    membership = operations.create_colleague(
        invitation, nonce=invitation.nonce, name="Nia", password="a long password", at=NOW
    )
    assert (membership.role, membership.staff.language) == ("analyst", "en")
    assert list(membership.teams.all()) == [team]
    with pytest.raises(JoinRefused) as refused:
        operations.join(invitation, membership.staff, nonce=invitation.nonce, at=NOW)
    assert refused.value.state is LinkState.USED
    assert actions() == ["staff.invited", "staff.joined"]


def test_inviting_again_replaces_the_link(owner, organisation):
    first = invite(organisation, owner)
    second = invite(organisation, owner, email="NEW@example.org", role=Role.VIEWER)
    assert StaffInvitation.objects.count() == 1
    assert (second.pk, second.role) == (first.pk, "viewer")
    with pytest.raises(JoinRefused, match="replaced"):
        operations.create_colleague(second, nonce=first.nonce, name="N", password="x", at=NOW)
    assert not Staff.objects.filter(email="new@example.org").exists()


def test_sending_again_gives_seven_new_days(owner, organisation):
    invitation = invite(organisation, owner)
    old = invitation.nonce
    later = NOW + timedelta(days=9)
    operations.resend_invitation(invitation, by=owner, at=later)
    invitation.refresh_from_db()
    assert invitation.nonce != old
    assert invitation.expires_at == later + timedelta(days=7)


def test_withdrawing_can_be_undone_unless_somebody_was_invited_anew(owner, organisation):
    invitation = invite(organisation, owner)
    operations.withdraw_invitation(invitation, by=owner, at=NOW)
    with pytest.raises(JoinRefused, match="withdrawn"):
        operations.create_colleague(
            invitation, nonce=invitation.nonce, name="N", password="x", at=NOW
        )
    operations.restore_invitation(invitation, by=owner, at=NOW)
    operations.withdraw_invitation(invitation, by=owner, at=NOW)
    invite(organisation, owner)
    with pytest.raises(Refused, match="invited_anew"):
        operations.restore_invitation(invitation, by=owner, at=NOW)


def test_who_works_here_is_not_invited_again(owner, organisation, make_staff):
    colleague = make_staff(organisation, "viewer")
    operations.deactivate(membership_of(colleague), by=owner, at=NOW)
    with pytest.raises(Refused, match="works_here"):
        invite(organisation, owner, email=colleague.email)


@pytest.mark.parametrize(
    ("accepted", "withdrawn", "newest", "days", "state"),
    [
        (None, None, True, 6, LinkState.OPEN),
        (None, None, True, 7, LinkState.EXPIRED),
        (None, None, False, 6, LinkState.REPLACED),
        (None, NOW, True, 6, LinkState.WITHDRAWN),
        (NOW, None, True, 8, LinkState.USED),
    ],
)
def test_the_state_of_a_link(accepted, withdrawn, newest, days, state):
    found = state_of_link(
        accepted_at=accepted,
        withdrawn_at=withdrawn,
        expires_at=NOW + timedelta(days=7),
        is_newest=newest,
        now=NOW + timedelta(days=days),
    )
    assert found is state


def test_a_link_cannot_be_forged(owner, organisation):
    invitation = invite(organisation, owner)
    token = links.invitation_url(invitation).rstrip("/").rsplit("/", 1)[1]
    assert links.invitation_of(token) == (invitation, True)
    assert links.invitation_of(token[:-1] + ("a" if token[-1] != "a" else "b")) is None
    assert links.email_change_of(token) is None  # signed for something else


def test_the_own_address_changes_and_its_link_works_once(owner):
    token = links.email_url(owner, "alice@example.com").rstrip("/").rsplit("/", 1)[1]
    staff, to = links.email_change_of(token)
    operations.change_email(staff, to=to, at=NOW)
    assert Staff.objects.get(pk=owner.pk).email == "alice@example.com"
    assert links.email_change_of(token) is None
    assert actions() == ["account.email_changed"]


def test_an_address_in_use_stays_with_its_owner(owner, make_staff, organisation):
    other = make_staff(organisation, "viewer")
    with pytest.raises(Refused, match="address_taken"):
        operations.change_email(owner, to=other.email, at=NOW)
    assert owner.email == Staff.objects.get(pk=owner.pk).email != other.email


def test_the_organisation_chosen_wins_over_the_first(
    rf, make_staff, organisation, other_organisation
):
    staff = make_staff(organisation, "viewer")
    Membership.objects.create(organisation=other_organisation, staff=staff, role="owner")
    request = rf.get("/")
    request.user, request.session = staff, {}
    assert find_membership(request).organisation == organisation
    request.session = {"organisation": str(other_organisation.public_id)}
    assert find_membership(request).organisation == other_organisation
