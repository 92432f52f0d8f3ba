"""Review sites on the thank-you page: the same for everybody who answers.

No function in this file takes a rating, a band or a person, and none may: who is asked for a review
must not depend on what they answered (`tests/loop/testimonials/test_reviews.py` holds it to that).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from gloed.base import audit
from gloed.base.models import Organisation, Staff
from gloed.loop.testimonials.models import ReviewLinks
from gloed.loop.testimonials.rules import MOST_LINKS, ReviewLink, host_of, is_fit, read_links
from gloed.surveys.models import Survey
from gloed.surveys.models.questions import ThanksWording
from gloed.surveys.rules import Metric


def shown_links(survey_id: int, organisation_id: int) -> tuple[ReviewLink, ...]:
    """The links under the thank-you of a survey: its own where it has any, else everybody's.

    A survey among the own staff (eNPS) shows only links of its own: they are no customers.
    """
    rows = list(
        ReviewLinks.objects.filter(
            Q(survey_id=survey_id) | Q(survey=None), organisation_id=organisation_id
        ).values_list("survey_id", "is_on", "links")
    )
    if not rows:
        return ()
    own = next((row for row in rows if row[0] is not None), None)
    if own is None and Survey.objects.filter(pk=survey_id, metric=Metric.ENPS).exists():
        return ()
    _survey, is_on, links = own or rows[0]
    return read_links(links) if is_on else ()


def find_links(organisation: Organisation, survey: Survey | None) -> ReviewLinks | None:
    """The links of a survey (of all others without one) as written."""
    return ReviewLinks.objects.filter(organisation=organisation, survey=survey).first()


def own_links(organisation: Organisation) -> list[ReviewLinks]:
    """The surveys that have links of their own."""
    rows = ReviewLinks.objects.filter(organisation=organisation, survey__deleted_at=None)
    return list(rows.exclude(survey=None).select_related("survey").order_by("survey__title"))


def keep_links(
    organisation: Organisation,
    survey: Survey | None,
    links: Sequence[ReviewLink],
    *,
    is_on: bool,
    by: Staff | None,
    now: datetime,
) -> ReviewLinks:
    """Keep the links of a survey, or of all others. Raises ValueError for one that is not fit."""
    if len(links) > MOST_LINKS or not all(one.name and is_fit(one.address) for one in links):
        raise ValueError("a review link has a name and an https address")
    rows = [{"name": one.name, "address": one.address} for one in links]
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=organisation.pk)  # one at a time
        kept, _is_new = ReviewLinks.objects.update_or_create(
            organisation=organisation,
            survey=survey,
            defaults={"is_on": is_on, "links": rows, "changed_at": now},
        )
        audit.record(
            by,
            "reviews.changed",
            survey.title if survey else organisation.name,
            {"on": is_on, "sites": ", ".join(one.host for one in links)},
            organisation=organisation,
            at=now,
        )
    return kept


def forget_own(
    organisation: Organisation, survey: Survey, *, by: Staff | None, now: datetime
) -> bool:
    """Let a survey show what all others show again."""
    with transaction.atomic():
        gone, _ = ReviewLinks.objects.filter(organisation=organisation, survey=survey).delete()
        if gone:
            audit.record(by, "reviews.changed", survey.title, organisation=organisation, at=now)
    return bool(gone)


@dataclass(frozen=True, slots=True)
class Singled:
    """A thank-you that leads one group alone to a site where reviews are asked."""

    survey: Survey
    site: str


def singled_out(organisation: Organisation) -> list[Singled]:
    """Surveys whose thank-you for one group alone links to one of these sites: gating by hand."""
    rows = ReviewLinks.objects.filter(organisation=organisation).values_list("links", flat=True)
    sites = {link.host for links in rows for link in read_links(links)}
    if not sites:
        return []
    asked = Survey.objects.filter(organisation=organisation, deleted_at=None).values("current")
    thanks = (
        ThanksWording.objects.filter(version__in=asked)
        .exclude(band="")
        .exclude(link="")
        .select_related("version__survey")
    )
    found = {
        (one.version.survey, host_of(one.link)) for one in thanks if host_of(one.link) in sites
    }
    return sorted(
        (Singled(survey, site) for survey, site in found), key=lambda one: one.survey.title
    )
