"""The pages of widgets and of the ways to ask, for colleagues."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gloed.base.models import AuditEntry
from gloed.base.sealing import unseal
from gloed.channels.kiosk import operations as kiosks
from gloed.channels.widget import operations
from gloed.channels.widget.models import Widget

pytestmark = pytest.mark.django_db
FORM = {
    "name": "Winkel",
    "sites": "www.example.nl\nhttps://*.example.nl",
    "place": "corner",
    "when": "delay",
    "seconds": "20",
    "percent": "60",
    "pages": "/bedankt\nhulp/*",
    "share": "50",
    "theme": "auto",
}


def english(client, path, **data):
    headers = {"accept-language": "en"}
    answer = client.post(path, data, headers=headers) if data else client.get(path, headers=headers)
    return client.get(answer.url, headers=headers) if answer.status_code == 302 else answer


def test_make_a_widget_and_paste_its_snippet(alice, survey, settings):
    made = english(alice, f"/widgets/new/{survey.public_id}/", **FORM)
    widget = Widget.objects.get()
    assert widget.sites == ["https://www.example.nl", "https://*.example.nl"]
    assert widget.pages == ["/bedankt", "/hulp/*"]
    snippet = f"{settings.BASE_URL}/w/v1/gloed.js&quot; data-widget=&quot;{widget.key}&quot; async"
    assert snippet in made.text
    assert unseal(widget.secret) not in made.text
    assert widget.secret not in made.text
    shown = english(alice, f"/widgets/{widget.public_id}/?secret")
    assert unseal(widget.secret) in shown.text
    assert AuditEntry.objects.get(action="widget.made").subject == "Winkel"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"sites": "http://example.nl"}, "no address we can use"),
        ({"sites": "\n".join(f"s{n}.example.nl" for n in range(21))}, "Twenty sites"),
        ({"pages": "a b"}, "at most twenty"),
        ({"share": "0"}, "greater than or equal to 1"),
    ],
)
def test_what_cannot_be_used_is_told_beside_its_field(alice, survey, wrong, told):
    refused = english(alice, f"/widgets/new/{survey.public_id}/", **{**FORM, **wrong})
    assert refused.status_code == 422
    assert told in refused.text
    assert not Widget.objects.exists()


def test_change_switch_delete_and_undo(alice, widget):
    base = f"/widgets/{widget.public_id}"
    english(alice, f"{base}/change/", **{**FORM, "place": "inline", "share": "10"})
    widget.refresh_from_db()
    assert (widget.place, widget.share) == ("inline", 10)
    assert "data-gloed" in english(alice, f"{base}/").text
    english(alice, f"{base}/switch/", to="off")
    widget.refresh_from_db()
    assert not widget.is_on
    gone = english(alice, f"{base}/delete/", x="1")
    assert "gone from your pages" in gone.text
    assert alice.get(f"{base}/").status_code == 404
    assert "is back" in english(alice, f"{base}/restore/", x="1").text
    told = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert told[-4:] == [
        "widget.changed",
        "widget.switched_off",
        "widget.deleted",
        "widget.restored",
    ]


def test_trying_it_out_runs_no_foreign_script_and_counts_nothing(alice, widget):
    shown = alice.get(f"/widgets/{widget.public_id}/try/")
    assert "data-preview" in shown.text
    assert shown.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "unsafe" not in shown.headers["Content-Security-Policy"]


def test_the_lists_tell_counts_of_thirty_days(alice, widget):
    operations.count(widget, "seen", now=timezone.now())
    operations.count(widget, "seen", now=timezone.now() - timedelta(days=40))
    for path in ("/widgets/", f"/widgets/of/{widget.survey.public_id}/"):
        assert '<td class="num">1</td>' in english(alice, path).text


@pytest.mark.parametrize("rows", [1, 30])
def test_lists_ask_the_database_the_same_for_one_and_for_thirty(
    alice, organisation, survey, make_widget, django_assert_num_queries, rows
):
    for number in range(rows):
        make_widget(name=f"W{number}")
        values = {"name": f"K{number}", "survey": survey, "languages": ["nl"], "pin": ""}
        kiosks.make_kiosk(organisation, values, by=None, now=timezone.now())
    english(alice, "/widgets/")
    with django_assert_num_queries(7):
        assert english(alice, "/widgets/").text.count('<th scope="row">') == rows
    with django_assert_num_queries(6):
        assert english(alice, "/kiosks/").text.count('<th scope="row">') == rows
    with django_assert_num_queries(7):
        assert "kiosk" in english(alice, "/ways/").text


def test_the_ways_lead_to_every_channel_of_a_survey(alice, widget, survey, client_of, organisation):
    found = english(alice, f"/ways/{survey.public_id}/")
    for path in (
        f"/mail/{survey.public_id}/",
        f"/surveys/{survey.public_id}/",
        f"/posters/{survey.public_id}/",
        f"/widgets/of/{survey.public_id}/",
        f"/kiosks/of/{survey.public_id}/",
    ):
        assert f'href="{path}"' in found.text
    assert "1 widget, 1 on" in found.text
    viewer = client_of(organisation, "viewer")
    limited = english(viewer, f"/ways/{survey.public_id}/")
    assert f"/posters/{survey.public_id}/" in limited.text
    assert f"/mail/{survey.public_id}/" not in limited.text
