"""The other side on loopback: keeps what is asked of it, and answers as a test tells it."""

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


@dataclass
class Asked:
    """One request that came."""

    method: str
    path: str
    query: dict
    headers: dict
    body: bytes

    @property
    def json(self):
        """The body, read."""
        return json.loads(self.body)


@dataclass
class OtherSide:
    """What came, and what is answered by (method, path); everything else gets `usual`."""

    host: str = ""
    came: list = field(default_factory=list)
    answers: dict = field(default_factory=dict)
    usual: tuple = (200, {"ok": True}, {})

    @property
    def address(self):
        """Where it answers."""
        return f"http://{self.host}"

    def say(self, method, path, status, body=None, **headers):
        """Answer this from now on."""
        self.answers[method, path] = (status, body, headers)


def serve():
    """The other side, and the server to be shut down."""
    side = OtherSide()

    class Handler(BaseHTTPRequestHandler):
        def answer(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            parts = urlsplit(self.path)
            asked = Asked(self.command, parts.path, parse_qs(parts.query), dict(self.headers), body)
            side.came.append(asked)
            status, said, headers = side.answers.get((self.command, parts.path), side.usual)
            text = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", **headers}.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815 - their names

        def log_message(self, *_arguments):
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    side.host = f"127.0.0.1:{server.server_port}"
    return side, server
