"""What was exported comes in again, and shows the same pages and figures."""

import json
import re
import zipfile

import pytest
from django.apps import apps
from django.core.management.color import no_style
from django.db import connection
from django.test import Client

from gloed.analysis.models import Mark
from gloed.base.models import AuditEntry, Membership, Organisation, Staff
from gloed.channels.told_back.models import PublicPage
from gloed.channels.wall.models import Wall
from gloed.fieldwork.models import ContactPolicy, Invitation, Trigger, Wave
from gloed.integrations.exports.bringing_in import bring_in
from gloed.integrations.exports.kinds import COLLEAGUES, KINDS, LEFT_OUT, ORGANISATION
from gloed.integrations.exports.making import make_archive
from gloed.integrations.exports.staging import Staging, remove_abandoned
from gloed.people.models import Person
from gloed.responses.models import Response
from gloed.surveys.models import Survey
from tests.integrations.exports.conftest import NOW, project

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
PAUSED = {"waves.jsonl", "triggers.jsonl", "invitations.jsonl", "audit.jsonl", "manifest.json"}


def contents(path):
    with zipfile.ZipFile(path) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def gone(house):
    """Take an organisation away with its colleagues: an empty Gloed."""
    staff = list(Staff.objects.filter(memberships__organisation=house).values_list("pk", flat=True))
    AuditEntry.objects.all().update(staff=None)
    Staging(None, house.public_id, staff).remove()
    number_anew()


def number_anew():
    """Let the database give out every number from the first one on."""
    own_key = [
        {"table": kind.model._meta.db_table, "column": "id"}
        for kind in (ORGANISATION, COLLEAGUES, *KINDS)
        if kind.model._meta.pk.name == "id"
    ]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_by_name_sql(no_style(), own_key):
            cursor.execute(statement)


def words_in(text):
    """What a person reads on a page or in a file: no ids, no tokens, not when it was made."""
    if text.startswith("{"):
        told = json.loads(text)
        del told["made_at"], told["done_with_it"]
        text = json.dumps(told, indent=1)
    if "<main" in text:
        text = text[text.index("<main") : text.index("</main")]
        text = re.sub(r"<[^>]*>|\s+|\d\d:\d\d", " ", text)  # the minute of looking is no content
    return UUID.sub("", text)


def seen(client, house):
    """What pages say: the numbers of the score page, the lists, a dossier; ids left out."""
    session = client.session
    session["organisation"] = str(house.public_id)
    session.save()
    survey = Survey.objects.get(organisation=house, state="open")
    person = Person.objects.get(organisation=house, external_id="K28")
    found = {}
    for name, path in {
        "score": f"/scores/{survey.public_id}/",
        "answers": f"/scores/{survey.public_id}/answers/",
        "csv": f"/scores/{survey.public_id}/answers.csv",
        "people": "/people/?q=K2",
        "dossier": f"/answers/of/{person.public_id}/",
        "copy": f"/answers/of/{person.public_id}/everything/",
        "surveys": "/surveys/",
        "policy": "/fieldwork/policy/",
    }.items():
        response = client.post(path) if name == "copy" else client.get(path)
        assert response.status_code == 200, name
        found[name] = words_in(response.getvalue().decode()).replace(house.name, "")
    ledger = Invitation.objects.filter(organisation=house, wave__isnull=False)
    found["ledger"] = sorted(ledger.values_list("disposition", "person__external_id"))
    return found


def test_every_model_of_an_organisation_goes_along_or_stays_for_a_reason():
    def belongs(model, seen=()):
        return model is Organisation or any(
            belongs(field.related_model, (*seen, model))
            for field in model._meta.local_concrete_fields
            if field.is_relation and field.related_model not in (*seen, model, None)
        )

    named = {kind.label for kind in (*KINDS, ORGANISATION, COLLEAGUES)} | LEFT_OUT.keys()
    models = {m._meta.label_lower for m in apps.get_models(include_auto_created=True) if belongs(m)}
    assert models - named == set()


