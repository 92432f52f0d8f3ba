"""An open survey and a kiosk that asks it at a desk."""

from dataclasses import replace

import pytest
from django.utils import timezone


@pytest.fixture
def make_kiosk():
    """Make an organisation, a survey and a kiosk: `make_kiosk(metric="csat", pin="1234")`."""
    from gloed.base.models import Organisation, Team
    from gloed.channels.kiosk import operations
    from gloed.surveys import operations as surveys
    from gloed.surveys.models import Touchpoint

    def make(organisation=None, *, metric="nps", asked=None, **values):
        now = timezone.now()
        organisation = organisation or Organisation.objects.create(
            name="Noorderlicht", created_at=now
        )
        content = replace(surveys.usual_content(organisation, metric), **(asked or {}))
        survey = surveys.create_survey(organisation, title="Balie", content=content, now=now)
        surveys.open_survey(survey, now=now)
        values = {
            "name": "Balie Assen",
            "survey": survey,
            "languages": ["nl", "en"],
            "touchpoint": Touchpoint.objects.create(organisation=organisation, name="Balie"),
            "team": Team.objects.create(organisation=organisation, name="Noord"),
            "idle_seconds": 30,
            "pin": "",
            **values,
        }
        return operations.make_kiosk(organisation, values, by=None, now=now)

    return make
