"""Loading the sample organisation in the background."""

from datetime import timedelta

from gloed.base import jobs
from gloed.channels.sample.operations import (
    add_what_was_done,
    fill_organisation,
    make_scores_ready,
    make_themes_ready,
)

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
    add_what_was_done(run.organisation, language=run.payload["language"], now=run.job.created_at)
