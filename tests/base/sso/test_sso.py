"""Colleagues come in with a log-in service; nobody else does, and nobody as somebody else."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gloed.base import operations as base
from gloed.base.models import AuditEntry, Membership, Staff
from gloed.base.rules import Role
from gloed.base.sso import operations
from gloed.base.sso.models import LogIn
from gloed.base.sso.rules import Claims, Kind, Refusal, Standing, Way, claims_of, way_in
from tests.conftest import NOW
from tests.integrations.connectors.other_side import serve

ME = {"sub": "77", "email": "anna@example.org", "email_verified": True, "name": "Anna de Vries"}


@pytest.fixture
def idp(settings):
    """A log-in service on loopback that says what a test wants of whoever comes."""
    found, server = serve()
    settings.OUTWARD_HOSTS = (found.host,)
    known = {
        "issuer": found.address,
        "authorization_endpoint": f"{found.address}/authorize",
        "token_endpoint": f"{found.address}/token",
        "userinfo_endpoint": f"{found.address}/userinfo",
        "jwks_uri": f"{found.address}/keys",
    }
    found.say("GET", "/.well-known/openid-configuration", 200, known)
    yield found
    server.shutdown()
    server.server_close()


@pytest.fixture
def log_in(organisation, idp, make_staff):
    owner = make_staff(organisation, "owner")
    return operations.make_log_in(
        organisation,
        kind="open_id",
        name="Noord",
        issuer=idp.address,
        client_id="gloed",
        secret="very secret",
        domains=["example.org"],
        joins_as="",
        by=owner,
        now=timezone.now(),
    )


def come(log_in, idp, told, client=None):
    """Press the button, let the service say who it is, and come back."""
    client = client or Client()
    answer = client.post(reverse("openid_connect_login", args=[log_in.key]))
    # no redirect: a browser follows none to another site after a form of ours
    assert answer.status_code == 200, answer.text
    there = unescape(re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', answer.text)[1])
    assert there.startswith(f"{idp.address}/authorize?")
    asked = parse_qs(urlsplit(there).query)
    claims = {"iss": idp.address, "aud": "gloed", "iat": 1, "exp": 4_000_000_000, **told}
    signed = jwt.encode(claims, "x" * 32, algorithm="HS256")
    idp.say(
        "POST", "/token", 200, {"access_token": "a", "token_type": "bearer", "id_token": signed}
    )
    idp.say("GET", "/userinfo", 200, told)
    back = reverse("openid_connect_callback", args=[log_in.key])
    return client, client.get(back, {"code": "c", "state": asked["state"][0]}), asked


def is_in(client):
    return client.get("/account/").status_code == 200


def test_a_colleague_comes_in_with_the_account_at_work(organisation, log_in, idp, make_staff):
    staff = make_staff(organisation, "analyst", email="anna@example.org")
    client, answer, asked = come(log_in, idp, ME)
    assert answer.status_code == 302
    assert is_in(client)
    assert asked["code_challenge_method"] == ["S256"]
    assert SocialAccount.objects.get().user == staff
    token = next(one for one in idp.came if one.path == "/token")
    assert b"code_verifier" in token.body
    assert AuditEntry.objects.filter(action="sso.connected").exists()
    again, _answer, _asked = come(log_in, idp, ME)
    assert is_in(again)
    assert SocialAccount.objects.count() == 1
    assert "very secret" not in LogIn.objects.values_list("secret", flat=True).get()


@pytest.mark.parametrize(
    "changed",
    [{"email_verified": False}, {"email": "anna@elsewhere.org"}, {"email": ""}],
)
def test_an_address_nobody_vouches_for_takes_no_account_over(
    organisation, log_in, idp, make_staff, changed
):
    make_staff(organisation, "owner", email="anna@example.org")
    client, answer, _asked = come(log_in, idp, {**ME, **changed})
    assert answer.status_code == 403
    assert not is_in(client)
    assert not SocialAccount.objects.exists()


def test_a_service_of_one_organisation_does_not_open_another(
    organisation, other_organisation, log_in, idp, make_staff
):
    staff = make_staff(other_organisation, "owner", email="anna@example.org")
    client, answer, _asked = come(log_in, idp, ME)
    assert answer.status_code == 403
    Membership.objects.create(organisation=organisation, staff=staff, role="viewer")
    client, answer, _asked = come(log_in, idp, ME)
    assert answer.status_code == 403
    assert "several organisations" in answer.text
    assert not is_in(client)


def test_who_came_in_before_stays_out_once_it_is_over(organisation, log_in, idp, make_staff):
    staff = make_staff(organisation, "viewer", email="anna@example.org")
    come(log_in, idp, ME)
    Membership.objects.filter(staff=staff).update(deactivated_at=NOW)
    client, answer, _asked = come(log_in, idp, ME)
    assert answer.status_code == 403
    assert not is_in(client)


def test_an_invited_colleague_joins_with_the_role_of_the_invitation(
    organisation, log_in, idp, make_staff
):
    owner = Staff.objects.get()
    base.invite(
        organisation,
        email="anna@example.org",
        role=Role.MANAGER,
        language="nl",
        by=owner,
        at=timezone.now(),
    )
    client, _answer, _asked = come(log_in, idp, ME)
    assert is_in(client)
    membership = Membership.objects.get(staff__email="anna@example.org")
    assert membership.role == "manager"
    assert not membership.staff.has_usable_password()


def test_nobody_else_joins_unless_their_domain_may(organisation, log_in, idp):
    client, answer, _asked = come(log_in, idp, ME)
    assert answer.status_code == 403
    assert not Staff.objects.filter(email="anna@example.org").exists()
    log_in.joins_as = "viewer"
    log_in.save()
    client, _answer, _asked = come(log_in, idp, ME)
    assert is_in(client)
    assert Membership.objects.get(staff__email="anna@example.org").role == "viewer"


def test_what_is_switched_off_or_made_up_leads_nowhere(log_in, idp):
    log_in.is_active = False
    log_in.save()
    client = Client()
    assert client.post(reverse("openid_connect_login", args=[log_in.key])).status_code == 404
    assert "Noord" not in client.get(reverse("account_login")).text
    log_in.is_active = True
    log_in.save()
    assert "Log in with Noord" in client.get(reverse("account_login")).text
    begin = reverse("openid_connect_login", args=[log_in.key])
    assert client.post(begin, {"process": "connect"}).status_code == 404
    back = reverse("openid_connect_callback", args=[log_in.key])
    forged = client.get(back, {"code": "c", "state": "made-up"})
    assert not is_in(client)
    assert "You are not logged in" in forged.text


def test_a_service_that_does_not_answer_is_told_in_words(log_in, idp, settings):
    settings.OUTWARD_HOSTS = ()  # the private network is not called
    answer = Client().post(reverse("openid_connect_login", args=[log_in.key]))
    assert answer.status_code == 503
    assert "does not answer" in answer.text
    assert idp.came == []


def test_each_service_vouches_in_its_own_way():
    # https://learn.microsoft.com/entra: `email` may be written by an administrator of the tenant
    entra = {"email": "boss@example.org", "preferred_username": "eve@other.example"}
    assert claims_of(Kind.MICROSOFT, entra).address == "eve@other.example"
    guest = {"preferred_username": "eve_mail.com#EXT#@example.onmicrosoft.com"}
    assert not claims_of(Kind.MICROSOFT, guest).is_verified
    private = claims_of(Kind.GOOGLE, {"email": "a@example.org", "email_verified": True})
    joins = {"domains": ["example.org"], "may_join": True}
    assert way_in(private, Standing(), **joins) is Refusal.NOT_INVITED
    at_work = claims_of(
        Kind.GOOGLE, {"email": "a@example.org", "email_verified": True, "hd": "example.org"}
    )
    assert way_in(at_work, Standing(), **joins) is Way.JOINS
    closed = Standing(is_known=True, is_open=False, works_here=True)
    assert way_in(at_work, closed, **joins) is Refusal.CLOSED
    assert way_in(Claims("a@b.c"), Standing(), **joins) is Refusal.NOT_VERIFIED


def test_an_owner_sets_it_up_and_takes_it_away(alice, organisation, client_of, idp):
    page = reverse("sso:add") + "?kind=microsoft"
    told = {"name": "Entra", "client_id": "1", "secret": "s", "domains": "example.org"}
    refused = alice.post(page, {**told, "tenant": "common"})
    assert "tenant" in refused.context["form"].errors
    tenant = "11111111-2222-3333-4444-555555555555"
    made = alice.post(page, {**told, "tenant": tenant, "joins_as": "viewer"}, follow=True)
    log_in = LogIn.objects.get()
    assert log_in.issuer == f"https://login.microsoftonline.com/{tenant}/v2.0"
    assert f"/accounts/with/{log_in.key}/back/" in made.text
    here = reverse("sso:change", args=[log_in.public_id])
    kept = log_in.secret
    alice.post(here, {**told, "tenant": tenant, "secret": "", "name": "Work"})
    log_in.refresh_from_db()
    assert (log_in.name, log_in.secret, log_in.joins_as) == ("Work", kept, "")
    loose = alice.post(
        reverse("sso:add") + "?kind=google", {**told, "domains": "", "joins_as": "viewer"}
    )
    assert "domains" in loose.context["form"].errors
    private = {**told, "issuer": "https://10.0.0.1"}
    assert (
        "issuer"
        in alice.post(
            reverse("sso:add") + "?kind=open_id", {**private, "issuer": "http://example.org"}
        )
        .context["form"]
        .errors
    )
    alice.post(reverse("sso:act", args=[log_in.public_id, "remove"]))
    assert alice.get(here).status_code == 404
    alice.post(reverse("sso:restore", args=[log_in.public_id]))
    assert alice.get(here).status_code == 200
    assert client_of(organisation, "manager").get(here).status_code == 403


def test_another_issuer_knows_other_people(organisation, log_in, idp, make_staff):
    staff = make_staff(organisation, "viewer", email="anna@example.org")
    come(log_in, idp, ME)
    operations.change_log_in(
        log_in,
        name="Noord",
        issuer="https://other.example",
        client_id="gloed",
        secret="",
        domains=[],
        joins_as="",
        by=staff,
        now=NOW,
    )
    assert not SocialAccount.objects.exists()
