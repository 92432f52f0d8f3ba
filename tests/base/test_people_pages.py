"""Owners look after the organisation, its teams and colleagues, through the real pages."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from gloed.base import audit
from gloed.base.models import (
    AuditEntry,
    Membership,
    Organisation,
    Staff,
    StaffInvitation,
    Team,
)
from tests.conftest import NOW

PAGES_WITH_LISTS = ["base:staff_list", "base:team_list", "base:audit"]


@pytest.fixture(autouse=True)
def _locmem(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def page(client, name, *args):
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200
    return response.content.decode()


def messages_of(response):
    return [str(message) for message in response.context["messages"]]


def test_settings_are_kept_and_shown(alice, organisation):
    values = {
        "name": "Noorderlicht",
        "time_zone": "Europe/Brussels",
        "language": "en",
        "minimum_group": "8",
    }
    response = alice.post(reverse("base:settings"), values, follow=True)
    assert messages_of(response) == ["The settings are kept."]
    organisation.refresh_from_db()
    assert (organisation.name, organisation.time_zone) == ("Noorderlicht", "Europe/Brussels")
    assert (organisation.language, organisation.minimum_group) == ("en", 8)


@pytest.mark.parametrize(
    "wrong", [{"minimum_group": "1"}, {"time_zone": "Mars/Olympus"}, {"name": " "}]
)
def test_a_setting_that_cannot_be_is_told_at_its_field(alice, organisation, wrong):
    values = {
        "name": "N",
        "time_zone": "Europe/Brussels",
        "language": "en",
        "minimum_group": "8",
    } | wrong
    response = alice.post(reverse("base:settings"), values)
    assert list(response.context["form"].errors) == list(wrong)
    assert Organisation.objects.get(pk=organisation.pk).minimum_group == 5
    assert AuditEntry.objects.count() == 0


def test_a_team_is_added_renamed_removed_and_brought_back(alice, organisation):
    alice.post(reverse("base:team_list"), {"name": "Zuid"})
    team = Team.objects.get()
    alice.post(reverse("base:team_edit", args=[team.public_id]), {"name": "Zuidoost"})
    response = alice.post(reverse("base:team_remove", args=[team.public_id]), follow=True)
    assert "Zuidoost is removed; its answers are kept." in response.content.decode()
    undo = response.context["undo"]["url"]
    assert alice.get(reverse("base:team_list")).context["undo"] is None
    response = alice.post(undo, follow=True)
    assert messages_of(response) == ["Zuidoost is back."]


def test_a_name_that_is_taken_is_told_at_its_field(alice, organisation):
    Team.objects.create(organisation=organisation, name="Zuid")
    response = alice.post(reverse("base:team_list"), {"name": "zuid"})
    assert "This name is taken" in response.content.decode()


def test_the_last_owner_hears_why_nothing_changed(alice, organisation):
    membership = Membership.objects.get(organisation=organisation)
    address = reverse("base:staff_edit", args=[membership.public_id])
    assert "only owner" in alice.post(address, {"role": "viewer"}).content.decode()
    address = reverse("base:staff_deactivate", args=[membership.public_id])
    assert "only owner" in messages_of(alice.post(address, follow=True))[0]


def test_role_and_teams_of_a_colleague(alice, organisation, make_staff):
    team = Team.objects.create(organisation=organisation, name="Zuid")
    bob = make_staff(organisation, "viewer")
    address = reverse("base:staff_edit", args=[bob.memberships.get().public_id])
    alice.post(address, {"role": "frontline", "teams": [team.pk]})
    membership = bob.memberships.get()
    assert membership.role == "frontline"
    assert list(membership.teams.all()) == [team]


def test_a_team_of_another_organisation_cannot_be_given(
    alice, organisation, other_organisation, make_staff
):
    Team.objects.create(organisation=organisation, name="Zuid")
    foreign = Team.objects.create(organisation=other_organisation, name="Elders")
    bob = make_staff(organisation, "viewer")
    address = reverse("base:staff_edit", args=[bob.memberships.get().public_id])
    response = alice.post(address, {"role": "viewer", "teams": [foreign.pk]})
    assert "teams" in response.context["form"].errors
    assert not bob.memberships.get().teams.exists()


def test_deactivating_offers_the_way_back(alice, organisation, make_staff):
    bob = make_staff(organisation, "viewer")
    address = reverse("base:staff_deactivate", args=[bob.memberships.get().public_id])
    response = alice.post(address, follow=True)
    assert "Viewer can open nothing here any more." in response.content.decode()
    alice.post(response.context["undo"]["url"])
    assert bob.memberships.get().deactivated_at is None


def test_an_owner_who_steps_down_lands_on_a_page_that_is_open(alice, organisation, make_staff):
    make_staff(organisation, "owner", email="second@example.org")
    mine = Membership.objects.get(staff__email=f"owner-{organisation.pk}@example.org")
    address = reverse("base:staff_edit", args=[mine.public_id])
    assert alice.post(address, {"role": "viewer"}).url == "/"


def invite(client, **values):
    given = {"email": "nia@example.org", "role": "analyst", "language": "nl"} | values
    return client.post(reverse("base:staff_invite"), given, follow=True)


def link_in(message):
    return next(line for line in message.body.splitlines() if line.startswith("http"))


def path_of(url):
    return url.removeprefix("http://127.0.0.1:8000")


def test_an_invited_colleague_joins_in_the_language_of_the_invitation(alice, organisation):
    invite(alice)
    [message] = mail.outbox
    assert message.to == ["nia@example.org"]
    assert message.subject == "Je uitnodiging voor Noorderlicht Energie"
    address = path_of(link_in(message))
    visitor = Client()
    page_for_nia = visitor.get(address, headers={"Accept-Language": "en"})
    assert "Kies een wachtwoord" in page_for_nia.content.decode()
    response = visitor.post(address, {"name": "Nia", "password": "vier woorden op rij"})
    assert (response.status_code, response.url) == (302, "/")
    nia = Staff.objects.get(email="nia@example.org")
    assert (nia.name, nia.language, nia.memberships.get().role) == ("Nia", "nl", "analyst")
    assert visitor.get(reverse("base:account")).status_code == 200
    assert Client().get(address).status_code == 410


def test_a_weak_password_is_told_and_nobody_is_made(alice, organisation):
    invite(alice)
    address = path_of(link_in(mail.outbox[0]))
    for weak in ("kort", "password123", "nia@example.org"):
        response = Client().post(address, {"name": "Nia", "password": weak})
        assert "password" in response.context["form"].errors, weak
    assert not Staff.objects.filter(email="nia@example.org").exists()


def test_somebody_with_an_account_joins_logged_in_only(alice, charlie, other_organisation):
    invited = Staff.objects.get(email=f"owner-{other_organisation.pk}@example.org")
    invite(alice, email=invited.email)
    address = path_of(link_in(mail.outbox[0]))
    stranger = Client()
    assert "Log" in stranger.get(address).content.decode()
    stranger.post(address, {"name": "Thief", "password": "four words in a row"})
    assert invited.memberships.count() == 1
    alice.post(address)  # the link is not hers
    assert invited.memberships.count() == 1
    charlie.post(address)
    assert invited.memberships.count() == 2
    assert charlie.get(reverse("base:no_organisation")).status_code == 302


def test_a_withdrawn_link_says_so_and_undo_opens_it_again(alice, organisation):
    invite(alice, language="en")
    address = path_of(link_in(mail.outbox[0]))
    invitation = StaffInvitation.objects.get()
    response = alice.post(
        reverse("base:invitation_withdraw", args=[invitation.public_id]), follow=True
    )
    gone = Client().get(address)
    assert gone.status_code == 410
    assert "withdrew this invitation" in gone.content.decode()
    alice.post(response.context["undo"]["url"])
    assert Client().get(address).status_code == 200


def test_a_mail_server_that_is_away_is_told_and_the_invitation_is_kept(alice, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    response = invite(alice)
    assert "could not be sent just now" in messages_of(response)[0]
    assert "nia@example.org" in response.content.decode()


def test_without_a_mail_server_the_page_tells_where_the_mail_is(alice, settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    assert "No mail server is set up" in messages_of(invite(alice))[0]
    assert len(list(tmp_path.iterdir())) == 1


def test_one_switches_between_own_organisations_only(alice, organisation, other_organisation):
    address = reverse("base:switch_organisation")
    assert alice.post(address, {"organisation": other_organisation.public_id}).status_code == 404
    assert alice.post(address, {"organisation": "x"}).status_code == 404
    staff = Staff.objects.get(memberships__organisation=organisation)
    Membership.objects.create(organisation=other_organisation, staff=staff, role="viewer")
    assert other_organisation.name in page(alice, "base:account")
    alice.post(address, {"organisation": other_organisation.public_id})
    assert alice.get(reverse("base:staff_list")).status_code == 403  # a viewer there


def test_who_works_nowhere_is_told_what_to_do(db):
    client = Client()
    client.force_login(Staff.objects.create_user("alone@example.org", "x"))
    response = client.get(reverse("base:settings"), follow=True)
    assert "You work nowhere here yet" in response.content.decode()


def test_own_choices_are_kept(alice, organisation):
    values = {"name": "Alice de Wit", "language": "nl", "theme": "dark"}
    response = alice.post(reverse("base:account"), values, follow=True)
    assert messages_of(response) == ["Je keuzes zijn bewaard."]
    assert 'data-theme="dark"' in response.content.decode()
    assert response.headers["Content-Language"] == "nl"


def test_a_manager_looks_after_teams_and_reads_the_trail_only(client_of, organisation):
    bob = client_of(organisation, "manager")
    content = page(bob, "base:team_list")
    assert reverse("base:audit") in content
    assert reverse("base:staff_invite") not in content
    assert bob.get(reverse("base:settings")).status_code == 403


@pytest.fixture
def fill(organisation, make_staff):
    """Make so many rows of everything: colleagues in a team, teams, invitations, entries."""

    def make(rows):
        for n in range(rows):
            team = Team.objects.create(organisation=organisation, name=f"Team {n:02}")
            staff = make_staff(organisation, "viewer", email=f"s{n}@example.org", teams=[team])
            audit.record(staff, "team.added", team, organisation=organisation, at=NOW)
            StaffInvitation.objects.create(
                organisation=organisation,
                email=f"i{n}@example.org",
                role="viewer",
                language="nl",
                invited_by=staff,
                created_at=NOW,
                expires_at=NOW,
            )

    return make


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize(
    ("name", "queries"), [("base:staff_list", 8), ("base:team_list", 6), ("base:audit", 8)]
)
def test_a_list_asks_the_database_the_same_however_long_it_is(
    alice, fill, django_assert_num_queries, name, queries, rows
):
    fill(rows)
    with django_assert_num_queries(queries):
        content = page(alice, name)
    assert content.count("<tr") >= rows
