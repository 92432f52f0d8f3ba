"""Loading the sample organisation in the background."""

from datetime import timedelta

from gloed.base import jobs
from gloed.channels.sample.cases import add_cases
from gloed.channels.sample.improvements import add_improvements
from gloed.channels.sample.operations import (
    fill_organisation,
    make_scores_ready,
    make_themes_ready,
    values_of,
)
from gloed.channels.sample.passives import add_passives
from gloed.channels.sample.promoters import add_promoters
from gloed.channels.sample.testimonials import add_testimonials
from gloed.channels.sample.watching import add_watching

LOAD = "sample.load"


@jobs.task(LOAD, long=True, max_attempts=3, lease=timedelta(minutes=2))
def load(run: jobs.JobRun) -> None:
    """Fill the job's organisation; the language comes with the job."""
    if run.organisation is None:
        raise ValueError("a sample is loaded into an organisation")
    fill_organisation(
        run.organisation,
        language=run.payload["language"],
        now=run.job.created_at,
        tell=run.progress,
    )
    make_scores_ready(run.organisation)
    make_themes_ready(run.organisation)
    add_cases(run.organisation, language=run.payload["language"], now=run.job.created_at)
    add_improvements(run.organisation, language=run.payload["language"], now=run.job.created_at)
    add_passives(run.organisation, language=run.payload["language"], now=run.job.created_at)
    add_testimonials(run.organisation, now=run.job.created_at)
    add_promoters(run.organisation, language=run.payload["language"], now=run.job.created_at)
    add_watching(
        run.organisation,
        values_of(run.job.created_at),
        language=run.payload["language"],
        now=run.job.created_at,
    )
