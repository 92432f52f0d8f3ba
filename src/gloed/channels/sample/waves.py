"""The waves of the sample organisation: one a quarter, with who was asked and who was not."""

import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from uuid import UUID

from django.utils import translation
from django.utils.dates import MONTHS

from gloed.channels.sample import values
from gloed.channels.sample.chance import stream
from gloed.fieldwork.models import Invitation, Wave, WaveSeries
from gloed.fieldwork.operations.series import next_wave
from gloed.fieldwork.rules import Turn

CHUNK = 500


def add_waves(
    series: WaveSeries,
    sample: values.SampleOrganisation,
    *,
    person_ids: Mapping[UUID, int],
    invitation_ids: Mapping[UUID, int],
    language: str,
) -> None:
    """Bring in what the series asked so far; its invitations are in the ledger already."""
    asked: defaultdict[str | None, list[values.Invitation]] = defaultdict(list)
    for one in sample.invitations:
        asked[one.wave].append(one)
    for planned in sample.waves:
        missed = [
            one
            for one in sample.not_asked
            if one.survey == planned.survey and planned.starts_on <= one.due_on < planned.ends_on
        ]
        sent = asked[planned.key]
        wave = _past_wave(series, planned, sent, language)
        wave.skipped = len(missed)
        wave.save(force_insert=True)
        keys = [invitation_ids[one.public_id] for one in sent]
        for start in range(0, len(keys), CHUNK):
            Invitation.objects.filter(pk__in=keys[start : start + CHUNK]).update(wave=wave)
        lines = _skipped(wave, missed, person_ids, seed=sample.seed)
        Invitation.objects.bulk_create(lines, batch_size=CHUNK)


def _past_wave(
    series: WaveSeries, planned: values.Wave, sent: Sequence[values.Invitation], language: str
) -> Wave:
    """A wave that is done: everybody it asked has had the invitation."""
    starts_at = min(one.sent_at for one in sent)
    wave = next_wave(series, now=starts_at, turn=Turn(planned.starts_on.replace(day=1), starts_at))
    with translation.override(language):
        wave.name = f"{series.name}, {MONTHS[planned.starts_on.month]} {planned.starts_on.year}"
    wave.state, wave.is_written = Wave.State.DONE, True
    wave.invited, wave.started_at = len(sent), starts_at
    wave.ended_at = max(one.sent_at for one in sent)
    return wave


def _skipped(
    wave: Wave,
    missed: Sequence[values.NotAsked],
    person_ids: Mapping[UUID, int],
    *,
    seed: int,
) -> list[Invitation]:
    """The lines of those whom the contact policy held back, in the working hours of their day."""
    chance = stream(seed, "not asked", wave.month)
    return [
        Invitation(
            organisation=wave.organisation,
            survey=wave.survey,
            person_id=person_ids[one.person_id],
            wave=wave,
            token=secrets.token_urlsafe(16),
            channel=wave.channel,
            disposition=Invitation.Disposition.SKIPPED,
            skip=one.reason,
            created_at=datetime.combine(one.due_on, time(8, chance.randrange(60)), UTC),
        )
        for one in missed
    ]
