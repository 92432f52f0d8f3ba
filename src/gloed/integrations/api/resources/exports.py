"""Exports: everything of the organisation as one archive, made by a worker, kept for a week."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from ninja import Router, Schema, Status

from gloed.base import audit, jobs
from gloed.base.keys import Scope
from gloed.base.models import Job
from gloed.integrations.api.ids import EXPORT, id_of, read_id
from gloed.integrations.api.keys import needs
from gloed.integrations.api.problems import Problem, not_found
from gloed.integrations.api.schemas import PROBLEMS, Moment, Page
from gloed.integrations.exports import shelf
from gloed.integrations.exports.shelf import Kept

router = Router()
PIECE = 1 << 16


class ExportOut(Schema):
    """An archive. `state` is waiting, ready, refused (`refusal` says why) or failed."""

    id: str
    state: str
    refusal: str
    done: int
    total: int | None
    bytes: int | None
    asked_at: Moment
    ready_until: Moment | None


@router.get(
    "",
    response={200: Page[ExportOut], **PROBLEMS},
    auth=needs(Scope.READ_EXPORTS),
    operation_id="listExports",
)
def list_exports(request: Any) -> dict[str, Any]:
    """The newest archives, all on one page; one lies ready for a week."""
    found = shelf.list_kept(request.organisation, shelf.ARCHIVE)
    return {"data": [_shown(one) for one in found], "next": None}


@router.post(
    "",
    response={202: ExportOut, **PROBLEMS},
    auth=needs(Scope.READ_EXPORTS),
    operation_id="makeExport",
)
def make_export(request: Any) -> Status[Any]:
    """Have an archive made; while one is being made, that one comes back."""
    house, now = request.organisation, timezone.now()
    job = jobs.enqueue(
        shelf.ARCHIVE,
        {"by": None},
        now=now,
        organisation=house,
        key=f"{shelf.ARCHIVE}:{house.pk}",
    )
    audit.record(None, "archive.asked", house.name, organisation=house, at=now)
    return Status(202, _shown(_find(request, id_of(EXPORT, job.public_id))))


@router.get(
    "{export_id}",
    response={200: ExportOut, **PROBLEMS},
    auth=needs(Scope.READ_EXPORTS),
    operation_id="getExport",
)
def get_export(request: Any, export_id: str) -> dict[str, Any]:
    """How far it is."""
    return _shown(_find(request, export_id))


@router.get(
    "{export_id}/file",
    response={200: None, **PROBLEMS},
    auth=needs(Scope.READ_EXPORTS),
    operation_id="downloadExport",
    openapi_extra={
        "responses": {
            200: {
                "description": "Done",
                "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
            }
        }
    },
)
def download_export(request: Any, export_id: str) -> HttpResponseBase:
    """The file itself, once it is ready."""
    kept = _find(request, export_id)
    if not kept.is_ready:
        raise Problem("conflict", "It is not ready; see its state.")
    house = request.organisation
    audit.record(None, "archive.downloaded", house.name, organisation=house, at=timezone.now())
    reply = StreamingHttpResponse(_pieces(kept.path), content_type="application/zip")
    reply["Content-Length"] = str(kept.size)
    reply["Content-Disposition"] = 'attachment; filename="gloed.zip"'
    return reply


def _find(request: Any, export_id: str) -> Kept:
    wanted: UUID = read_id(EXPORT, export_id)
    kept = shelf.find_kept(request.organisation, shelf.ARCHIVE, wanted)
    if kept is None:
        raise not_found()
    return kept


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while piece := stream.read(PIECE):
            yield piece


def _shown(kept: Kept) -> dict[str, Any]:
    job: Job = kept.job
    state = "gone"
    if kept.is_at_work:
        state = "waiting"
    elif kept.is_ready:
        state = "ready"
    elif kept.refusal:
        state = "refused"
    elif kept.has_failed:
        state = "failed"
    return {
        "id": id_of(EXPORT, job.public_id),
        "state": state,
        "refusal": kept.refusal,
        "done": job.progress_done,
        "total": job.progress_total,
        "bytes": kept.size if kept.is_ready else None,
        "asked_at": job.created_at,
        "ready_until": kept.until if kept.is_ready else None,
    }
