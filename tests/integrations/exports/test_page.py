"""The page "Take it along": making files, handing them out, deleting them, bringing one in."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from gloed.base import jobs
from gloed.base.models import AuditEntry, Job, Organisation
from gloed.integrations.exports import shelf, tasks
from gloed.integrations.exports.making import make_archive
from gloed.responses.models import Response
from tests.integrations.exports.conftest import NOW, project

HOME = "/organisation/take-along/"
DO = {shelf.ARCHIVE: tasks.archive, shelf.TABLE: tasks.table, shelf.BRING_IN: tasks.bring}


def work(kind):
    """Do what the worker would do with the newest job of a kind."""
    job = Job.objects.filter(kind=kind).latest("pk")
    assert job.run_at <= timezone.now()
    DO[kind](jobs.JobRun(job))
    Job.objects.filter(pk=job.pk).update(state="done", finished_at=timezone.now())
    job.refresh_from_db()
    return job


def deeds():
    return list(AuditEntry.objects.filter(action__regex="^(archive|table)").order_by("pk"))


def test_an_archive_is_made_downloaded_and_deleted(rich, alice):
    assert alice.post(f"{HOME}archive/").url == HOME
    waiting = alice.get(HOME).content.decode()
    assert "Writing the archive" in waiting
    assert "Writing the archive" in alice.get(f"{HOME}progress/").content.decode()
    job = work(shelf.ARCHIVE)
    assert alice.get(f"{HOME}progress/").url == HOME
    address = reverse("exports:archive_file", args=[job.public_id])
    assert address in alice.get(HOME).content.decode()
    response = alice.get(address)
    content = b"".join(response.streaming_content)
    assert content[:2] == b"PK"
    assert response.headers["Content-Disposition"].endswith('.zip"')
    assert shelf.path_of(job).stat().st_mode & 0o077 == 0
    alice.post(f"{address}delete/")
    assert alice.get(address).status_code == 404
    assert not shelf.path_of(job).exists()
    told = [deed.action for deed in deeds()]
    assert told == ["archive.asked", "archive.downloaded", "archive.deleted"]


def test_a_table_follows_what_was_ticked(rich, alice):
    page = alice.get(f"{HOME}?attr:region=N").content.decode()
    assert "Only the answers you were looking at" in page
    wishes = {"survey": "all", "format": "csv", "personal": ["email"], "address": "attr:region=N"}
    assert alice.post(f"{HOME}table/", wishes).status_code == 302
    job = work(shelf.TABLE)
    response = alice.get(reverse("exports:table_file", args=[job.public_id]))
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert "P0@example.org" in lines[1]
    assert job.payload["rows"] == 15
    assert deeds()[0].detail == {"format": "csv", "personal": ["email"]}
    assert alice.post(f"{HOME}table/", {"format": "doc"}).status_code == 422


def test_an_archive_comes_in_and_its_bringer_owns_it(rich, alice, tmp_path):
    make_archive(rich, tmp_path / "a.zip", now=NOW)
    given = SimpleUploadedFile("a.zip", (tmp_path / "a.zip").read_bytes())
    assert alice.post(f"{HOME}bring-in/", {"file": given, "name": "Nieuw"}).status_code == 302
    job = work(shelf.BRING_IN)
    assert not shelf.path_of(job).exists()
    house = Organisation.objects.get(name="Nieuw")
    assert house.memberships.get(role="owner").staff == rich.memberships.get().staff
    assert "Nieuw is here" in alice.get(HOME).content.decode()
    tasks.bring(jobs.JobRun(job))  # handed out twice
    assert Organisation.objects.count() == 2
    project(house)
    assert Response.objects.filter(organisation=house).count() == 30


def test_a_file_that_is_no_archive_is_told_on_the_page(rich, alice):
    given = SimpleUploadedFile("a.zip", b"hello")
    alice.post(f"{HOME}bring-in/", {"file": given})
    work(shelf.BRING_IN)
    page = alice.get(HOME).content.decode()
    assert "a.zip was not brought in" in page
    assert "This is no archive that Gloed made" in page
    assert alice.post(f"{HOME}bring-in/", {}).status_code == 422


def test_too_large_an_archive_is_sent_to_the_command_line(rich, alice, settings):
    settings.UPLOAD_LIMIT_BYTES = -2_000_000
    page = alice.post(f"{HOME}bring-in/", {"file": SimpleUploadedFile("a.zip", b"x")})
    assert page.status_code == 413
    assert "gloed import-archive" in page.content.decode()


@pytest.mark.parametrize(
    ("role", "status"), [("analyst", 200), ("viewer", 403), ("frontline", 403)]
)
def test_only_an_owner_sees_everything(role, status, rich, client_of):
    page = client_of(rich, role).get(HOME)
    assert page.status_code == status
    assert "Make an archive" not in page.content.decode()


def test_files_go_after_a_week(rich):
    job = Job.objects.create(
        organisation=rich, kind=shelf.ARCHIVE, state="done", run_at=NOW, created_at=NOW
    )
    shelf.path_of(job).write_bytes(b"x")
    now = timezone.now()
    assert shelf.sweep((now + timedelta(days=6)).timestamp()) == 0
    assert shelf.sweep((now + timedelta(days=8)).timestamp()) == 1
    assert not shelf.path_of(job).exists()
