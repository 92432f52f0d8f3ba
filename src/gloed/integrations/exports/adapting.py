"""What changes in a row on its way into another Gloed, besides its references.

- Nothing asks by itself: waves and series are paused, triggers and recurring surveys are off, and
  mails and messages that had not gone out are withdrawn. Else the old place and the new one would
  both ask. People start them again when the old place is shut.
- Numbers inside texts and rules (the key of a response, an exception for one survey) move along.
- Nobody gets in before everything is there: memberships begin closed.
"""

import re
from collections.abc import Callable
from typing import Any, Final

Row = dict[str, Any]
Move = Callable[[str, int], int]
"""From a kind and an id in the archive to the id here; raises ValueError for none."""

BY_PEOPLE: Final = frozenset({"link", "phone"})
"""Ways that hand nothing over by themselves."""
_EVENT = re.compile(r"([0-9a-f]{32}) (\d{1,15})")
_INVITED = re.compile(r"invitation:(\d{1,15})")
_KEYED = re.compile(r"([^:]*):(\d{1,15}):(.*)", re.DOTALL)


def adapted(kind: str, row: Row, move: Move, *, closed_at: str) -> Row:
    """The row as it comes in."""
    change = _CHANGES.get(kind)
    if kind == "memberships":
        return row | {"deactivated_at": closed_at}
    return row if change is None else row | change(row, move)


def _wave(row: Row, move: Move) -> Row:
    is_going = row.get("state") in ("scheduled", "running")
    cursor = row.get("cursor") or 0
    return {
        "state": "paused" if is_going else row.get("state"),
        "cursor": _or_nothing(move, "persons", cursor),
    }


def _series(row: Row, _move: Move) -> Row:
    return {"state": "paused"} if row.get("state") == "active" else {}


def _trigger(_row: Row, _move: Move) -> Row:
    return {"is_on": False}


def _autopilot(_row: Row, _move: Move) -> Row:
    return {"is_active": False}


def _policy(row: Row, move: Move) -> Row:
    moved = [
        one | {"survey": move("surveys", one["survey"])} if one.get("survey") else one
        for one in row.get("exemptions") or []
    ]
    return {"exemptions": moved}


def _invitation(row: Row, move: Move) -> Row:
    changed: Row = {}
    is_waiting = row.get("is_open") and not row.get("sent_at") and not row.get("wave_id")
    if is_waiting and row.get("channel") not in BY_PEOPLE:
        changed = {"is_open": False, "disposition": "withdrawn"}
    if found := _EVENT.fullmatch(row.get("event") or ""):
        trigger = _or_nothing(move, "triggers", int(found[2]))
        changed["event"] = f"{found[1]} {trigger}"
    return changed


def _notice(row: Row, _move: Move) -> Row:
    return {"became": "failed", "problem": "brought in"} if row.get("became") == "waiting" else {}


def _response(row: Row, move: Move) -> Row:
    key = row.get("key") or ""
    if found := _INVITED.fullmatch(key):
        return {"key": f"invitation:{move('invitations', int(found[1]))}"}
    if found := _KEYED.fullmatch(key):
        return {"key": f"{found[1]}:{move('surveys', int(found[2]))}:{found[3]}"}
    return {}


def _or_nothing(move: Move, kind: str, number: int) -> int:
    """A reference that may point at something gone."""
    try:
        return move(kind, number)
    except ValueError:
        return 0


_CHANGES: Final[dict[str, Callable[[Row, Move], Row]]] = {
    "waves": _wave,
    "wave_series": _series,
    "triggers": _trigger,
    "delighted_autopilots": _autopilot,
    "contact_policy": _policy,
    "invitations": _invitation,
    "notices": _notice,
    "responses": _response,
}
