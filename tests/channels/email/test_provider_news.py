"""News of mail providers, in the form each of them posts it, written by us after their docs."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gloed.base.outward import NotReached, Reply, Trouble
from gloed.channels.email import provider_news, providers, sns
from gloed.channels.email.mails import mail_to
from gloed.channels.email.rules.news import News, invitation_of, meaning
from gloed.fieldwork import operations as fieldwork
from gloed.fieldwork.models import Invitation
from gloed.people.models import Suppression
from gloed.project.configuration import MAIL_PROVIDERS
from tests.channels.email.post_office import NOW

CERTIFICATE = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-x.pem"
PASSWORD = "gloed:a-long-enough-password"
KEY = "key-of-the-provider"


def line():
    return Invitation.objects.get()


@pytest.fixture
def sent(office, ask, send):
    """An invitation that was handed over."""
    ask("nia@example.org")
    send()
    return line()


class Amazon:
    """What signs as Amazon does, and its certificate."""

    def __init__(self):
        self.key = generate_private_key(65537, 2048)

    def certificate(self, *, days=30):
        """A certificate for the key, valid for so many days from a month ago."""
        begin = timezone.now() - timedelta(days=30)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
        made = x509.CertificateBuilder().subject_name(name).issuer_name(name).serial_number(1)
        made = made.public_key(self.key.public_key()).not_valid_before(begin)
        made = made.not_valid_after(begin + timedelta(days=30 + days))
        return made.sign(self.key, SHA256()).public_bytes(Encoding.PEM)

    def signed(self, note, *, version="1", address=CERTIFICATE):
        """A note with a signature."""
        kind = {"1": SHA1, "2": SHA256}[version]
        signature = self.key.sign(sns.signed_text(note), PKCS1v15(), kind())
        return note | {
            "SignatureVersion": version,
            "Signature": base64.b64encode(signature).decode(),
            "SigningCertURL": address,
        }


@pytest.fixture(scope="module")
def amazon():
    """One key for all tests: making one takes a while."""
    return Amazon()


@pytest.fixture
def opened(monkeypatch, amazon):
    """The addresses that were opened; at each stands Amazon's certificate."""
    addresses = []

    def call(method, address, **_bounds):
        addresses.append(address)
        return Reply(200, {}, amazon.certificate())

    monkeypatch.setattr(sns, "call", call)
    sns._certificate.cache_clear()
    yield addresses
    sns._certificate.cache_clear()


@pytest.fixture
def provider(settings):
    """Set up a provider: `provider("postmark")`."""

    def choose(name):
        provider_news._view_of.cache_clear()
        settings.MAIL_PROVIDER = name
        signed = {
            "mailgun": {"MAILGUN_WEBHOOK_SIGNING_KEY": KEY},
            "mandrill": {"MANDRILL_WEBHOOK_KEY": KEY},
        }
        settings.ANYMAIL = signed.get(name, {"WEBHOOK_SECRET": PASSWORD})

    return choose


def post(name, body, *, password=PASSWORD, **headers):
    sent = {"authorization": "Basic " + base64.b64encode(password.encode()).decode(), **headers}
    return Client(enforce_csrf_checks=True).post(
        reverse("email:events", args=[name]),
        json.dumps(body),
        content_type="application/json",
        headers=sent,
    )


def word(invitation):
    return f"{invitation.public_id.hex}.0@gloed.example"


def postmark(invitation, record, **more):
    return {
        "RecordType": record,
        "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
        "Recipient": "nia@example.org",
        "Metadata": {"gloed": word(invitation)},
        "DeliveredAt": "2026-03-02T09:31:00Z",
        **more,
    }


