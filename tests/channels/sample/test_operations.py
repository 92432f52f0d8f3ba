"""The sample organisation goes in whole, with one click, and out without a trace."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.db.models import Count
from django.test import Client
from django.urls import reverse

from gloed.analysis.models import SavedView
from gloed.analysis.monitors.models import Alarm, Monitor
from gloed.base import jobs
from gloed.base.models import Job, JournalEntry, Membership, Organisation, Staff
from gloed.channels.sample import operations
from gloed.channels.sample.tasks import LOAD
from gloed.fieldwork.models import Invitation, ReceivedEvent, Trigger, WaveSeries
from gloed.people.models import Person
from gloed.responses.models import Answer, Response
from gloed.surveys.models import Survey
from tests.conftest import NOW


@pytest.fixture(scope="module")
def planned():
    """The plain values the record is compared with."""
    return operations.values_of(NOW)


@pytest.fixture
def loaded(db):
    """A loaded sample in an installation that nobody used before."""
    log_in = operations.load_sample(language="nl", now=NOW)
    return log_in, Organisation.objects.get(is_sample=True)


def test_everything_planned_stands_in_the_record(loaded, planned):
    _log_in, organisation = loaded
    responses = Response.objects.filter(organisation=organisation)
    assert responses.count() == len(planned.responses)
    assert Person.objects.filter(organisation=organisation).count() == len(planned.persons)
    asked = Invitation.objects.filter(organisation=organisation).exclude(disposition="skipped")
    assert asked.count() == len(planned.invitations)
    verbatims = Answer.objects.exclude(verbatim="").filter(response__organisation=organisation)
    assert verbatims.count() == sum(bool(response.verbatim) for response in planned.responses)
    assert responses.exclude(withdrawn_at=None).count() == sum(
        response.withdrawn_at is not None for response in planned.responses
    )
    assert not responses.filter(invitation=None).exists()
    trigger = Trigger.objects.get(organisation=organisation, is_on=True)
    became = set(trigger.reactions.values_list("became", "invitation__trigger"))
    assert became == {("asked", trigger.pk), ("skipped", trigger.pk)}
    series = WaveSeries.objects.get(organisation=organisation)
    assert series.next_at > NOW
    waves = series.waves.annotate(lines=Count("invitations"))
    assert [one.lines for one in waves] == [one.invited + one.skipped for one in waves]
    assert sum(one.invited for one in waves) == sum(bool(one.wave) for one in planned.invitations)
    firms = Person.objects.filter(organisation=organisation, account__isnull=False)
    assert all(one.attributes["Functie"] for one in firms)
    assert not responses.filter(attributes__has_key="Functie").exists()
    assert set(responses.values_list("survey__title", flat=True)) == {
        survey.name.nl for survey in planned.surveys
    }


def test_what_is_watched_rang_in_the_dip_and_colleagues_wrote_why(loaded, planned):
    _log_in, organisation = loaded
    views = SavedView.objects.filter(organisation=organisation, is_shared=True)
    assert views.count() == 5
    assert set(Monitor.objects.values_list("view__name", "kind")) == {
        (name, "weekly") for name in views.values_list("name", flat=True)
        if name != "Monteurs, per product"
    }  # fmt: skip
    dip = planned.dip
    rung = Alarm.objects.order_by("raised_at")
    bill = rung.filter(monitor__name__startswith="De rekening", verdict=Alarm.Verdict.REAL)
    first = bill[0]
    assert not first.is_up
    assert dip.starts_on <= first.on <= dip.fixed_on
    assert abs((first.begins_on - dip.starts_on).days) <= 14
    assert "rekeningsysteem" in first.note
    assert not Alarm.objects.filter(verdict="", raised_at__lt=NOW - timedelta(days=14)).exists()
    # a year and a half under the promise of one a year: what rang besides is told as that
    assert rung.filter(verdict=Alarm.Verdict.NOTHING, note__startswith="Nagekeken").count() <= 2


def test_the_owner_can_log_in_with_what_was_printed(loaded):
    log_in, _organisation = loaded
    email, password = re.search(r"(\S+@\S+)\s+password: (\S+)", str(log_in)).groups()
    answer = Client().post(reverse("account_login"), {"login": email, "password": password})
    assert answer.status_code == 302
    assert operations.find_log_in() == log_in
    kept = settings.DATA / operations.LOG_IN_FILE
    assert kept.stat().st_mode & 0o077 == 0


def test_loading_again_after_a_crash_changes_nothing(loaded, planned):
    _log_in, organisation = loaded
    operations.fill_organisation(organisation, language="nl", now=NOW)
    assert Response.objects.filter(organisation=organisation).count() == len(planned.responses)
    assert Survey.objects.filter(organisation=organisation).count() == len(planned.surveys)


def test_removing_leaves_nothing(loaded):
    _log_in, organisation = loaded
    operations.remove_sample(organisation)
    for model in (
        Organisation,
        Response,
        Answer,
        Person,
        Invitation,
        ReceivedEvent,
        Survey,
        JournalEntry,
        Staff,
    ):
        assert model.objects.count() == 0, model
    assert operations.find_log_in() is None


def test_an_organisation_of_somebody_is_never_removed(organisation):
    with pytest.raises(ValueError, match="only a sample"):
        operations.remove_sample(organisation)


def test_one_click_loads_a_sample_beside_the_own_organisation(alice, organisation):
    answer = alice.post(reverse("sample:load"))
    assert answer.url == reverse("sample:progress")
    assert "Zilverwiek" in alice.get(answer.url).text
    job = Job.objects.get(kind=LOAD)
    jobs.REGISTRY.get(LOAD).handler(jobs.JobRun(job))
    Job.objects.filter(pk=job.pk).update(state=Job.State.DONE)
    page = alice.get(answer.url)
    assert reverse("web:today") in page.text
    assert Response.objects.filter(organisation=organisation).count() == 0
    assert alice.post(reverse("sample:load")).status_code == 302
    assert Organisation.objects.filter(is_sample=True).count() == 1


def test_one_click_removes_it_and_leads_home(alice, organisation):
    alice.post(reverse("sample:load"))
    answer = alice.post(reverse("sample:remove"), follow=True)
    assert organisation.name in answer.text
    assert list(Organisation.objects.all()) == [organisation]
    assert alice.post(reverse("sample:remove")).status_code == 404


def test_only_an_owner_loads_it(client_of, organisation):
    manager = client_of(organisation, "manager")
    assert manager.get(reverse("sample:offer")).status_code == 403
    assert manager.post(reverse("sample:load")).status_code == 403
    assert Membership.objects.count() == 1
