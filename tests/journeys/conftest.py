"""One house for every journey of a test process."""

from tests.journeys.fixtures import pytest_runtest_makereport, served, visit

__all__ = ["pytest_runtest_makereport", "served", "visit"]
