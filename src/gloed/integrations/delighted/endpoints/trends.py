"""The trend among the parameters of a request."""

from gloed.analysis.explorer.asked import ExploreAsked
from gloed.integrations.delighted.endpoints.asked import Asked
from gloed.integrations.delighted.requests import Refused
from gloed.integrations.delighted.trends import find_trend


def trend_in(asked: Asked) -> ExploreAsked | None:
    """What the named trend lets through, None where none is named. Raises Refused for no trend."""
    told = asked.given("trend")
    if told is None:
        return None
    found = find_trend(asked.project, told)
    if found is None:
        raise Refused(404)
    return found
