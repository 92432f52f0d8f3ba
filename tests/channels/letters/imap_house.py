"""A mailbox on this machine that speaks IMAP over TLS, as far as reading one needs."""

import contextlib
import re
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "service@gloed.example", 'pass "word" \\ 1'
QUOTED = PASSWORD.replace("\\", "\\\\").replace('"', '\\"')


class ImapHouse:
    """Holds mails by number and says what was asked of it. `breaks_at` drops a connection."""

    def __init__(self, folder):
        self.mails = {}
        self.next_uid = 1
        self.validity = 7
        self.commands = []
        self.breaks_at = ""
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.certificate = make_certificate(folder)
        self.context.load_cert_chain(self.certificate)
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def put(self, mail):
        """Lay a mail into the folder; bytes or a message."""
        self.mails[self.next_uid] = mail if isinstance(mail, bytes) else mail.as_bytes()
        self.next_uid += 1
        return self.next_uid - 1

    def stop(self):
        self._socket.close()

    def trusting(self):
        """What a client trusts this house with."""
        return ssl.create_default_context(cafile=str(self.certificate))

    def _serve(self):
        while True:
            try:
                plain, _address = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(plain,), daemon=True).start()

    def _talk(self, plain):
        with (
            contextlib.suppress(OSError, ValueError),
            self.context.wrap_socket(plain, server_side=True) as line,
        ):
            line.sendall(b"* OK ready\r\n")
            stream = line.makefile("rb")
            while (said := stream.readline()) and self._answer(line, said):
                pass

    def _answer(self, line, said):
        tag, _space, rest = said.strip().partition(b" ")
        words = rest.decode()
        self.commands.append(words)
        if self.breaks_at and self.breaks_at in words:
            line.shutdown(socket.SHUT_RDWR)
            return False
        told, ending = self._told(words)
        line.sendall(b"".join(told) + tag + b" " + ending + b"\r\n")
        return not words.startswith("LOGOUT")

    def _told(self, words):
        if words.startswith("CAPABILITY"):
            return [b"* CAPABILITY IMAP4rev1\r\n"], b"OK done"
        if words.startswith("LOGIN"):
            return [], b"OK in" if words == f'LOGIN {USER} "{QUOTED}"' else b"NO wrong"
        if words.startswith("EXAMINE"):
            if words != 'EXAMINE "INBOX"':
                return [], b"NO no such folder"
            status = f"* OK [UIDVALIDITY {self.validity}] x\r\n* OK [UIDNEXT {self.next_uid}] x\r\n"
            return [f"* {len(self.mails)} EXISTS\r\n".encode(), status.encode()], b"OK read-only"
        if found := re.fullmatch(r"UID SEARCH UID (\d+):\*", words):
            last = max(self.mails, default=0)
            hits = [uid for uid in sorted(self.mails) if uid >= int(found[1]) or uid == last]
            return [f"* SEARCH {' '.join(map(str, hits))}\r\n".encode()], b"OK found"
        if found := re.fullmatch(r"UID FETCH (\S+) \((.*)\)", words):
            uids = [int(uid) for uid in found[1].split(",")]
            return [self._part(uid, found[2]) for uid in uids if uid in self.mails], b"OK given"
        if words.startswith("LOGOUT"):
            return [b"* BYE\r\n"], b"OK bye"
        return [], b"BAD what"

    def _part(self, uid, wanted):
        mail = self.mails[uid].replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        data = mail
        if "HEADER" in wanted:
            data = mail.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        most = int(re.search(r"<0\.(\d+)>", wanted)[1])
        data = data[:most]
        size = f" RFC822.SIZE {len(mail)}" if "SIZE" in wanted else ""
        name = "BODY[HEADER]<0>" if "HEADER" in wanted else "BODY[]<0>"
        head = f"* {uid} FETCH (UID {uid}{size} {name} {{{len(data)}}}\r\n".encode()
        return head + data + b")\r\n"


def make_certificate(folder):
    """A key and a certificate of localhost in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "imap.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path
