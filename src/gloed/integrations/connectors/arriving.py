"""The way in: another system posts to the secret address of its connection."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from gloed.base.policy import public_page
from gloed.integrations.connectors import intake, operations, shape
from gloed.integrations.connectors.models import Connection

LARGEST = 4_000_000  # bytes


@csrf_exempt  # the secret address is not known to a browser
@require_http_methods(["GET", "POST"])
@public_page("whoever knows the secret address may tell; without it there is nothing here")
def arrive(
    request: HttpRequest,
    connection_id: UUID,
    token: str,
    call: str = "",  # noqa: ARG001 - libraries of pipelines add it to the address
) -> HttpResponse:
    """Take in what was posted; the reply says only that it came."""
    connection = (
        Connection.objects.select_related("organisation")
        .filter(public_id=connection_id, deleted_at=None, is_active=True)
        .first()
    )
    if connection is None or not operations.is_token_of(connection, token):
        return JsonResponse({"detail": "Nothing here."}, status=404)
    if request.method == "GET":  # some services look first whether somebody is there
        return JsonResponse({"detail": "Post here."})
    length = request.headers.get("Content-Length", "0")
    if not length.isdigit() or int(length) > LARGEST:
        return JsonResponse({"detail": "At most 4 MB."}, status=413)
    arriving = shape.Arriving(
        body=request.body,
        headers=request.headers,
        address=request.build_absolute_uri(),
        now=timezone.now(),
    )
    try:
        intake.take_in(connection, arriving)
    except shape.NotTaken:
        return JsonResponse({"detail": "It cannot be read, or its signature is wrong."}, status=400)
    return JsonResponse({"detail": "Thank you."})
