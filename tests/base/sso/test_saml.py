"""Colleagues come in with a SAML service: signed, in time, for us, asked for and once only."""

import re
from base64 import b64decode
from datetime import timedelta
from html import unescape
from urllib.parse import quote_plus

import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.x509 import load_der_x509_certificate
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as st

from gloed.base.models import AuditEntry, Membership, Staff
from gloed.base.sso import metadata, operations, saml, saml_views
from gloed.base.sso.attributes import TRANSIENT
from gloed.base.sso.models import LogIn, SeenAssertion
from gloed.base.sso.rules import Gap
from tests.base.sso.identity_provider import ENTITY, MAIL, IdentityProvider, question_in
from tests.integrations.connectors.other_side import serve

pytestmark = pytest.mark.filterwarnings(  # what python3-saml asks for the time with
    "ignore:datetime.datetime.utc:DeprecationWarning"
)
ME = {MAIL: "Anna@example.org", "displayName": "Anna de Vries"}


@pytest.fixture(scope="module")
def idp():
    return IdentityProvider()


@pytest.fixture(scope="module")
def stranger():
    return IdentityProvider()


@pytest.fixture
def log_in(organisation, idp, make_staff):
    owner = make_staff(organisation, "owner", email="boss@noord.example")
    service = metadata.read(idp.metadata.encode())
    return operations.make_log_in(
        organisation,
        kind="saml",
        name="Noord",
        issuer=service.entity_id,
        client_id="",
        secret="",
        domains=["example.org"],
        joins_as="",
        by=owner,
        now=timezone.now(),
        idp={"sign_in": service.sign_in, "certificates": list(service.certificates)},
    )