def mailgun(invitation, event, **more):
    stamp, token = "1772443860", "a" * 50
    signature = hmac.new(KEY.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    return {
        "signature": {"timestamp": stamp, "token": token, "signature": signature},
        "event-data": {
            "event": event,
            "id": "x",
            "timestamp": 1772443860.1,
            "recipient": "nia@example.org",
            "message": {"headers": {"message-id": word(invitation)}},
            "user-variables": {"gloed": word(invitation)},
            **more,
        },
    }


def ses(invitation, kind, **more):
    mail = {
        "messageId": "00000138111222aa-33322211",
        "destination": ["nia@example.org"],
        "headers": [
            {"name": "Message-ID", "value": f"<{word(invitation)}>"},
            {"name": "X-Metadata", "value": json.dumps({"gloed": word(invitation)})},
        ],
    }
    return {
        "Type": "Notification",
        "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
        "TopicArn": "arn:aws:sns:eu-west-1:123456789012:mail",
        "Timestamp": "2026-03-02T09:31:00.000Z",
        "Message": json.dumps({"notificationType": kind, "mail": mail, **more}),
    }


SNS = {
    "x-amz-sns-message-type": "Notification",
    "x-amz-sns-message-id": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
}


def ses_bounce(kind):
    recipients = [{"emailAddress": "nia@example.org", "diagnosticCode": "550 5.1.1"}]
    return {
        "bounce": {
            "bounceType": kind,
            "bounceSubType": "General",
            "bouncedRecipients": recipients,
        }
    }


FORMS = {
    ("postmark", "delivered"): lambda one: (postmark(one, "Delivery"), {}),
    ("postmark", "bounced"): lambda one: (
        postmark(one, "Bounce", Type="HardBounce", ID=4, Email="nia@example.org"),
        {},
    ),
    ("postmark", "failed"): lambda one: (
        postmark(one, "Bounce", Type="SoftBounce", ID=4, Email="nia@example.org"),
        {},
    ),
    ("postmark", "opted_out"): lambda one: (
        postmark(one, "SpamComplaint", Type="SpamComplaint", Email="nia@example.org"),
        {},
    ),
    ("mailgun", "delivered"): lambda one: (mailgun(one, "delivered"), {}),
    ("mailgun", "bounced"): lambda one: (
        mailgun(one, "failed", severity="permanent", reason="bounce"),
        {},
    ),
    ("mailgun", "sent"): lambda one: (
        mailgun(one, "failed", severity="temporary", reason="generic"),
        {},
    ),
    ("mailgun", "opted_out"): lambda one: (mailgun(one, "complained"), {}),
    ("amazon_ses", "delivered"): lambda one: (
        ses(one, "Delivery", delivery={"recipients": ["nia@example.org"]}),
        SNS,
    ),
    ("amazon_ses", "bounced"): lambda one: (ses(one, "Bounce", **ses_bounce("Permanent")), SNS),
    ("amazon_ses", "failed"): lambda one: (ses(one, "Bounce", **ses_bounce("Transient")), SNS),
    ("amazon_ses", "opted_out"): lambda one: (
        ses(
            one,
            "Complaint",
            complaint={"complainedRecipients": [{"emailAddress": "nia@example.org"}]},
        ),
        SNS,
    ),
    ("brevo", "bounced"): lambda one: (
        {
            "event": "hard_bounce",
            "email": "nia@example.org",
            "ts_epoch": 1772443860000,
            "X-Mailin-custom": json.dumps({"gloed": word(one)}),
        },
        {},
    ),
    ("brevo", "opted_out"): lambda one: (
        {"event": "unsubscribe", "email": "nia@example.org", "message-id": f"<{word(one)}>"},
        {},
    ),
    ("mailjet", "bounced"): lambda one: (
        [
            {
                "event": "bounce",
                "time": 1772443860,
                "email": "nia@example.org",
                "hard_bounce": True,
                "error": "user unknown",
                "Payload": json.dumps({"gloed": word(one)}),
            }
        ],
        {},
    ),
    ("sparkpost", "bounced"): lambda one: (
        [
            {
                "msys": {
                    "message_event": {
                        "type": "bounce",
                        "bounce_class": "10",
                        "timestamp": "1772443860",
                        "rcpt_to": "nia@example.org",
                        "rcpt_meta": {"gloed": word(one)},
                    }
                }
            }
        ],
        {},
    ),
    ("resend", "delivered"): lambda one: (
        {
            "type": "email.delivered",
            "created_at": "2026-03-02T09:31:00.000Z",
            "data": {
                "email_id": "x",
                "to": ["nia@example.org"],
                "headers": [
                    {"name": "X-Metadata", "value": json.dumps({"gloed": word(one)})},
                ],
            },
        },
        {},
    ),
}


@pytest.mark.parametrize(("name", "becomes"), FORMS, ids="-".join)
def test_news_reach_the_ledger_once_and_again(provider, sent, name, becomes, amazon, opened):
    provider(name)
    body, headers = FORMS[name, becomes](sent)
    if name == "amazon_ses":
        body = amazon.signed(body)
    assert post(name, body, **headers).status_code == 200
    first = line()
    assert first.disposition == becomes
    assert post(name, body, **headers).status_code == 200
    assert Invitation.objects.values().get() == Invitation.objects.values().get(pk=first.pk)
    assert line().disposition == becomes
    suppressed = set(Suppression.objects.values_list("key", flat=True))
    assert suppressed == ({"nia@example.org"} if becomes in ("bounced", "opted_out") else set())


def test_mandrill_signs_a_form(provider, sent):
    provider("mandrill")
    events = [
        {
            "event": "hard_bounce",
            "_id": "x",
            "ts": 1772443860,
            "msg": {"email": "nia@example.org", "metadata": {"gloed": word(sent)}, "diag": "550"},
        }
    ]
    body = {"mandrill_events": json.dumps(events)}
    address = "http://testserver" + reverse("email:events", args=["mandrill"])
    signed = address + "".join(f"{key}{value}" for key, value in sorted(body.items()))
    digest = hmac.new(KEY.encode(), signed.encode(), hashlib.sha1).digest()
    signature = base64.b64encode(digest).decode()
    path = reverse("email:events", args=["mandrill"])
    refused = Client().post(path, body, headers={"x-mandrill-signature": "made up"})
    assert (refused.status_code, line().disposition) == (400, "sent")
    Client().post(path, body, headers={"x-mandrill-signature": signature})
    assert line().disposition == "bounced"


def test_nobody_else_can_bring_news(provider, sent):
    body = postmark(sent, "Bounce", Type="HardBounce", ID=4, Email="nia@example.org")
    provider("postmark")
    assert post("postmark", body, password="gloed:guessed").status_code == 400
    assert post("mailgun", body).status_code == 404
    provider("mailgun")
    forged = mailgun(sent, "complained")
    forged["signature"]["signature"] = "0" * 64
    assert post("mailgun", forged).status_code == 400
    provider("")
    assert post("postmark", body).status_code == 404
    assert line().disposition == "sent"


@pytest.mark.parametrize("body", [[], {}, {"event-data": 1}, "x", 3, None, {"Metadata": []}])
def test_what_is_no_news_is_refused_or_let_go(provider, sent, body):
    for name in ("postmark", "brevo", "sparkpost", "resend"):
        provider(name)
        assert post(name, body).status_code in (200, 400)
    assert line().disposition == "sent"


def test_news_out_of_order_do_no_harm(provider, sent):
    provider("postmark")
    fieldwork.note_answer(sent.pk, is_complete=True, now=NOW + timedelta(minutes=1))
    for record in ("Delivery", "Open"):
        assert post("postmark", postmark(sent, record)).status_code == 200
    assert line().disposition == "complete"


def test_opens_and_clicks_are_not_kept(provider, sent):
    provider("postmark")
    for record in ("Open", "Click"):
        assert post("postmark", postmark(sent, record)).status_code == 200
    assert (line().disposition, line().opened_at) == ("sent", None)


def test_news_about_strangers_are_let_go(provider, sent):
    provider("postmark")
    strange = postmark(sent, "Delivery", Metadata={"gloed": "0" * 32 + ".0@gloed.example"})
    assert post("postmark", strange).status_code == 200
    assert post("postmark", postmark(sent, "Delivery", Metadata={})).status_code == 200
    assert line().disposition == "sent"


class TestNotesOfAmazon:
    HEADERS = SNS | {"x-amz-sns-message-type": "SubscriptionConfirmation"}

    @pytest.fixture(autouse=True)
    def _amazon_ses(self, provider, opened):
        provider("amazon_ses")

    def confirmation(self, address):
        return {
            "Type": "SubscriptionConfirmation",
            "MessageId": SNS["x-amz-sns-message-id"],
            "TopicArn": "arn:aws:sns:eu-west-1:123456789012:mail",
            "Timestamp": "2026-03-02T09:31:00.000Z",
            "Message": "You have chosen to subscribe.",
            "Token": "x",
            "SubscribeURL": address,
        }

    def test_a_subscription_is_confirmed(self, opened, amazon, db):
        address = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=x"
        body = amazon.signed(self.confirmation(address), version="2")
        assert post("amazon_ses", body, **self.HEADERS).status_code == 200
        assert opened == [CERTIFICATE, address]

    @pytest.mark.parametrize(
        "address",
        ["http://sns.eu-west-1.amazonaws.com/", "https://127.0.0.1/", "https://sns.evil.example/"],
    )
    def test_no_other_address_is_opened(self, opened, amazon, db, address):
        body = amazon.signed(self.confirmation(address))
        assert post("amazon_ses", body, **self.HEADERS).status_code == 400
        assert opened == [CERTIFICATE]

    def test_a_password_is_asked_for_before_anything_is_opened(self, opened, sent, amazon):
        path = reverse("email:events", args=["amazon_ses"])
        answer = Client().post(path, "{}", content_type="application/json", headers=self.HEADERS)
        assert (answer.status_code, "Basic" in answer["WWW-Authenticate"]) == (401, True)
        body = amazon.signed(ses(sent, "Bounce", **ses_bounce("Permanent")))
        assert post("amazon_ses", body, password="gloed:guessed", **SNS).status_code == 400
        assert (opened, line().disposition) == ([], "sent")

    @pytest.mark.parametrize("change", [
        {"Signature": ""}, {"Signature": "no base64!"}, {"Signature": "AAAA"},
        {"SignatureVersion": "3"}, {"Timestamp": "2026-03-02T09:32:00.000Z"},
        {"SigningCertURL": "https://sns.eu-west-1.amazonaws.com.evil.example/x.pem"},
        {"SigningCertURL": "https://me@sns.eu-west-1.amazonaws.com/x.pem"},
        {"SigningCertURL": "https://sns.eu-west-1.amazonaws.com:8443/x.pem"},
        {"SigningCertURL": "https://x.s3.amazonaws.com/x.pem"},
        {"SigningCertURL": "https://[/x.pem"},
    ], ids=str)  # fmt: skip
    def test_what_amazon_did_not_sign_is_refused(self, sent, amazon, change):
        body = amazon.signed(ses(sent, "Bounce", **ses_bounce("Permanent"))) | change
        assert post("amazon_ses", body, **SNS).status_code == 400
        bare = ses(sent, "Bounce", **ses_bounce("Permanent"))
        assert post("amazon_ses", bare, **SNS).status_code == 400
        assert line().disposition == "sent"

    def test_another_key_signs_nothing_and_an_old_certificate_neither(
        self, sent, amazon, monkeypatch
    ):
        body = Amazon().signed(ses(sent, "Bounce", **ses_bounce("Permanent")))
        assert post("amazon_ses", body, **SNS).status_code == 400
        for old in (amazon.certificate(days=-1), b"no certificate"):
            sns._certificate.cache_clear()
            monkeypatch.setattr(sns, "call", lambda *_args, old=old, **_more: Reply(200, {}, old))
            body = amazon.signed(ses(sent, "Bounce", **ses_bounce("Permanent")))
            assert post("amazon_ses", body, **SNS).status_code == 400
        assert line().disposition == "sent"

    @pytest.mark.parametrize("is_down", [True, False])
    def test_what_cannot_be_checked_now_is_brought_again(
        self, sent, amazon, monkeypatch, opened, is_down
    ):
        def call(_method, _address, **_bounds):
            if is_down:
                raise NotReached(Trouble.TOO_SLOW, "sns", may_have_arrived=False)
            return Reply(500, {}, b"")

        body = amazon.signed(ses(sent, "Bounce", **ses_bounce("Permanent")))
        with monkeypatch.context() as patch:
            patch.setattr(sns, "call", call)
            assert post("amazon_ses", body, **SNS).status_code == 503
        assert line().disposition == "sent"
        assert post("amazon_ses", body, **SNS).status_code == 200
        assert post("amazon_ses", body, **SNS).status_code == 200
        assert (line().disposition, opened) == ("bounced", [CERTIFICATE])


@pytest.mark.parametrize("name", MAIL_PROVIDERS)
def test_each_provider_gets_our_word_and_is_told_not_to_track(settings, ask, survey, name):
    from gloed.channels.email.letters import Letters

    settings.MAIL_PROVIDER = name
    settings.DEFAULT_FROM_EMAIL = "Gloed <vraag@gloed.example>"
    invitation = ask("nia@example.org")
    [due] = fieldwork.claim_due("email", limit=1, now=NOW)
    letter = Letters().letter(due.survey_id, "nl", is_reminder=False)
    head = mail_to(due, letter).message().as_string().partition("\n\n")[0]
    assert head.count(word(invitation)) == 2
    assert set(providers.HEADERS) == set(MAIL_PROVIDERS) == set(provider_news.VIEWS)


@pytest.mark.parametrize(
    ("event", "reason", "raw", "news"),
    [
        ("rejected", "blocked", {}, News.LOST),
        ("rejected", "unsubscribed", {}, News.LEFT),
        ("bounced", "", {"data": {"bounce": {"type": "Permanent"}}}, News.BOUNCED),
        ("bounced", "", {"data": {"bounce": {"type": "Temporary"}}}, News.LOST),
        ("bounced", "spam", {}, News.LOST),
        ("deferred", "", {}, None),
        ("opened", "", {}, None),
    ],
)
def test_what_an_event_means(event, reason, raw, news):
    assert meaning(event, reason, raw) is news


@pytest.mark.parametrize("text", ["", None, "<x@y>", "0" * 32, "<" + "0" * 32 + ".0@>"])
def test_only_a_name_of_ours_is_one(text):
    assert invitation_of(text) is None
