"""A language model's endpoint on this machine that says what a test wants, and keeps what it heard.

with fake_model(lambda asked: {"name": "Price"}) as (settings_of_it, heard):
    ...
"""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def fake_model(answer, *, status=200, until=None):
    """An endpoint; `answer(asked)` gives a value that goes out as JSON, or bytes as they are.

    With `until` (an event) it keeps silent until that is set. Yields the address up to `/v1` and
    the list of what it heard, each the headers with the body.
    """
    heard = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            heard.append((dict(self.headers), asked))
            if until is not None:
                until.wait(20)
            said = answer(asked)
            if not isinstance(said, bytes):
                said = completion(json.dumps(said))
            try:
                self.send_response(status)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)
            except OSError:  # whoever asked has gone
                return

        def log_message(self, *_args):
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1", heard
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def completion(content):
    """The reply of a chat completion with this content, as bytes."""
    return json.dumps({"choices": [{"message": {"content": content}}]}).encode()
