"""Benchmarks: the own history first, others only inside the own sector."""

import html
import json
import re
from datetime import UTC, datetime

import altair as alt
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from gloed.analysis.benchmarks.models import Benchmark, OwnPlace
from gloed.analysis.benchmarks.report import shifted
from gloed.analysis.benchmarks.rules import (
    Place,
    Refused,
    Sector,
    Warned,
    reason_to_refuse,
    warnings_of,
)
from gloed.stats import NetCounts, nps

OWN = Place("energy", "NL", "email", "relationship", "nps")


def test_only_inside_the_own_sector():
    assert reason_to_refuse(OWN, OWN) is None
    other = Place("banking", "NL", "email", "relationship", "nps")
    assert reason_to_refuse(OWN, other) is Refused.OTHER_SECTOR
    nowhere = Place("", "NL", "email", "relationship", "nps")
    assert reason_to_refuse(nowhere, nowhere) is Refused.NO_SECTOR
    csat = Place("energy", "NL", "email", "relationship", "csat")
    assert reason_to_refuse(OWN, csat) is Refused.OTHER_STATISTIC


def test_country_channel_and_kind_are_warned_of():
    assert warnings_of(OWN, OWN, n=100) == ()
    other = Place("energy", "US", "phone", "transactional", "nps")
    assert warnings_of(OWN, other, n=None) == (
        Warned.COUNTRY, Warned.MODE, Warned.KIND, Warned.NO_BASE,
    )  # fmt: skip
    unknown = Place("energy", "", "unknown", "unknown", "nps")
    assert warnings_of(OWN, unknown, n=1) == (Warned.MODE_UNKNOWN,)


@given(st.sampled_from(list(Sector)), st.sampled_from(list(Sector)))
def test_no_two_sectors_are_ever_compared(one, other):
    places = [Place(sector.value, "NL", "email", "unknown", "nps") for sector in (one, other)]
    assert (reason_to_refuse(*places) is None) == (one is other)


def test_the_gap_keeps_the_own_interval():
    score = nps(NetCounts(120, 50, 30))
    gap = shifted(score, 40)
    assert gap.value == pytest.approx(5)
    assert gap.high - gap.low == pytest.approx(score.high - score.low)


@pytest.fixture
def survey(organisation, make_survey, answer, rebuild):
    """40 in 2024, 80 in 2025, 40 in 2026 (not over yet)."""
    found = make_survey(organisation)
    for year, counts in ((2024, {9: 70, 7: 30}), (2025, {9: 90, 7: 10}), (2026, {9: 5, 5: 5})):
        for rating, n in counts.items():
            for place in range(n):
                at = datetime(year, 1, 1 + place % 27, 12, tzinfo=UTC)
                answer(found, rating, at=at)
    rebuild(organisation)
    return found


def look(client, status=200, **query):
    response = client.get(reverse("benchmarks:list"), query, headers={"accept-language": "en"})
    assert response.status_code == status
    return html.unescape(response.content.decode())


VALUES = {"sector": "energy", "name": "", "source": "Energy Monitor", "year": "2025",
          "country": "nl", "mode": "email", "kind": "unknown", "method": "", "statistic": "nps",
          "value": "60", "n": "1200"}  # fmt: skip


def post(client, name, values=None, *args, **kwargs):
    return client.post(reverse(f"benchmarks:{name}", args=args), values or {},
                       headers={"accept-language": "en"}, **kwargs)  # fmt: skip


def test_the_own_history_comes_first(alice, survey):
    text = look(alice)
    assert "2026: 0 (" in text
    assert "against 2025, more than chance." in text
    assert "this score lies in 0 to 30; its interval reaches beyond" in text
    assert "a convention of the trade" in text
    (spec,) = re.findall(r'<script id="history_spec" type="application/json">(.+?)</script>', text)
    alt.Chart.from_dict(json.loads(spec), validate=True)
    rows = alice.get(reverse("benchmarks:history_csv")).content.decode()
    assert "2025,90.0" in rows


