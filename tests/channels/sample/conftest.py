"""One sample organisation for all tests here: it is frozen, so sharing it is safe."""

from datetime import date

import pytest

from gloed.channels.sample.generate import sample_organisation
from gloed.channels.sample.values import SampleOrganisation

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="session")
def sample() -> SampleOrganisation:
    return sample_organisation(seed=2026, today=TODAY)