def test_what_is_pointed_at_comes_first():
    order = [kind.label for kind in KINDS]
    for place, kind in enumerate(KINDS):
        for field in kind.model._meta.local_concrete_fields:
            if field.is_relation and field.attname not in kind.later:
                label = field.related_model._meta.label_lower
                assert label in ("base.organisation", "base.staff", *order[: place + 1])


@pytest.fixture
def first_numbers(db):
    """PostgreSQL gives no number out twice, whatever became of the test that took it."""
    number_anew()


def test_an_empty_gloed_shows_the_same_and_exports_the_same(first_numbers, rich, alice, tmp_path):
    public_id, owner = rich.public_id, rich.memberships.get().staff.email
    before = seen(alice, rich)
    first = make_archive(rich, tmp_path / "a.zip", now=NOW)
    gone(rich)
    assert not Organisation.objects.exists()
    assert not Staff.objects.exists()

    house = bring_in(tmp_path / "a.zip", now=NOW)

    assert house.public_id == public_id
    staff = Staff.objects.get()
    assert (staff.email, staff.has_usable_password()) == (owner, False)
    assert Mark.objects.filter(organisation=house, response_id=None, month="").exists()
    project(house)
    client = Client()
    client.force_login(staff)
    assert seen(client, house) == before
    second = make_archive(house, tmp_path / "b.zip", now=NOW)
    old, new = contents(tmp_path / "a.zip"), contents(tmp_path / "b.zip")
    assert {name for name in old if old[name] != new[name]} == PAUSED
    assert second.rows == first.rows + 2  # the audit trail tells of the copy and that it came in
    # nothing asks by itself until somebody says so
    assert Wave.objects.get().state == "paused"
    assert not Trigger.objects.get().is_on
    assert Invitation.objects.get(event__isnull=False).disposition == "withdrawn"


def test_beside_the_original_it_is_an_organisation_of_its_own(rich, alice, tmp_path):
    before = seen(alice, rich)
    make_archive(rich, tmp_path / "a.zip", now=NOW)
    boss = rich.memberships.get().staff
    house = bring_in(tmp_path / "a.zip", name="Tweede", by=boss, now=NOW)
    project(house)
    assert seen(alice, house) == before
    assert seen(alice, rich) == before
    (survey,) = Survey.objects.filter(organisation=house, state="open")
    assert ContactPolicy.objects.get(organisation=house).exemptions[0]["survey"] == survey.pk
    for response in Response.objects.filter(organisation=house).select_related("invitation"):
        assert response.key == f"invitation:{response.invitation.pk}"
        assert response.invitation.organisation_id == house.pk
    line = Invitation.objects.get(organisation=house, event__isnull=False)
    assert line.event.endswith(f" {line.trigger_id}")
    again = bring_in(tmp_path / "a.zip", now=NOW)
    assert again.name == f"{rich.name} (2)"


def test_a_name_in_an_address_that_is_taken_gets_a_number(rich, tmp_path):
    PublicPage.objects.create(organisation=rich, slug="a" * 60, is_on=True, changed_at=NOW)
    Wall.objects.create(organisation=rich, slug="b" * 60, changed_at=NOW)
    make_archive(rich, tmp_path / "a.zip", now=NOW)
    copies = [bring_in(tmp_path / "a.zip", now=NOW) for _time in range(2)]
    pages = [PublicPage.objects.get(organisation=house) for house in copies]
    assert [page.slug for page in pages] == [f"{'a' * 56}-2", f"{'a' * 56}-3"]
    assert len({*Wall.objects.values_list("slug", flat=True)}) == 3
    gone(rich)
    house = bring_in(tmp_path / "a.zip", now=NOW)
    assert house.public_page.slug == "a" * 60


