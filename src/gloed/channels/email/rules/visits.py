"""What following the links of a mail tells: machines follow all of them, people one or two."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

BURST = timedelta(seconds=10)
"""Within this a person does not open so many different numbers."""
MANY = 5


@dataclass(frozen=True, slots=True)
class Visit:
    """The link of a rating was opened, last at this moment."""

    rating: int
    at: datetime


def is_burst(visits: Sequence[Visit], *, steps: int) -> bool:
    """Whether a machine went through the scale: so many different numbers within seconds.

    `steps` is how many there are: of a short scale all of them count, of a long one `MANY`.
    """
    enough = max(2, min(MANY, steps))
    moments = sorted(visit.at for visit in visits)
    return any(
        last - first <= BURST for first, last in zip(moments, moments[enough - 1 :], strict=False)
    )
