"""Work of this app that a worker does: keeping large files, and looking for people once more."""

from datetime import timedelta

from gloed.analysis.customers.models import CustomerFile
from gloed.analysis.customers.value import operations
from gloed.base import jobs
from gloed.base.models import Organisation


@jobs.task(operations.KEEP, long=True)
def keep_customers(run: jobs.JobRun) -> None:
    """Keep the customers of a large file; one thrown away meanwhile has nothing to do."""
    files = CustomerFile.objects.filter(organisation=run.organisation).select_related(
        "organisation"
    )
    file = files.filter(public_id=run.payload["file"]).first()
    if file is not None:
        operations.write(file, now=run.now(), report=run.progress)


@jobs.task("customers.match", long=True, every=timedelta(days=1))
def match_customers(run: jobs.JobRun) -> None:
    """People come in after the file did: look for those of rows that stand alone."""
    organisations = Organisation.objects.filter(
        pk__in=CustomerFile.objects.filter(state=CustomerFile.State.KEPT).values("organisation")
    )
    for done, organisation in enumerate(organisations, start=1):
        file = operations.file_in_use(organisation)
        if file is not None:
            operations.match_again(file)
        run.progress(done)