def rewritten(source, target, change):
    """An archive with other contents and no new checksums."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", 8) as new:
        for name, content in change(contents(source)).items():
            new.writestr(name, content)
        assert old
    return target


def sealed(parts, **lines):
    """The parts of an archive with other lines, and checksums and counts that fit them."""
    import hashlib

    manifest = json.loads(parts["manifest.json"])
    for part in manifest["parts"]:
        if part["kind"] in lines:
            content = lines[part["kind"]]
            parts[part["file"]] = content
            part |= {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            part["rows"] = content.count(b"\n")
    parts["manifest.json"] = json.dumps(manifest).encode()
    return parts


def manifest_with(contents, **changes):
    manifest = json.loads(contents["manifest.json"])
    return contents | {"manifest.json": json.dumps({**manifest, **changes}).encode()}


def other(parts, name, old, new):
    assert old in parts[name]
    return parts | {name: parts[name].replace(old, new, 1)}


BROKEN = {
    "tampered": (lambda p: other(p, "persons.jsonl", b"K3", b"K4"), "persons.jsonl is not as it"),
    "missing": (lambda p: {n: c for n, c in p.items() if n != "answers.jsonl"}, "answers.jsonl is"),
    "more": (lambda p: p | {"more.jsonl": b""}, "more.jsonl is missing"),
    "format": (lambda p: manifest_with(p, format="zip"), "another format"),
    "newer": (lambda p: manifest_with(p, version=2, gloed="9"), "format 2, made by Gloed 9"),
    "manifest": (lambda p: manifest_with(p, parts=[{}]), "manifest.json is not as it"),
    "no archive": (lambda p: {"hello.txt": b""}, "no archive that Gloed made"),
    "bomb": (
        lambda p: sealed(p, persons=b'{"name": "' + b"a" * 60_000_000 + b'"}\n'),
        "persons.jsonl unpacks to far more",
    ),
    "no row": (lambda p: sealed(p, teams=b"[1]\n"), "teams.jsonl holds something"),
    "unknown column": (lambda p: sealed(p, teams=b'{"id":1,"x":1}\n'), "teams.jsonl holds"),
    "wrong kind": (
        lambda p: sealed(p, answers=p["answers.jsonl"].replace(b'"rating": 4', b'"rating": "x"')),
        "answers.jsonl holds something that does not fit, in line",
    ),
    "stranger": (
        lambda p: sealed(
            p, answers=re.sub(rb'"response_id": \d+', b'"response_id": 999999', p["answers.jsonl"])
        ),
        "answers.jsonl holds something",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_archive_is_refused_and_leaves_nothing(name, rich, tmp_path):
    make_archive(rich, tmp_path / "a.zip", now=NOW)
    change, words = BROKEN[name]
    path = rewritten(tmp_path / "a.zip", tmp_path / "b.zip", change)
    count = {kind.label: kind.model._base_manager.count() for kind in KINDS}
    with pytest.raises(Exception, match=words) as refusal:
        bring_in(path, now=NOW)
    assert type(refusal.value).__name__ == "ArchiveRefused"
    assert {kind.label: kind.model._base_manager.count() for kind in KINDS} == count
    assert Organisation.objects.count() == 1
    assert not list((tmp_path / "archives").glob("*.coming"))


@pytest.mark.parametrize("share", [0.01, 0.5, 0.999])
def test_a_truncated_archive_is_refused(share, rich, tmp_path):
    make_archive(rich, tmp_path / "a.zip", now=NOW)
    whole = (tmp_path / "a.zip").read_bytes()
    (tmp_path / "b.zip").write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(Exception, match="not whole"):
        bring_in(tmp_path / "b.zip", now=NOW)


def test_what_a_killed_process_left_goes(rich, tmp_path):
    make_archive(rich, tmp_path / "a.zip", now=NOW)
    half = bring_in(tmp_path / "a.zip", name="Half", now=NOW)
    told = json.dumps({"organisation": str(half.public_id), "staff": []})
    mark = tmp_path / "archives" / "x.coming"
    mark.write_text(f"{told}\n{told[:9]}", encoding="utf-8")
    remove_abandoned()
    assert list(Organisation.objects.all()) == [rich]
    assert Response.objects.count() == 30
    assert Membership.objects.count() == 1
    assert not mark.exists()


def test_a_job_that_is_stopped_leaves_nothing(rich, tmp_path):
    make_archive(rich, tmp_path / "a.zip", now=NOW)

    def stop(done, total=None):
        if done > 200:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bring_in(tmp_path / "a.zip", now=NOW, report=stop)
    assert list(Organisation.objects.all()) == [rich]
    assert Person.objects.count() == 30
