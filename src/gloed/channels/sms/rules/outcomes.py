"""What a provider's answer means for one message: sent, sent again, or never again."""

from gloed.channels.outcomes import Fate, Outcome


def outcome_of_status(status: int, *, is_understood: bool = True) -> Outcome:
    """What the HTTP status of a provider means.

    Only what surely was not taken is tried again: a wrong key, too many at once, or a provider
    that says it is not there. A gateway that broke off may have passed the message on.

    >>> outcome_of_status(503).fate.value, outcome_of_status(502).fate.value
    ('later', 'uncertain')
    """
    if 200 <= status < 300:
        return Outcome(Fate.SENT) if is_understood else Outcome(Fate.REFUSED, "declined")
    problem = f"http {status}"
    if status in (401, 402, 403, 407) or 300 <= status < 400:
        return Outcome(Fate.LATER, problem, is_ours=True)
    if status in (425, 429, 503):
        return Outcome(Fate.LATER, problem, is_ours=True)
    if status >= 500 or status == 408:
        return Outcome(Fate.UNCERTAIN, problem, is_ours=True)
    return Outcome(Fate.REFUSED, problem)
