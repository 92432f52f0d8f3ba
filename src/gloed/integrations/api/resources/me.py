"""Whose key this is: to try a key, and to show a label."""

from typing import Any

from ninja import Router, Schema

from gloed.integrations.api.schemas import PROBLEMS

router = Router()


class Me(Schema):
    """The key and its organisation."""

    key: str
    organisation: str
    time_zone: str
    language: str
    scopes: list[str]


@router.get("", response={200: Me, **PROBLEMS}, operation_id="getMe")
def get_me(request: Any) -> dict[str, Any]:
    """Which key this is, of which organisation, and what it may do."""
    house = request.organisation
    return {
        "key": request.api_key.name,
        "organisation": house.name,
        "time_zone": house.time_zone,
        "language": house.language,
        "scopes": request.api_key.scopes,
    }
