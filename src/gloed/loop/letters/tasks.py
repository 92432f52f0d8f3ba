"""Work for the worker: what follows closed cases."""

from datetime import timedelta

from gloed.base import jobs
from gloed.loop.letters import operations, suggesting

BATCH = 200


@jobs.task("letters.follow", every=timedelta(minutes=15))
def follow(run: jobs.JobRun) -> None:
    """Ask the regular survey again where its day has come, and throw old strays away."""
    done = 0
    while found := operations.ask_again_due(limit=BATCH, now=run.now()):
        done += found
        run.progress(done)
    operations.tidy(now=run.now())


suggest = suggesting.suggest  # registered with the jobs by being imported