def ask(client, log_in, **told):
    """Press the button; where we are sent to."""
    page = client.post(reverse("openid_connect_login", args=[log_in.key]), told)
    assert page.status_code == 200, page.text
    return question_in(
        unescape(re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', page.text)[1])
    )


def send(client, log_in, encoded, **more):
    """The form of the service's own page; it brings no cookie of ours along."""
    return client.post(reverse("saml_answer", args=[log_in.key]), {"SAMLResponse": encoded, **more})


def come(log_in, idp, told=ME, client=None, **wish):
    """All of the way there and back; the last page."""
    client = client or Client(enforce_csrf_checks=False)
    question = ask(client, log_in)
    page = send(
        client, log_in, idp.answer(question, told, **wish), RelayState=wish.get("relay", "")
    )
    return client, client.get(page["Location"]) if page.status_code == 302 else page


def is_in(client):
    return client.get("/account/").status_code == 200


def test_a_colleague_comes_in_with_what_the_service_signed(organisation, log_in, idp, make_staff):
    staff = make_staff(organisation, "analyst", email="anna@example.org")
    client, page = come(log_in, idp)
    assert (page.status_code, page["Location"]) == (302, "/")
    assert is_in(client)
    account = SocialAccount.objects.get()
    assert (account.user, account.uid, account.provider) == (staff, "77", log_in.key)
    assert account.extra_data == {"email": "anna@example.org", "name": "Anna de Vries"}
    again, _page = come(log_in, idp)
    assert is_in(again)
    assert SocialAccount.objects.count() == 1
    assert AuditEntry.objects.filter(action="sso.connected").count() == 1
    log_in.is_active = False
    log_in.save()
    begun = Client().post(reverse("openid_connect_login", args=[log_in.key]))
    assert begun.status_code == 404


def test_our_question_is_signed_and_our_metadata_says_with_what(log_in):
    client = Client()
    question = ask(client, log_in)
    query = question["query"]
    assert query["tenant"] == ["7"]
    page = client.get(reverse("saml_metadata", args=[log_in.key]))
    assert page.status_code == 200
    assert question["entity"] in page.text
    assert f'Location="{question["answer_at"]}"' in page.text
    assert 'WantAssertionsSigned="true"' in page.text
    assert 'use="encryption"' not in page.text
    signed = "&".join(
        f"{name}={quote_plus(query[name][0])}" for name in ("SAMLRequest", "RelayState", "SigAlg")
    )
    der = b64decode(re.search(r"X509Certificate>([^<]+)<", page.text)[1])
    load_der_x509_certificate(der).public_key().verify(
        b64decode(query["Signature"][0]), signed.encode(), padding.PKCS1v15(), hashes.SHA256()
    )
    assert "PRIVATE" not in LogIn.objects.values_list("secret", flat=True).get()


def wrapped(whole):
    """Another assertion around the signed one, which is moved out of the way."""
    found = re.search(r"<saml:Assertion .*</saml:Assertion>", whole, re.DOTALL)[0]
    forged = re.sub(r"<ds:Signature.*</ds:Signature>", "", found, flags=re.DOTALL)
    forged = re.sub(r' ID="[^"]+"', ' ID="_forged"', forged).replace("Anna@", "boss@")
    return whole.replace(found, f"{forged}<samlp:Extensions>{found}</samlp:Extensions>")


def with_entity(whole):
    return f'<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd">]>{whole}'.replace("77", "&e;")


HOUR = timedelta(hours=1)
BAD = {
    "not signed": ({"sign": ""}, "was not signed"),
    "only the envelope is signed": ({"sign": "response"}, "was not signed"),
    "changed after it was signed": (
        {"change": lambda whole: whole.replace("Anna@", "boss@")},
        "a key that is not known",
    ),
    "an old way of signing": (
        {"algorithm": "http://www.w3.org/2000/09/xmldsig#rsa-sha1"},
        "a key that is not known",
    ),
    "expired": ({"shift": -HOUR}, "does not hold any more"),
    "from the future": ({"shift": HOUR}, "does not hold any more, or not yet"),
    "without an end": ({"is_bounded": False}, "does not hold any more"),
    "for another audience": ({"audience": "https://other.example"}, "meant for another place"),
    "for nobody in particular": ({"audience": ""}, "meant for another place"),
    "sent elsewhere": ({"to": "https://other.example/acs"}, "meant for another place"),
    "by another service": ({"issuer": "https://other.example"}, "said by another service"),
    "not asked": ({"asked": ""}, "did not begin here"),
    "asked, but not within what is signed": ({"confirms": ""}, "did not begin here"),
    "asked by another": ({"asked": "_made-up"}, "did not begin here"),
    "refused there": ({"status": "Responder"}, "without letting you in"),
    "encrypted": ({"is_sealed": True}, "said is encrypted"),
    "wrapped": ({"change": wrapped}, "cannot be read"),
    "an entity": ({"change": with_entity}, "cannot be read"),
    "no xml": ({"change": lambda _whole: "hello"}, "cannot be read"),
}


@pytest.mark.parametrize(("wish", "words"), BAD.values(), ids=BAD)
def test_what_is_not_to_be_believed_lets_nobody_in(
    organisation, log_in, idp, make_staff, wish, words
):
    make_staff(organisation, "owner", email="anna@example.org")
    make_staff(organisation, "owner", email="boss@example.org")
    client, page = come(log_in, idp, **wish)
    assert page.status_code == 403
    assert words in page.text
    assert not is_in(client)
    assert not SocialAccount.objects.exists()


def test_a_key_of_somebody_else_lets_nobody_in(organisation, log_in, idp, stranger, make_staff):
    make_staff(organisation, "owner", email="anna@example.org")
    client, page = come(log_in, idp, signer=stranger)
    assert page.status_code == 403
    assert "a key that is not known" in page.text
    assert not is_in(client)


def test_what_was_said_once_is_not_believed_twice(organisation, log_in, idp, make_staff):
    make_staff(organisation, "owner", email="anna@example.org")
    client = Client()
    encoded = idp.answer(ask(client, log_in), ME)
    there = send(client, log_in, encoded)["Location"]
    thief = Client()
    assert "used before" in send(thief, log_in, encoded).text
    # what waits is bound to the browser that asked
    assert "did not begin here" in thief.get(there).text
    assert not is_in(thief)
    client.get(there)
    assert is_in(client)
    assert "did not begin here" in client.get(there).text
    kept = SeenAssertion.objects.get()
    assert operations.see_assertion(
        log_in, "another", until=timezone.now(), now=kept.until + timedelta(seconds=1)
    )
    assert not SeenAssertion.objects.filter(pk=kept.pk).exists()


def test_an_answer_that_was_stolen_does_not_fit_into_another_browser(
    organisation, log_in, idp, make_staff
):
    make_staff(organisation, "owner", email="eve@example.org")
    eve, victim = Client(), Client()
    encoded = idp.answer(ask(eve, log_in), {MAIL: "eve@example.org"})
    page = send(victim, log_in, encoded)  # eve lets the victim log in as eve
    assert "did not begin here" in victim.get(page["Location"]).text
    assert not is_in(victim)


def test_a_comment_cuts_no_address_short(organisation, log_in, idp, make_staff):
    # CVE-2017-11427 and its like: comments are not signed, and some read only what stands before
    make_staff(organisation, "owner", email="anna@example.org")

    def cut(whole):
        return whole.replace("anna@example.org", "anna@example.org<!---->")

    client, page = come(log_in, idp, {MAIL: "anna@example.org.evil.example"}, change=cut)
    assert "a domain that is not let in" in page.text
    assert not is_in(client)


@pytest.mark.parametrize("relay", ["https://evil.example/", "//evil.example", "/people/"])
def test_the_relay_state_leads_nowhere(organisation, log_in, idp, make_staff, relay):
    make_staff(organisation, "owner", email="anna@example.org")
    _client, page = come(log_in, idp, relay=relay)
    assert page["Location"] == "/"


def test_one_goes_on_to_the_page_that_was_wanted(organisation, log_in, idp, make_staff):
    make_staff(organisation, "owner", email="anna@example.org")
    for wanted, reached in (("/people/", "/people/"), ("https://evil.example/", "/")):
        client = Client()
        question = ask(client, log_in, next=wanted)
        page = send(client, log_in, idp.answer(question, ME))
        assert client.get(page["Location"])["Location"] == reached


def test_only_addresses_of_the_domains_come_in_and_the_uninvited_as_was_said(
    organisation, log_in, idp
):
    _client, page = come(log_in, idp, {MAIL: "anna@elsewhere.org"})
    assert "a domain that is not let in" in page.text
    _client, page = come(log_in, idp, {"mail": "no address"})
    assert page.status_code == 403
    _client, page = come(log_in, idp)
    assert "Nobody invited this address" in page.text
    assert not Staff.objects.filter(email="anna@example.org").exists()
    log_in.joins_as = "viewer"
    log_in.save()
    client, _page = come(log_in, idp)
    assert is_in(client)
    member = Membership.objects.get(staff__email="anna@example.org")
    assert (member.role, member.staff.name) == ("viewer", "Anna de Vries")


def test_a_name_for_one_visit_is_not_what_somebody_is_known_by(
    organisation, log_in, idp, make_staff
):
    make_staff(organisation, "viewer", email="anna@example.org")
    for name in ("_a", "_b"):
        come(log_in, idp, name_id=name, format=TRANSIENT)
    assert SocialAccount.objects.get().uid == "anna@example.org"


def test_attributes_by_other_names_are_found_where_the_owner_says(
    organisation, log_in, idp, make_staff
):
    make_staff(organisation, "viewer", email="anna@example.org")
    log_in.idp |= {"address_in": "werkadres", "name_in": "roepnaam"}
    log_in.save()
    client, _page = come(log_in, idp, {MAIL: "x@y.z", "Werkadres": "anna@example.org"})
    assert is_in(client)


def test_an_owner_sets_it_up_tries_it_and_reads_it_again(
    alice, organisation, client_of, idp, stranger, settings
):
    there, server = serve()
    settings.OUTWARD_HOSTS = (there.host,)
    there.say("GET", "/metadata", 200, idp.metadata.encode())
    page = reverse("sso:add") + "?kind=saml"
    told = {"name": "Work", "domains": "example.org", "address": f"{there.address}/metadata"}
    assert alice.get(page).status_code == 200
    try:
        assert "domains" in alice.post(page, {**told, "domains": ""}).context["form"].errors
        made = alice.post(page, told, follow=True)
        log_in = LogIn.objects.get()
        assert log_in.issuer == ENTITY
        for name in ("saml_metadata", "saml_answer"):
            assert reverse(name, args=[log_in.key]) in made.text
        here = reverse("sso:change", args=[log_in.public_id])
        there.say("GET", "/metadata", 500)
        alice.post(here, {**told, "name": "Better"})  # the address is as it was: nothing is read
        log_in.refresh_from_db()
        assert (log_in.name, log_in.issuer) == ("Better", ENTITY)
        act = reverse("sso:act", args=[log_in.public_id, "read"])
        assert "what was known still holds" in alice.post(act, follow=True).text
        there.say("GET", "/metadata", 200, stranger.metadata.encode())
        alice.post(act)
        log_in.refresh_from_db()
        assert log_in.idp["certificates"] == [stranger.certificate]
    finally:
        server.shutdown()
        server.server_close()
    begun = alice.post(reverse("sso:try", args=[log_in.public_id]))
    there_now = unescape(re.search(r'content="0; url=([^"]+)"', begun.text)[1])
    question = question_in(there_now)
    page = send(alice, log_in, stranger.answer(question, ME))
    seen = alice.get(page["Location"])
    assert "anna@example.org" in seen.text
    assert "Nobody invited this address" in seen.text
    assert not SocialAccount.objects.exists()
    nobody = client_of(organisation, "manager")
    assert nobody.post(reverse("sso:try", args=[log_in.public_id])).status_code == 403


def test_metadata_that_is_of_no_use_is_told_in_words(alice, idp):
    page = reverse("sso:add") + "?kind=saml"
    told = {"name": "Work", "domains": "example.org"}
    several = idp.metadata + idp.metadata.replace(ENTITY, "https://second.example")
    for pasted, gap in {
        "": None,
        "hello": Gap.NOT_XML,
        '<!DOCTYPE a [<!ENTITY b "c">]>' + idp.metadata: Gap.NOT_XML,
        f'<!DOCTYPE a SYSTEM "file:///etc/passwd">{idp.metadata}': Gap.NOT_XML,
        "<a>" + "b" * metadata.MOST + "</a>": Gap.NOT_XML,
        "<a/>": Gap.NO_SERVICE,
        f"<all>{several}</all>": Gap.SEVERAL,
        idp.metadata.replace("HTTP-Redirect", "HTTP-Artifact"): Gap.NO_WAY_IN,
        idp.metadata.replace("https://idp.example.org/login", "javascript:x"): Gap.NO_WAY_IN,
        idp.metadata.replace("https://idp.example.org/login", "http://idp.example"): Gap.NO_WAY_IN,
        idp.metadata.replace(idp.certificate, "AAAA"): Gap.NO_CERTIFICATE,
    }.items():
        refused = alice.post(page, {**told, "pasted": pasted})
        assert refused.status_code == 200, gap
        assert refused.context["form"].errors, gap
        if gap:
            with pytest.raises(metadata.NotUsable) as trouble:
                metadata.read(pasted.encode())
            assert trouble.value.gap is gap
    private = alice.post(page, {**told, "address": "https://10.0.0.1/metadata"})
    assert private.context["form"].errors
    assert not LogIn.objects.exists()


@tried(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 10_000), put=st.text(max_size=8))
def test_whatever_is_changed_in_an_answer_it_is_refused_and_nothing_breaks(log_in, idp, place, put):
    question = {
        "id": "_asked",
        "entity": saml._settings(log_in, with_key=False)["sp"]["entityId"],
        "answer_at": saml._settings(log_in, with_key=False)["sp"]["assertionConsumerService"][
            "url"
        ],
    }

    def change(whole):
        begin = whole.index("<saml:Subject>")
        at = begin + place % (whole.index("</saml:Assertion>") - begin)
        changed = whole[:at] + put + whole[at + 3 :]
        return changed if changed != whole else f"{whole}x"

    with pytest.raises(saml.NotBelieved):
        saml.believe(log_in, idp.answer(question, ME, change=change))


def test_without_the_extra_it_is_told_what_is_missing(alice, log_in, monkeypatch):
    monkeypatch.setattr(saml_views, "find_spec", lambda _name: None)
    page = alice.get(reverse("sso:add") + "?kind=saml", follow=True)
    assert "gloed[saml]" in page.text
    begun = Client().post(reverse("openid_connect_login", args=[log_in.key]))
    assert begun.status_code == 503
    assert "gloed[saml]" in unescape(begun.text)
