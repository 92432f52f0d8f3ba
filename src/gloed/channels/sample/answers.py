"""The rating model: a latent satisfaction from planted effects, cut into a rating."""

from bisect import bisect_right
from datetime import date
from functools import cache
from itertools import accumulate
from random import Random
from statistics import NormalDist

from gloed.channels.sample import plan, world
from gloed.channels.sample.asking import Occasion
from gloed.channels.sample.values import Dip, Metric, Polarity

_METRICS: dict[str, Metric] = {survey.key: survey.metric for survey in world.SURVEYS}
_LOWEST = {survey.key: survey.low for survey in world.SURVEYS}
_OWNERS = {touchpoint.key: touchpoint.owner_team for touchpoint in world.TOUCHPOINTS}


def team_of(occasion: Occasion) -> str | None:
    """The team that looked after the customer; nobody's for a relationship survey."""
    if occasion.survey == "relationship":
        return None
    if occasion.survey == "phone":
        return world.SERVICE_TEAM_OF_REGION[occasion.customer.region(occasion.on)]
    return _OWNERS[occasion.survey]


def latent(occasion: Occasion, team: str | None, *, dip: Dip, today: date) -> float:
    """How satisfied the person is, before the noise of the day."""
    customer, day, survey = occasion.customer, occasion.on, occasion.survey
    level = plan.TOUCHPOINT_MEAN[survey] + customer.liking
    level += plan.TEAM_EFFECT[team] if team else 0.0
    level += plan.CONTRACT_EFFECT[customer.contract(day)]
    level += plan.LIFECYCLE_EFFECT[customer.lifecycle(day)]
    level += plan.BUSINESS_EFFECT if customer.account else 0.0
    if survey == "installation":
        level += plan.INSTALLED_EFFECT[customer.product]
    if survey == "welcome" and day >= plan.welcome_rewritten_on(today):
        level += plan.WELCOME_IMPROVEMENT
    if occasion.wait_minutes is not None:
        level += plan.WAIT_EFFECT_PER_MINUTE * max(0, occasion.wait_minutes - 5)
    if survey in plan.DIP_EFFECT and customer.in_dip_cell(dip, day):
        level += plan.DIP_EFFECT[survey] * plan.strength(dip, day)
    return level


def rate(rng: Random, survey: str, level: float) -> int:
    """A rating on the survey's own scale."""
    return _LOWEST[survey] + bisect_right(_cuts(_METRICS[survey]), level + rng.gauss(0, 1))


@cache
def _cuts(metric: Metric) -> tuple[float, ...]:
    spread = NormalDist(0, plan.LATENT_SD)
    totals = list(accumulate(plan.RATING_SHARES[metric]))
    return tuple(spread.inv_cdf(min(total, 0.9999)) for total in totals[:-1])


def band(survey: str, rating: int) -> Polarity:
    """Low, middle or high on the survey's scale, as the field counts it."""
    below, from_high = {"nps": (7, 9), "csat": (3, 4), "ces": (4, 6)}[_METRICS[survey]]
    return "neg" if rating < below else "pos" if rating >= from_high else "mid"
