"""One text message to its provider: Apprise speaks, our own guarded client makes the one call."""

from dataclasses import replace

from gloed.base import outward
from gloed.base.outward.providers import Exchange, plugin_of, speaking
from gloed.channels.sms.rules import (
    BadProvider,
    Fate,
    Outcome,
    Problem,
    address_for,
    given_id,
    outcome_of_status,
    read_provider,
)

BOUNDS = outward.Bounds(connect=5.0, read=15.0, total=25.0, reply=200_000)
PROBE = "+31612345678"


def check(address: str) -> None:
    """Whether a provider's address is whole and names no recipient. Raises BadProvider.

    Nothing is called.
    """
    _scheme, kept = read_provider(address)
    plugin = plugin_of(address_for(kept, PROBE))
    if plugin is None or plugin_of(kept) is None:  # else the recipient filled a gap
        raise BadProvider(Problem.INCOMPLETE)
    if len(plugin) != 1:
        raise BadProvider(Problem.HAS_RECIPIENT)
    with speaking(_exchange(PROBE)) as dry:
        dry.is_stopped = True
        plugin.send(body="x", title="")
        if dry.calls != 1:
            raise BadProvider(Problem.INCOMPLETE)


def hand_over(address: str, number: str, text: str) -> Outcome:
    """Give one message to its provider, and say what became of it. Raises nothing it expects."""
    plugin = plugin_of(address_for(address, number))
    if plugin is None:
        return Outcome(Fate.LATER, "address", is_ours=True)
    with speaking(_exchange(number)) as exchange:
        # a provider's reader may stumble over an answer nobody foresaw: the call tells, not it
        try:
            is_understood = bool(plugin.send(body=text, title=""))
        except Exception:  # noqa: BLE001 - foreign code; what matters is in the exchange
            is_understood = False
    return _outcome(exchange, is_understood=is_understood)


def _exchange(number: str) -> Exchange:
    """One call, to the recipient that was meant."""
    return Exchange(bounds=lambda: BOUNDS, is_meant=lambda said: number.lstrip("+") in said)


def _outcome(exchange: Exchange, *, is_understood: bool) -> Outcome:
    if exchange.trouble is not None:
        problem = exchange.trouble.trouble.value
        if exchange.trouble.may_have_arrived:
            return Outcome(Fate.UNCERTAIN, problem, is_ours=True)
        return Outcome(Fate.LATER, problem, is_ours=True)
    if exchange.status is None:  # it saw beforehand that it cannot be sent
        return Outcome(Fate.REFUSED, "not called")
    outcome = outcome_of_status(exchange.status, is_understood=is_understood)
    if outcome.fate is Fate.SENT:
        return replace(outcome, given_id=given_id(exchange.reply))
    return outcome
