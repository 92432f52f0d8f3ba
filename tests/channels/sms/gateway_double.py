"""A provider of text messages on this machine that answers as it is told (Signal's own gateway)."""

import json
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)  # a Monday, 10:30 in Amsterdam
SENDER = "+31970102030"


class FakeProvider:
    """Keeps what it took. `says` answers by number: a status, None for silence, "drop" for none."""

    def __init__(self):
        self.messages, self.says, self.gives_id = [], {}, True
        self.after = lambda _number: None
        self.stopped = threading.Event()
        double = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                size = int(self.headers["Content-Length"])
                told = json.loads(self.rfile.read(size))
                [number] = told["recipients"]
                answer = double.says.get(number, 201)
                if answer in (201, None, "drop", 502):
                    double.messages.append((number, told["message"]))
                    double.after(number)
                if answer is None:
                    double.stopped.wait(20)
                    return
                if answer == "drop":
                    self.connection.close()
                    return
                told = {"timestamp": "1", "id": double.gives_id and f"m-{len(double.messages)}"}
                body = json.dumps(told).encode()
                self.send_response(answer)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_args):
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def address(self):
        """What a colleague writes down for it."""
        return f"signal://127.0.0.1:{self.port}/{SENDER}"

    @property
    def numbers(self):
        """To whom messages were taken, in the order they came."""
        return [number for number, _text in self.messages]

    def close(self):
        self.stopped.set()
        self.server.shutdown()
        self.server.server_close()
