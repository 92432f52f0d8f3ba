"""A receiver on loopback that keeps what is posted to it and answers as it is told."""

import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Receiver:
    """What came in, and what is answered: one (status, headers) per request, the last for all."""

    address: str = ""
    came: list = field(default_factory=list)
    answers: list = field(default_factory=lambda: [(200, {})])


def serve():
    """A receiver, and the server to be shut down."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.came.append((dict(self.headers), body))
            status, headers = receiver.answers[0]
            if len(receiver.answers) > 1:
                receiver.answers.pop(0)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *_arguments):
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    receiver.address = f"http://127.0.0.1:{server.server_port}/hook?token=abc"
    return receiver, server
