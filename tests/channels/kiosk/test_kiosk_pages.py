"""The pages of kiosks for colleagues."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gloed.channels.kiosk import operations
from gloed.channels.kiosk.models import Kiosk

pytestmark = pytest.mark.django_db


@pytest.fixture
def kiosk(organisation, make_kiosk):
    """A kiosk with a code."""
    return make_kiosk(organisation, pin="8264")


def english(client, path, **data):
    headers = {"accept-language": "en"}
    answer = client.post(path, data, headers=headers) if data else client.get(path, headers=headers)
    return client.get(answer.url, headers=headers) if answer.status_code == 302 else answer


def test_make_a_kiosk_and_open_its_link(alice, client, kiosk):
    form = {"name": "Balie Zwolle", "languages": ["nl"], "idle_seconds": "20", "pin": "1234"}
    made = english(alice, f"/kiosks/new/{kiosk.survey.public_id}/", **form)
    new = Kiosk.objects.get(name="Balie Zwolle")
    assert f"/k/{new.token}/" in made.text
    assert operations.pin_of(new) == "1234"
    assert "1234" not in new.pin
    assert client.get(f"/k/{new.token}/").status_code == 200
    assert alice.get(f"/kiosks/{new.public_id}/code.svg").headers["Content-Type"] == "image/svg+xml"


@pytest.mark.parametrize("wrong", [{"pin": "12a4"}, {"pin": "123"}, {"idle_seconds": "5"}])
def test_what_cannot_be_used_is_told(alice, kiosk, wrong):
    form = {"name": "x", "languages": ["nl"], "idle_seconds": "20", "pin": "", **wrong}
    assert english(alice, f"/kiosks/{kiosk.public_id}/change/", **form).status_code == 422


def test_change_new_link_delete_and_undo(alice, kiosk):
    base, token = f"/kiosks/{kiosk.public_id}", kiosk.token
    form = {"name": "Balie Assen", "languages": ["en"], "idle_seconds": "45", "pin": ""}
    assert "The tablet follows" in english(alice, f"{base}/change/", **form).text
    kiosk.refresh_from_db()
    assert (kiosk.languages, kiosk.idle_seconds, kiosk.pin) == (["en"], 45, "")
    english(alice, f"{base}/link/", x="1")
    kiosk.refresh_from_db()
    assert kiosk.token != token
    assert "asks nothing more" in english(alice, f"{base}/delete/", x="1").text
    assert alice.get(f"{base}/").status_code == 404
    assert "is back" in english(alice, f"{base}/restore/", x="1").text


def test_the_list_tells_who_is_silent_and_what_waits(alice, kiosk):
    Kiosk.objects.update(heard_at=timezone.now() - timedelta(hours=2), waiting=3)
    listed = english(alice, "/kiosks/").text
    assert "silent" in listed
    assert '<td class="num">3</td>' in listed
    assert "may be off" in english(alice, f"/kiosks/{kiosk.public_id}/").text
