"""What went wrong, told as RFC 9457 problem details: stable types, words for people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, JsonResponse

TITLES: dict[str, tuple[int, str]] = {
    "malformed-body": (400, "The body cannot be read"),
    "unauthenticated": (401, "No valid key"),
    "forbidden": (403, "The key may not do this"),
    "not-found": (404, "There is no such thing here"),
    "method-not-allowed": (405, "Not with this method"),
    "conflict": (409, "It is not in the state for this"),
    "changed-meanwhile": (412, "It was changed meanwhile"),
    "too-large": (413, "The body is too large"),
    "unsupported-media": (415, "Not in this form"),
    "invalid-fields": (422, "Some fields cannot be used"),
    "rate-limited": (429, "Too many requests"),
    "our-fault": (500, "Something broke on our side"),
}
"""The types there are; a program branches on them, so none ever changes its meaning."""


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One field that cannot be used; the pointer is a JSON pointer into the body or the query."""

    pointer: str
    detail: str


@dataclass
class Problem(Exception):
    """A request that is not carried out."""

    type: str
    detail: str
    fields: Sequence[FieldProblem] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def status(self) -> int:
        """The HTTP status that goes with the type."""
        return TITLES[self.type][0]

    def within(self, place: str) -> "Problem":
        """The same of one thing among several; `place` points at it."""
        told = self.fields or (FieldProblem("", self.detail),)
        fields = [FieldProblem(f"{place}{one.pointer.rstrip('/')}", one.detail) for one in told]
        return Problem(self.type, self.detail, fields, self.headers)

    def response(self, request: HttpRequest) -> JsonResponse:
        """The problem as it is sent."""
        body: dict[str, Any] = {
            "type": request.build_absolute_uri(f"/api/problems/#{self.type}"),
            "title": TITLES[self.type][1],
            "status": self.status,
            "detail": self.detail,
        }
        if number := getattr(request, "request_id", ""):
            body["instance"] = f"urn:uuid:{number}"
        if self.fields:
            body["errors"] = [{"pointer": one.pointer, "detail": one.detail} for one in self.fields]
        answer = JsonResponse(body, status=self.status, content_type="application/problem+json")
        for name, value in self.headers.items():
            answer[name] = value
        return answer


def not_found() -> Problem:
    """There is no such thing, or it belongs to somebody else: the same answer."""
    return Problem("not-found", "Nothing stands at this address that your key can see.")


def invalid(pointer: str, detail: str) -> Problem:
    """One field that cannot be used."""
    return Problem("invalid-fields", detail, [FieldProblem(pointer, detail)])
