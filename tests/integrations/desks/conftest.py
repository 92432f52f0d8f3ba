"""Each test of `desk` runs with every system."""

import pytest

from tests.integrations.desks.systems import DESKS


@pytest.fixture(params=DESKS)
def desk(request):
    """One system."""
    return DESKS[request.param]
