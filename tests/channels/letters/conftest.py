"""A case of somebody with a mail address, a mail server and a mailbox on this machine."""

from datetime import timedelta

import pytest

from tests.channels.email.post_office import mail_server
from tests.channels.letters.imap_house import PASSWORD, USER, ImapHouse
from tests.conftest import NOW
from tests.record import put_person


@pytest.fixture
def office(settings):
    """A running mail server, and settings that lead to it."""
    with mail_server(settings) as box:
        yield box


@pytest.fixture(scope="session")
def certificate_folder(tmp_path_factory):
    return tmp_path_factory.mktemp("imap")


@pytest.fixture
def imap(certificate_folder, settings, monkeypatch):
    """A mailbox that speaks IMAP, which this installation trusts and may call."""
    from gloed.channels.letters import imap as client

    house = ImapHouse(certificate_folder)
    settings.OUTWARD_HOSTS = (f"localhost:{house.port}",)
    trusting = house.trusting()
    monkeypatch.setattr(client.ssl, "create_default_context", lambda: trusting)
    yield house
    house.stop()


@pytest.fixture
def mailbox(organisation):
    """Where answers come in, by the mail provider unless a test says otherwise."""
    from gloed.channels.letters.models import Mailbox

    return Mailbox.objects.create(
        organisation=organisation,
        address="service@gloed.example",
        sender_name="Noorderlicht",
        way=Mailbox.Way.PROVIDER,
        changed_at=NOW,
    )


@pytest.fixture
def fetched(mailbox, imap):
    """The mailbox, fetched over IMAP."""
    from gloed.base.sealing import seal

    mailbox.way, mailbox.host, mailbox.port = "imap", "localhost", imap.port
    mailbox.user, mailbox.sealed_password = USER, seal(PASSWORD)
    mailbox.save()
    return mailbox


@pytest.fixture
def make_case(organisation):
    """A case of somebody: `make_case("nia@example.org", name="Nia de Vries")`."""
    from gloed.loop.cases import operations

    def make(address="nia@example.org", *, name="Nia de Vries", language="nl", now=NOW):
        person = put_person(organisation, address, name=name, language=language, now=now)
        return operations.open_for_person(person, because=[], now=now)

    return make


@pytest.fixture
def sanne(make_staff, organisation):
    """A colleague who handles cases."""
    staff = make_staff(organisation, "manager", email="sanne@example.org")
    staff.name = "Sanne"
    staff.save()
    return staff


@pytest.fixture
def reply(sanne):
    """Write a letter: `reply(case, "Hello")`."""
    from gloed.loop.letters import operations

    def write(case, body="Mag ik je bellen?", *, key="one", subject="Over je antwoord", **more):
        return operations.send_reply(
            case, key=key, subject=subject, body=body, author=sanne, now=NOW, **more
        )

    return write


@pytest.fixture
def send():
    """Send what is due at a moment: `send(minutes=5)` is five minutes after NOW."""
    from gloed.channels.letters import sending

    def at(**later):
        moment = NOW + (timedelta(**later) if later else timedelta(minutes=1))
        return sending.send_due(now=lambda: moment, within=timedelta(seconds=30))

    return at


@pytest.fixture
def fetch():
    """Look into the mailboxes at a moment."""
    from gloed.channels.letters import fetching

    def at(**later):
        moment = NOW + timedelta(**later)
        return fetching.fetch_all(now=lambda: moment)

    return at


@pytest.fixture
def run_journal():
    """Hand out what the journal holds, as a worker does."""
    from gloed.base.worker import delivery

    def run(**later):
        moment = NOW + timedelta(**later)
        while entries := delivery.claim(now=moment):
            delivery.hand_out(entries, now=lambda: moment)

    return run
