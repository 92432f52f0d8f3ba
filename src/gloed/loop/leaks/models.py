"""That somebody opened an answer: the one thing the leak meter keeps itself."""

from django.db import models

from gloed.base.models import Organisation, Staff
from gloed.responses.models import Response


class ReadMark(models.Model):
    """Who opened an answer first, and when.

    The response is not looked up by the database: it may go first, and is then passed over.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="read_marks")
    response = models.OneToOneField(
        Response, models.DO_NOTHING, related_name="read_mark", db_constraint=False
    )
    staff = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    read_at = models.DateTimeField()
