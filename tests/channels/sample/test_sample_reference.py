"""The reference page tells what is really planted."""

import re
from pathlib import Path

from gloed.channels.sample import plan

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "sample-organisation.md"


def _documented() -> dict[tuple[str, str], float]:
    rows = re.findall(
        r"^\| ([^|]+?) \| ([^|]+?) \| (-?\d+\.\d+) \|$", PAGE.read_text(), re.MULTILINE
    )
    return {(effect, of.split(" (")[0]): float(size) for effect, of, size in rows}


def test_page_names_every_planted_effect_with_its_size() -> None:
    documented = _documented()
    planted = {
        **{("touchpoint", key): size for key, size in plan.TOUCHPOINT_MEAN.items()},
        **{("team", key): size for key, size in plan.TEAM_EFFECT.items() if size},
        **{("installed", key): size for key, size in plan.INSTALLED_EFFECT.items()},
        **{("contract", key): size for key, size in plan.CONTRACT_EFFECT.items() if size},
        **{("lifecycle", key): size for key, size in plan.LIFECYCLE_EFFECT.items()},
        **{("dip", key): size for key, size in plan.DIP_EFFECT.items()},
        ("customer type", "Zakelijk"): plan.BUSINESS_EFFECT,
        ("waiting on the phone", "each minute above five"): plan.WAIT_EFFECT_PER_MINUTE,
        ("welcome mails rewritten", "welcome, from `today - 365 days` on"): (
            plan.WELCOME_IMPROVEMENT
        ),
        ("person", "standard deviation, the same at each answer"): plan.PERSON_SD,
        ("team", "every other team"): 0.0,
        ("contract", "Vast 1 jaar, Dynamisch"): 0.0,
    }
    assert documented == planted
