"""A website of somebody else: another origin, with a content policy as strict as can be."""

import contextlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HEAD = '<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>Winkel</title>'
HEAD += '<meta name="viewport" content="width=device-width, initial-scale=1">'


class Website:
    """Pages by path; each carries the policy that lets in the given source alone."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.pages: dict[str, str] = {}
        self.source = ""

    def put(self, path: str, body: str, *, language: str = "nl") -> str:
        """Put a page up; returns its address."""
        head = HEAD.format(language=language)
        self.pages[path] = f"{head}</head><body><main><h1>Winkel</h1>{body}</main></body></html>"
        return self.address + path

    @property
    def policy(self) -> str:
        """Nothing but the widget's own source: no inline style, no eval, no foreign script."""
        from_there = f"script-src {self.source}; connect-src {self.source}; frame-src {self.source}"
        return f"default-src 'none'; {from_there}; require-trusted-types-for 'script'"


@contextlib.contextmanager
def website(source: str) -> Iterator[Website]:
    """A running website on a port of its own, whose policy lets `source` in."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = site.pages.get(self.path.partition("?")[0])
            self.send_response(200 if page else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", site.policy)
            self.end_headers()
            self.wfile.write((page or "").encode())

        def log_message(self, *_args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        site = Website(f"http://127.0.0.1:{server.server_port}")
        site.source = source
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()
