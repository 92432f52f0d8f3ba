"""A session of `requests` whose every call goes through the guarded client."""

from typing import Any

import requests  # loaded when somebody logs in with a service
from requests.adapters import BaseAdapter

from gloed.base import outward

BOUNDS = outward.Bounds(connect=5.0, read=10.0, total=15.0, reply=500_000)


class _Door(BaseAdapter):
    """Pinned, bounded, to public hosts unless the settings allow more; follows no redirect."""

    def send(self, request: requests.PreparedRequest, *_rest: Any, **_more: Any) -> Any:
        given: Any = request.body or b""
        body: bytes = given.encode() if isinstance(given, str) else bytes(given)
        skipped = {"content-length", "host", "connection"}
        headers = {k: str(v) for k, v in request.headers.items() if k.lower() not in skipped}
        try:
            reply = outward.call(
                request.method or "GET",
                request.url or "",
                headers=headers,
                body=body,
                bounds=BOUNDS,
            )
        except outward.NotReached as trouble:
            raise requests.ConnectionError(str(trouble)) from None
        response = requests.Response()
        response.status_code, response.url, response.request = (
            reply.status,
            request.url or "",
            request,
        )
        response._content = reply.body  # noqa: SLF001 - how a Response of requests is filled
        response.headers.update(reply.headers)
        response.encoding = "utf-8"
        return response

    def close(self) -> None:
        """There is nothing to close."""


def session() -> requests.Session:
    """A session without cookies of others, proxies or redirects."""
    made = requests.Session()
    made.trust_env = False
    made.max_redirects = 0
    for beginning in ("https://", "http://"):
        made.mount(beginning, _Door())
    return made
