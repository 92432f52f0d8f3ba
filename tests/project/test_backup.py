"""A backup holds everything, and a restored one is the same, on either database."""

import gzip
import json
import shutil
import stat
import threading

import pytest
from django.db import connection

from gloed.base.models import Organisation
from gloed.base.snapshot import one_moment
from tests.databases import new_on, server


@pytest.fixture
def empty_postgresql():
    """The address of a new, empty database on the server of DATABASE_URL."""
    if not server():
        pytest.skip("DATABASE_URL names no PostgreSQL server")
    with new_on(server()) as url:
        yield url


def manifest_of(folder):
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def content_of(folder):
    """What a backup says about its tables and files: names, numbers, checksums."""
    manifest = manifest_of(folder)
    return manifest["tables"], manifest["files"], manifest["migrations"]


def rewrite(folder, **changes):
    content = {**manifest_of(folder), **changes}
    (folder / "manifest.json").write_text(json.dumps(content), encoding="utf-8")


def test_a_restored_backup_is_the_same(gloed, backup, tmp_path):
    there = tmp_path / "there"
    told = gloed("restore", backup, "--data", there).stdout
    assert "gloed serve" in told
    gloed("backup", tmp_path / "second", "--data", there)
    assert content_of(tmp_path / "second") == content_of(backup)
    rows = {table["model"]: table["rows"] for table in manifest_of(backup)["tables"]}
    assert rows["people.person"] == 1500
    assert rows["base.membership_teams"] == 5
    upload = there / "uploads" / "2026" / "03" / "antwoorden é.csv"
    assert upload.read_bytes() == bytes(range(256))
    assert (there / "sample-log-in").read_text(encoding="utf-8") == "alice\n"
    assert list((there / "projection").rglob("manifest.json"))
    assert sorted(path.name for path in there.glob("*.restoring*")) == []
    gloed("doctor", "--data", there, code=1)  # a job waits: it is as old as the backup
    gloed("admin", "create", "--email", "alice@example.org", "--organisation", "N", "--data", there)


@pytest.mark.database
def test_it_moves_to_postgresql_and_back(gloed, backup, empty_postgresql, tmp_path):
    there = {"GLOED_DATA": str(tmp_path / "there"), "DATABASE_URL": empty_postgresql}
    gloed("restore", backup, **there)
    gloed("backup", tmp_path / "second", **there)
    assert content_of(tmp_path / "second") == content_of(backup)
    told = gloed("restore", backup, code=2, **there).stderr
    assert "already" in told
    # new rows get ids beyond the restored ones
    words = ("admin", "create", "--email", "bob@example.org", "--organisation", "New")
    gloed(*words, "--password-stdin", stdin="correct horse battery staple\n", **there)
    gloed("restore", tmp_path / "second", "--data", tmp_path / "back")
    gloed("backup", tmp_path / "third", "--data", tmp_path / "back")
    assert content_of(tmp_path / "third") == content_of(backup)


def test_it_holds_the_key_but_no_password_and_is_its_owners_alone(gloed, inhabited, tmp_path):
    folder = tmp_path / "backup"
    settings = {"GLOED_DATA": str(inhabited), "EMAIL_URL": "smtp://me:hunter2@127.0.0.1:9"}
    gloed("backup", folder, **settings)
    assert (folder / "files" / "secret_key").read_text() == (inhabited / "secret_key").read_text()
    assert "hunter2" not in (folder / "settings.txt").read_text(encoding="utf-8")
    modes = {stat.S_IMODE(path.stat().st_mode) & 0o077 for path in (folder, *folder.rglob("*"))}
    assert modes == {0}


def test_a_restored_key_keeps_log_ins_valid(gloed, backup, inhabited, tmp_path):
    there = tmp_path / "there"
    gloed("restore", backup, "--data", there)
    assert (there / "secret_key").read_text() == (inhabited / "secret_key").read_text()


class TestRefusals:
    def test_a_used_place(self, gloed, backup, inhabited):
        assert "already" in gloed("restore", backup, "--data", inhabited, code=2).stderr

    def test_a_folder_that_is_not_empty(self, gloed, backup):
        assert "not empty" in gloed("backup", backup, code=2).stderr

    def test_nothing_to_back_up(self, gloed, tmp_path):
        told = gloed("backup", tmp_path / "b", "--data", tmp_path / "nowhere", code=2).stderr
        assert "nothing to back up" in told
        assert not (tmp_path / "b").exists()

    def test_a_folder_that_is_no_backup(self, gloed, tmp_path):
        assert "is no backup" in gloed("restore", tmp_path, code=2).stderr

    def test_damage_changes_nothing(self, gloed, backup, tmp_path):
        there = tmp_path / "there"
        table = next(backup.glob("tables/*people.person*"))
        whole = table.read_bytes()
        table.write_bytes(whole[:-20])
        assert "checksum" in gloed("restore", backup, "--data", there, code=2).stderr
        table.unlink()
        assert "lacks" in gloed("restore", backup, "--data", there, code=2).stderr
        table.write_bytes(whole)
        gloed("restore", backup, "--data", there)

    def test_a_failure_in_the_middle_leaves_an_empty_place(self, gloed, backup, tmp_path):
        there = tmp_path / "there"
        good = tmp_path / "good"
        shutil.copytree(backup, good)
        tables = manifest_of(backup)["tables"]
        last = tables[-1]
        last["rows"] += 1
        rewrite(backup, tables=tables)
        assert "instead of" in gloed("restore", backup, "--data", there, code=2).stderr
        gloed("restore", good, "--data", there)

    def test_a_backup_of_a_newer_gloed(self, gloed, backup, tmp_path):
        rewrite(backup, migrations=[["base", "9999_from_the_future"]])
        told = gloed("restore", backup, "--data", tmp_path / "there", code=2).stderr
        assert "newer Gloed" in told

    def test_a_path_that_leads_out(self, gloed, backup, tmp_path):
        (tmp_path / "outside").write_text("x", encoding="utf-8")
        files = [{"path": "../../outside", "bytes": 1, "sha256": "0" * 64}]
        rewrite(backup, files=files)
        told = gloed("restore", backup, "--data", tmp_path / "there", code=2).stderr
        assert "outside its folder" in told


def test_every_row_is_a_line_that_people_can_read(backup):
    (file,) = backup.glob("tables/*base.organisation.jsonl.gz")
    (line,) = gzip.decompress(file.read_bytes()).decode().splitlines()
    assert "Noorderlicht" in json.loads(line)


@pytest.mark.django_db(transaction=True)
def test_a_backup_shows_one_moment_and_keeps_nobody_waiting(organisation):
    def write():
        Organisation.objects.create(name="Meanwhile", created_at=organisation.created_at)
        connection.close()

    with one_moment():
        assert Organisation.objects.count() == 1
        other = threading.Thread(target=write)
        other.start()
        other.join(10)
        assert not other.is_alive(), "a writer had to wait"
        assert Organisation.objects.count() == 1
    assert Organisation.objects.count() == 2
