"""Running the server: over stdio for one assistant, or over HTTP on this machine for several."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import anyio.to_thread
import uvicorn
from mcp.server.transport_security import TransportSecuritySettings

from gloed.integrations.mcp.access import is_living
from gloed.integrations.mcp.server import make_server

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


def over_stdio(key: str) -> None:
    """Speak over the lines of this process until the other side hangs up."""
    make_server(key).run("stdio")


def over_http(host: str, port: int) -> None:
    """Listen on this machine; every request brings its own key in its header."""
    names = [f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]")]
    security = TransportSecuritySettings(
        enable_dns_rebinding_protection=True,
        allowed_hosts=names,
        allowed_origins=[f"http://{name}" for name in names],
    )
    app = make_server().streamable_http_app(
        stateless_http=True, json_response=True, transport_security=security, host=host
    )
    uvicorn.run(guarded(app), host=host, port=port, log_level="warning", access_log=False)


def guarded(app: Any) -> App:
    """Nothing behind it is reached without a living key."""

    async def guard(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            headers = {name.lower(): value for name, value in scope["headers"]}
            kind, _blank, text = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
            is_known = kind.lower() == "bearer" and await anyio.to_thread.run_sync(
                is_living, text.strip()
            )
            if not is_known:
                await _refuse(send)
                return
        await app(scope, receive, send)

    return guard


async def _refuse(send: Send) -> None:
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"www-authenticate", b'Bearer realm="gloed"'),
    ]
    await send({"type": "http.response.start", "status": 401, "headers": headers})
    body = b"Send a living key: Authorization: Bearer gloed_..."
    await send({"type": "http.response.body", "body": body})