def test_a_number_of_the_sector_is_laid_beside_its_own_year(alice, survey, organisation):
    post(alice, "place", {"sector": "energy", "country": "NL", "mode": "email"})
    assert OwnPlace.objects.get().sector == "energy"
    post(alice, "new", VALUES)
    post(alice, "new", VALUES | {"source": "Panel US", "country": "US", "mode": "panel", "n": ""})
    post(alice, "new", VALUES | {"source": "Old", "year": "2019"})
    text = look(alice)
    assert "Your sector: Energy and water" in text
    assert "+30 (" in text
    assert "above:" in text
    assert "another country: people there answer in another style" in text
    assert "asked in another way" in text
    assert "how many answered is not told" in text
    assert "Not compared: nobody answered you in that year." in text


def test_another_sector_is_refused_in_a_sentence(alice, survey):
    post(alice, "place", {"sector": "energy", "country": "NL", "mode": "email"})
    post(alice, "new", VALUES | {"sector": "supermarkets"})
    text = look(alice)
    assert "Not compared: Supermarkets is another sector." in text
    assert "above:" not in text
    assert "1 number that is not compared" in text


def test_without_a_sector_nothing_is_compared(alice, survey):
    post(alice, "new", VALUES)
    assert "Not compared: say first in which sector you are." in look(alice)


def table(client, content):
    return post(client, "upload", {"file": SimpleUploadedFile("t.csv", content.encode())})


def test_a_table_comes_in_whole_and_goes_whole(alice, survey, organisation):
    response = table(alice, "branche;bron;jaar;waarde;land;kanaal;n\n"
                            "Energie en water;Monitor;2025;12,5;NL;per telefoon;900\n"
                            "energy;Monitor;2024;10;BE;;\n")  # fmt: skip
    assert response.status_code == 302
    found = Benchmark.objects.order_by("-year")
    assert [(one.value, one.mode, one.n) for one in found] == [
        (12.5, "phone", 900),
        (10, "unknown", None),
    ]
    assert "2 numbers are added." in look(alice)
    post(alice, "remove_batch", None, found[0].batch)
    assert not Benchmark.objects.filter(removed_at=None).exists()


def test_a_table_with_a_flaw_leaves_nothing(alice, organisation):
    response = table(alice, "sector,source,year,value\nenergy,Monitor,2025,12\n"
                            "magic,Monitor,2025,12\nenergy,Monitor,2025,120\n")  # fmt: skip
    text = html.unescape(response.content.decode())
    assert response.status_code == 422
    assert "Row 3, sector “magic”" in text
    assert "it lies between -100 and 100" in text
    assert not Benchmark.objects.exists()
    missing = html.unescape(table(alice, "a,b\n1,2\n").content.decode())
    assert "These columns are missing: sector, source, year, value." in missing
    assert "This file is empty" in table(alice, " ").content.decode()
    assert "Choose a file first." in post(alice, "upload").content.decode()


def test_taking_away_can_be_undone(alice, survey):
    post(alice, "new", VALUES)
    one = Benchmark.objects.get()
    post(alice, "remove", None, one.public_id)
    text = look(alice)
    assert "“Energy Monitor 2025” is taken away." in text
    post(alice, "restore", None, one.public_id)
    assert Benchmark.objects.get().removed_at is None


def test_wrong_numbers_are_said_in_words(alice, survey):
    response = post(alice, "new", VALUES | {"value": "101", "country": "Holland"})
    text = html.unescape(response.content.decode())
    assert response.status_code == 422
    assert "This score cannot be" in text
    assert post(alice, "place", {"sector": "magic", "mode": "email"}).status_code == 422


def test_who_only_reads_changes_nothing(client_of, organisation, survey, charlie):
    viewer = client_of(organisation, "viewer")
    assert "Your own history" in look(viewer)
    assert post(viewer, "new", VALUES).status_code == 403
    assert "Here your own history will stand" in look(charlie)
    look(charlie, about=str(survey.public_id), status=404)


def test_few_answers_are_not_shown(alice, organisation, make_survey, answer, rebuild):
    answer(make_survey(organisation), 9)
    rebuild(organisation)
    assert "Too few people answered to show a year." in look(alice)
