"""Calling another system for real, on this machine: pinned, bounded, never redirected."""

import logging
import socket
import ssl
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from ipaddress import ip_address

import pytest

from gloed.base.outward import Bounds, NotReached, Trouble, call, read_allowed

QUICK = Bounds(connect=2.0, read=0.3, total=0.9, reply=1000)
PATIENT = Bounds(connect=5.0, read=10.0, total=20.0, reply=1000)


@contextmanager
def listening(answer, *, wrap=lambda sock: sock):
    """A server that reads one request a connection and lets `answer(connection)` reply."""
    server = socket.create_server(("127.0.0.1", 0))
    heard, stopped = [], threading.Event()

    def serve():
        while not stopped.is_set():
            try:
                connection, _ = server.accept()
            except OSError:
                return
            threading.Thread(target=one, args=(connection,), daemon=True).start()

    def one(raw):
        try:
            with wrap(raw) as connection:
                text = b""
                while b"\r\n\r\n" not in text:
                    piece = connection.recv(65536)
                    if not piece:
                        return
                    text += piece
                heard.append(text)
                answer(connection, stopped)
        except OSError:
            return

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield server.getsockname()[1], heard
    finally:
        stopped.set()
        server.close()


def says(text):
    return lambda connection, _stopped: connection.sendall(text)


def reply(body, *, status="200 OK", extra=""):
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{extra}\r\n".encode() + body


def here(port):
    return read_allowed([f"127.0.0.1:{port}"])


def test_a_reply_comes_back_whole():
    with listening(says(reply(b"kept", status="201 Created", extra="X-Id: 7\r\n"))) as (
        port,
        heard,
    ):
        found = call(
            "POST",
            f"http://127.0.0.1:{port}/a?b=c",
            headers={"Authorization": "Bearer secret"},
            body=b"words",
            bounds=PATIENT,
            allowed=here(port),
        )
    assert (found.status, found.headers["X-Id"], found.body) == (201, "7", b"kept")
    assert found.is_success
    request = heard[0].decode()
    assert request.startswith("POST /a?b=c HTTP/1.1\r\n")
    assert f"Host: 127.0.0.1:{port}\r\n" in request
    assert "Accept-Encoding: identity" in request
    assert "kept" not in repr(found)


def test_a_redirect_is_not_followed():
    moved = reply(b"", status="302 Found", extra="Location: http://169.254.169.254/\r\n")
    with listening(says(moved)) as (port, heard):
        found = call("GET", f"http://127.0.0.1:{port}/", bounds=PATIENT, allowed=here(port))
    assert (found.status, found.is_success, len(heard)) == (302, False, 1)


def test_a_name_is_looked_up_once_and_the_connection_goes_there():
    """DNS rebinding: the second look would give another address, and there is none."""
    with listening(says(reply(b"ok"))) as (port, heard):
        answers = [[ip_address("127.0.0.1")], [ip_address("10.0.0.1")]]
        asked = []

        def resolve(host, at):
            asked.append((host, at))
            return answers.pop(0)

        url = f"http://rebinding.example:{port}/"
        allowed = read_allowed([f"rebinding.example:{port}"])
        found = call("GET", url, bounds=PATIENT, allowed=allowed, resolve=resolve)
    assert found.status == 200
    assert asked == [("rebinding.example", port)]
    assert f"Host: rebinding.example:{port}".encode() in heard[0]


@pytest.mark.parametrize(
    "found", [["127.0.0.1"], ["93.184.216.34", "127.0.0.1"], ["::ffff:127.0.0.1"]]
)
def test_a_name_that_leads_inside_is_refused_before_anything_is_sent(found):
    with listening(says(reply(b"ok"))) as (port, heard), pytest.raises(NotReached) as refusal:
        call(
            "GET",
            f"https://inside.example:{port}/",
            bounds=PATIENT,
            allowed=read_allowed([]),
            resolve=lambda _host, _port: [ip_address(text) for text in found],
        )
    assert refusal.value.trouble is Trouble.REFUSED
    assert not refusal.value.may_have_arrived
    assert heard == []


