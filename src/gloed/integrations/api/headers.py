"""What every operation takes and tells beside its fields, for the description."""

from typing import Any

TAKEN = {
    "Idempotency-Key": "The same key again: the same reply, and nothing is done twice.",
    "If-Match": "The ETag that was read: carried out only while nothing changed since.",
}
METHODS = {"Idempotency-Key": {"post", "patch"}, "If-Match": {"patch", "delete"}}
ALWAYS = {"X-Request-Id": "The number of this request in the log."}
RATE = {
    "RateLimit-Limit": "How many requests a full allowance is good for.",
    "RateLimit-Remaining": "How many of them are left.",
    "RateLimit-Reset": "Seconds until it is full again.",
}
TOO_MANY = {"Retry-After": "Whole seconds to wait."}
TAG = {"ETag": "What was read, for If-None-Match and If-Match."}


def describe(method: str, operation: dict[str, Any]) -> None:
    """Write the headers of an operation into its description."""
    for name, text in TAKEN.items():
        if method in METHODS[name]:
            operation.setdefault("parameters", []).append(
                {
                    "name": name,
                    "in": "header",
                    "required": False,
                    "description": text,
                    "schema": {"type": "string", "maxLength": 255},
                }
            )
    for code, reply in operation["responses"].items():
        is_read = method == "get" and "application/json" in reply.get("content", {})
        reply["headers"] = {
            name: {"description": text, "schema": {"type": "string"}}
            for name, text in _told(int(code), is_read=is_read).items()
        }


def _told(status: int, *, is_read: bool) -> dict[str, str]:
    told = dict(ALWAYS)
    if status != 401:
        told |= RATE
    if status == 429:
        told |= TOO_MANY
    return told | TAG if is_read and status == 200 else told
