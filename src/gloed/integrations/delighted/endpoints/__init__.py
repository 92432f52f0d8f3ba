"""Which address of the old API is answered by which function."""

import re
from collections.abc import Callable

from gloed.integrations.delighted.endpoints import autopilot, lists, metrics, people, responses
from gloed.integrations.delighted.endpoints.asked import Asked, Reply
from gloed.integrations.delighted.requests import Refused

Act = Callable[[Asked], Reply]
ROUTES: tuple[tuple[str, str, Act], ...] = (
    ("POST", r"people", people.create),
    ("GET", r"people", people.index),
    ("DELETE", r"people/.+/survey_requests/pending", people.cancel_pending),
    ("GET", r"people/.+", people.show),
    ("DELETE", r"people/.+", people.delete),
    ("GET", r"survey_responses", responses.index),
    ("POST", r"survey_responses", responses.create),
    ("PUT", r"survey_responses", responses.change),
    ("GET", r"survey_responses/[^/]+", responses.show),
    ("PUT", r"survey_responses/[^/]+", responses.change),
    ("GET", r"metrics", metrics.show),
    ("POST", r"unsubscribes", lists.unsubscribe),
    ("GET", r"unsubscribes", lists.unsubscribes),
    ("GET", r"bounces", lists.bounces),
    ("GET", r"autopilot/(email|sms)", autopilot.show),
    ("GET", r"autopilot/(email|sms)/memberships", autopilot.index),
    ("POST", r"autopilot/(email|sms)/memberships", autopilot.create),
    ("DELETE", r"autopilot/(email|sms)/memberships", autopilot.delete),
)


def find(method: str, path: str) -> Act:
    """The function for an address. Raises Refused with 404, or 405 for another method."""
    method = "GET" if method == "HEAD" else method
    known = [(way, act) for way, pattern, act in ROUTES if re.fullmatch(pattern, path, re.DOTALL)]
    for way, act in known:
        if way == method:
            return act
    if not known:
        raise Refused(404)
    raise Refused(405, headers={"Allow": ", ".join(sorted({way for way, _act in known}))})
