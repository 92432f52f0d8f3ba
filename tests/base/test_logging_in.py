"""Logging in and out, by every way there is, and the ways that are shut."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.test import Client
from django.urls import reverse

from gloed.base.models import AuditEntry, Membership, Staff

PASSWORD = "a long enough password"


@pytest.fixture(autouse=True)
def _locmem(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def owner(make_staff, organisation):
    return make_staff(organisation, "owner", email="alice@example.org")


def log_in(client, password=PASSWORD, email="alice@example.org", **more):
    return client.post(reverse("account_login"), {"login": email, "password": password} | more)


def is_logged_in(client):
    return client.get(reverse("base:account")).status_code == 200


def code_now(secret):
    return totp.format_hotp_value(
        totp.hotp_value(secret, list(totp.yield_hotp_counters_from_time())[1])
    )


@pytest.fixture
def set_up_second_factor(django_capture_on_commit_callbacks):
    """Through the pages: password once more, key, first code. The function returns the key."""

    def set_up(client):
        address = reverse("mfa_activate_totp")
        response = client.get(address)
        if response.status_code == 302:
            client.post(response.url, {"password": PASSWORD})
            response = client.get(address)
        secret = response.context["form"].secret
        with django_capture_on_commit_callbacks(execute=True):
            response = client.post(address, {"code": code_now(secret)})
        assert response.url == reverse("mfa_view_recovery_codes")
        return secret

    return set_up


def test_address_and_password_open_the_page_that_was_wanted(owner):
    client = Client()
    response = client.get(reverse("base:team_list"))
    assert response.url == "/accounts/login/?next=/organisation/teams/"
    assert log_in(client, next="/organisation/teams/").url == "/organisation/teams/"
    assert log_in(Client(), email="ALICE@example.org", next="//evil.example").url == "/"


@pytest.mark.django_db
def test_where_nobody_can_log_in_the_page_says_what_to_do(make_staff, organisation):
    page = reverse("account_login")
    assert "gloed admin create" in Client().get(page).text
    make_staff(organisation, "viewer")
    assert "gloed admin create" not in Client().get(page).text


def test_a_fragment_that_htmx_asks_for_takes_the_whole_page_to_the_log_in(owner):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/organisation/audit/?a=1"}
    response = Client().get(reverse("base:audit"), headers=headers)
    assert response.status_code == 200
    assert response.headers["HX-Redirect"] == ("/accounts/login/?next=/organisation/audit/%3Fa%3D1")


def test_a_wrong_password_and_an_unknown_address_read_alike(owner):
    answers = [
        re.sub(
            r"csrf\w+\" value=\"\w+|value=\"\S+@\S+\"",
            "",
            log_in(Client(), **wrong).content.decode(),
        )
        for wrong in ({"password": "not this one"}, {"email": "nobody@example.org"})
    ]
    assert "do not belong together" in answers[0]
    assert answers[0] == answers[1]


def test_too_many_tries_are_stopped_for_the_right_password_too(owner):
    for _ in range(5):
        log_in(Client(), password="guess")
    client = Client()
    assert "Too many tries" in log_in(client).content.decode()
    assert not is_logged_in(client)


def test_logging_out_asks_for_a_button_and_ends_the_session(owner):
    client = Client()
    log_in(client)
    assert client.get(reverse("account_logout")).status_code == 200
    assert is_logged_in(client)
    client.post(reverse("account_logout"))
    assert not is_logged_in(client)


def test_a_closed_account_does_not_come_in(owner):
    Staff.objects.update(is_active=False)
    client = Client()
    response = log_in(client)
    assert not is_logged_in(client)
    assert response.status_code in (200, 302)


def reset_link():
    return re.search(r"http://127\.0\.0\.1:8000(\S+)", mail.outbox[-1].body)[1]


def test_a_forgotten_password_is_replaced_by_mail(owner):
    owner.language = "nl"
    owner.save()
    elsewhere, client = Client(), Client()
    log_in(elsewhere)
    client.post(reverse("account_reset_password"), {"email": owner.email})
    assert mail.outbox[0].subject == "Kies een nieuw wachtwoord"
    link = reset_link()
    address = client.get(link).url  # the key moves from the address into the session
    new = {"password1": "vier nieuwe woorden samen", "password2": "vier nieuwe woorden samen"}
    response = client.post(address, new, follow=True)
    assert response.status_code == 200
    assert not is_logged_in(elsewhere)
    assert Client().get(link, follow=True).context["token_fail"]
    log_in(client, password="vier nieuwe woorden samen")
    assert is_logged_in(client)
    assert "account.password_reset" in AuditEntry.objects.values_list("action", flat=True)
    assert mail.outbox[1].subject == "Je hebt een nieuw wachtwoord"


def test_asking_for_a_reset_tells_nobody_who_has_an_account(owner):
    pages = []
    for email in (owner.email, "nobody@example.org"):
        response = Client().post(reverse("account_reset_password"), {"email": email}, follow=True)
        pages.append(re.sub(r"value=\"\w{64}\"", "", response.content.decode()))
    assert pages[0] == pages[1]
    assert [message.to for message in mail.outbox] == [[owner.email], ["nobody@example.org"]]


def test_links_in_mails_begin_where_people_reach_gloed(owner, settings):
    client = Client(headers={"Host": "localhost"})
    client.post(reverse("account_reset_password"), {"email": owner.email})
    assert "http://127.0.0.1:8000/accounts/password/reset/" in mail.outbox[0].body


def test_resets_are_limited(owner):
    for _ in range(5):
        Client().post(reverse("account_reset_password"), {"email": owner.email})
    response = Client().post(reverse("account_reset_password"), {"email": owner.email})
    assert response.status_code == 429
    assert "A short pause" in response.content.decode()
    assert len(mail.outbox) == 5


def test_a_mail_server_that_is_away_is_told_in_words(owner, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    for email in (owner.email, "nobody@example.org"):
        response = Client().post(reverse("account_reset_password"), {"email": email}, follow=True)
        assert "could not be sent just now" in response.content.decode()


def test_changing_the_password_asks_for_the_present_one(owner):
    client, elsewhere = Client(), Client()
    log_in(client)
    log_in(elsewhere)
    new = {"password1": "four other words here", "password2": "four other words here"}
    address = reverse("account_change_password")
    wrong = client.post(address, {"oldpassword": "guess"} | new)
    assert "not the password you have now" in wrong.content.decode()
    assert client.post(address, {"oldpassword": PASSWORD} | new).url == reverse("base:account")
    assert is_logged_in(client)
    assert not is_logged_in(elsewhere)
    assert AuditEntry.objects.get().action == "account.password_changed"


def test_the_second_step_is_asked_once_it_is_set_up(owner, set_up_second_factor):
    client = Client()
    log_in(client)
    secret = set_up_second_factor(client)
    codes = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    assert len(codes) == 10
    fresh = Client()
    assert log_in(fresh).url == reverse("mfa_authenticate")
    assert not is_logged_in(fresh)
    wrong = fresh.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "does not fit" in wrong.content.decode()
    fresh.post(reverse("mfa_authenticate"), {"code": codes[0]})
    assert is_logged_in(fresh)
    again = Client()
    log_in(again)
    again.post(reverse("mfa_authenticate"), {"code": codes[0]})
    assert not is_logged_in(again), "a recovery code works once"
    assert secret
    assert "account.second_factor_added" in AuditEntry.objects.values_list("action", flat=True)


def test_setting_up_and_removing_ask_for_the_password_once_more(owner, set_up_second_factor):
    client = Client()
    client.force_login(owner)
    for name in ("mfa_activate_totp", "mfa_generate_recovery_codes", "base:change_email"):
        assert client.get(reverse(name)).url.startswith(reverse("account_reauthenticate")), name
    set_up_second_factor(client)
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=owner).exists()
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["account.second_factor_added", "account.second_factor_removed"]


def test_an_organisation_can_ask_everybody_for_the_second_step(
    owner, organisation, set_up_second_factor
):
    organisation.require_second_factor = True
    organisation.save()
    client = Client()
    log_in(client)
    response = client.get(reverse("base:team_list"), follow=True)
    assert response.redirect_chain == [(reverse("base:second_factor_needed"), 302)]
    assert organisation.name in response.content.decode()
    set_up_second_factor(client)
    assert client.get(reverse("base:team_list")).status_code == 200
    assert client.get(reverse("base:second_factor_needed")).status_code == 302


def test_an_owner_helps_a_colleague_who_lost_the_phone(
    owner, make_staff, organisation, other_organisation, set_up_second_factor
):
    bob = make_staff(organisation, "viewer", email="bob@example.org")
    phone, desk = Client(), Client()
    log_in(phone, email=bob.email)
    set_up_second_factor(phone)
    desk.force_login(owner)
    address = reverse("base:staff_edit", args=[bob.memberships.get().public_id])
    assert "Lost the phone?" in desk.get(address).content.decode()
    elsewhere = Membership.objects.create(organisation=other_organisation, staff=bob, role="viewer")
    response = desk.post(f"{address}second-step/", follow=True)
    assert "another organisation as well" in response.content.decode()
    elsewhere.delete()
    desk.post(f"{address}second-step/")
    log_in(fresh := Client(), email=bob.email)
    assert is_logged_in(fresh)
    assert mail.outbox[-1].to == [bob.email]
    assert "Owner of Noorderlicht Energie removed the second step" in mail.outbox[-1].body


def confirm_password(client, name):
    response = client.get(reverse(name))
    return client.post(response.url, {"password": PASSWORD})


def test_the_own_address_changes_once_the_new_mailbox_says_so(owner):
    client = Client()
    log_in(client)
    confirm_password(client, "base:change_email")
    client.post(reverse("base:change_email"), {"email": "Alice@Example.com"})
    assert mail.outbox[0].to == ["alice@example.com"]
    address = reset_link()
    assert Client().get(address).status_code == 200  # a scanner that opens links
    assert Staff.objects.get().email == "alice@example.org"
    client.post(address)
    assert Staff.objects.get().email == "alice@example.com"
    assert mail.outbox[1].to == ["alice@example.org"]
    assert client.post(address).status_code == 404
    log_in(again := Client(), email="alice@example.com")
    assert is_logged_in(again)


def test_an_address_in_use_is_told_in_its_mailbox_only(owner, make_staff, organisation):
    other = make_staff(organisation, "viewer", email="bob@example.org")
    client = Client()
    log_in(client)
    confirm_password(client, "base:change_email")
    pages = [
        client.post(reverse("base:change_email"), {"email": email}).content.decode()
        for email in (other.email, "new@example.org")
    ]
    assert pages[0].replace(other.email, "X") == pages[1].replace("new@example.org", "X") or (
        "A mail is on its way" in pages[0] and "A mail is on its way" in pages[1]
    )
    assert "account with that address already" in mail.outbox[0].body
    assert "http" not in mail.outbox[0].body