def test_a_host_nobody_knows_and_a_resolver_that_is_silent():
    def fails(_host, _port):
        raise socket.gaierror("no such name")

    never = threading.Event()
    for resolve, bounds in ((fails, PATIENT), (lambda _h, _p: never.wait(30) or [], QUICK)):
        with pytest.raises(NotReached) as trouble:
            call("GET", "https://nobody.example/", bounds=bounds, resolve=resolve)
        assert trouble.value.trouble is Trouble.UNKNOWN_HOST
        assert not trouble.value.may_have_arrived
    never.set()


def test_a_closed_door_is_certain():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(NotReached) as trouble:
        call("GET", f"http://127.0.0.1:{port}/", bounds=PATIENT, allowed=here(port))
    assert trouble.value.trouble is Trouble.NO_CONNECTION
    assert not trouble.value.may_have_arrived


def silent(_connection, stopped):
    stopped.wait(30)


def dripping_body(connection, stopped):
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n")
    while not stopped.wait(0.05):
        connection.sendall(b"x")


def dripping_head(connection, stopped):
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while not stopped.wait(0.05):
        connection.sendall(b"X-More: y\r\n")


@pytest.mark.parametrize("answer", [silent, dripping_body, dripping_head])
def test_who_is_too_slow_is_left_and_may_have_heard_us(answer):
    with listening(answer) as (port, _heard), pytest.raises(NotReached) as trouble:
        call("POST", f"http://127.0.0.1:{port}/", bounds=QUICK, allowed=here(port))
    assert trouble.value.trouble is Trouble.TOO_SLOW
    assert trouble.value.may_have_arrived


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (reply(1001 * b"x"), Trouble.TOO_LARGE),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + 3 * b"190\r\n" + b"", None),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", Trouble.BROKEN),
        (b"", Trouble.BROKEN),
        (b"no protocol at all\r\n\r\n", Trouble.BROKEN),
        (b"HTTP/1.1 200 OK\r\nX: " + 70_000 * b"y" + b"\r\n\r\n", Trouble.BROKEN),
    ],
)
def test_a_reply_that_is_too_large_or_broken_is_no_reply(text, kind):
    with listening(says(text)) as (port, _heard), pytest.raises(NotReached) as trouble:
        call("GET", f"http://127.0.0.1:{port}/", bounds=PATIENT, allowed=here(port))
    assert kind is None or trouble.value.trouble is kind
    assert trouble.value.may_have_arrived


def test_a_packed_reply_is_not_unpacked():
    with listening(says(reply(b"\x1f\x8b", extra="Content-Encoding: gzip\r\n"))) as (port, _heard):
        found = call("GET", f"http://127.0.0.1:{port}/", bounds=PATIENT, allowed=here(port))
    assert found.body == b"\x1f\x8b"


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(tmp_path):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_certificate(tmp_path))
    wrap = partial(context.wrap_socket, server_side=True)
    with (
        listening(says(reply(b"ok")), wrap=wrap) as (port, heard),
        pytest.raises(NotReached) as trouble,
    ):
        call("GET", f"https://127.0.0.1:{port}/", bounds=PATIENT, allowed=here(port))
    assert trouble.value.trouble is Trouble.NOT_TRUSTED
    assert not trouble.value.may_have_arrived
    assert heard == []


def test_what_goes_wrong_names_no_secret(caplog):
    caplog.set_level(logging.DEBUG)
    with listening(says(b"")) as (port, _heard), pytest.raises(NotReached) as trouble:
        call(
            "POST",
            f"http://127.0.0.1:{port}/path-secret?q=query-secret",
            headers={"Authorization": "header-secret"},
            body=b"body-secret",
            bounds=PATIENT,
            allowed=here(port),
        )
    assert "secret" not in str(trouble.value)
    assert "secret" not in caplog.text


def test_settings_say_what_may_be_called(settings):
    with listening(says(reply(b"ok"))) as (port, _heard):
        settings.OUTWARD_HOSTS = ()
        with pytest.raises(NotReached):
            call("GET", f"http://127.0.0.1:{port}/", bounds=PATIENT)
        settings.OUTWARD_HOSTS = (f"127.0.0.1:{port}",)
        assert call("GET", f"http://127.0.0.1:{port}/", bounds=PATIENT).body == b"ok"


def _certificate(folder):
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    day = timedelta(days=1)
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - day)
        .not_valid_after(now + day)
        .sign(key, hashes.SHA256())
    )
    path = folder / "own.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path
