"""Hooks: endpoints that a machine makes and takes away again (Zapier, Make, n8n)."""

from typing import Annotated, Any, Literal

from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import Field

from gloed.base.keys import Scope
from gloed.base.sealing import unseal
from gloed.integrations.api.ids import SURVEY, id_of, read_id
from gloed.integrations.api.keys import needs
from gloed.integrations.api.paging import page_of
from gloed.integrations.api.problems import Problem, invalid, not_found
from gloed.integrations.api.schemas import PROBLEMS, After, Body, Limit, Moment, Page, Text
from gloed.integrations.webhooks import operations, samples
from gloed.integrations.webhooks.models import Endpoint
from gloed.integrations.webhooks.rules import News, Wish

router = Router()
HOOK = "hook"


class HookFilter(Body):
    """Only some answers."""

    group: Literal["", "promoter", "passive", "detractor"] = ""
    survey: Annotated[str, Field(max_length=60)] = ""


class HookIn(Body):
    """Where to post, and what. `flat` suits tools that like no depth."""

    url: Annotated[Text, Field(min_length=1, max_length=2_000)]
    events: Annotated[list[News], Field(max_length=20)] = []
    filter: HookFilter = HookFilter()
    format: Literal["full", "flat"] = "full"
    with_person: bool = False
    name: Annotated[Text, Field(max_length=120)] = ""


class HookOut(Schema):
    """A hook. The secret signs every message; it is told to who made it."""

    id: str
    host: str
    name: str
    events: list[str]
    format: str
    with_person: bool
    is_active: bool
    secret: str | None
    created_at: Moment


@router.get(
    "",
    response={200: Page[HookOut], **PROBLEMS},
    auth=needs(Scope.WRITE_HOOKS),
    operation_id="listHooks",
)
def list_hooks(request: Any, after: After, limit: Limit) -> dict[str, Any]:
    """The endpoints of the organisation, those made by hand too."""
    rows = Endpoint.objects.filter(organisation=request.organisation, deleted_at=None)
    return page_of(rows, after, limit, lambda page: [_shown(one, secret=False) for one in page])


@router.post(
    "",
    response={201: HookOut, **PROBLEMS},
    auth=needs(Scope.WRITE_HOOKS),
    operation_id="subscribeHook",
)
def subscribe(request: Any, data: HookIn) -> Status[Any]:
    """Tell news to this address from now on; to tell of persons needs the right to see them."""
    if data.with_person and Scope.READ_PEOPLE not in request.api_key.scopes:
        raise Problem("forbidden", f"The key lacks the right {Scope.READ_PEOPLE.value}.")
    if Scope.READ_ANSWERS not in request.api_key.scopes:
        raise Problem("forbidden", f"The key lacks the right {Scope.READ_ANSWERS.value}.")
    surveys = {str(read_id(SURVEY, data.filter.survey))} if data.filter.survey else set()
    try:
        endpoint = operations.make_endpoint(
            request.organisation,
            data.url,
            name=data.name,
            wish=Wish(
                frozenset(one.value for one in data.events),
                frozenset({data.filter.group} - {""}),
                frozenset(surveys),
            ),
            shape=data.format,
            with_person=data.with_person,
            key=request.api_key,
            now=timezone.now(),
        )
    except operations.CannotCall as refusal:
        raise invalid("/url", f"This address is not called: {refusal.reason}.") from None
    except operations.TooMany:
        raise Problem("conflict", f"There are {operations.MOST} already.") from None
    return Status(201, _shown(endpoint, secret=True))


@router.get(
    "samples",
    response={200: list[dict[str, Any]], **PROBLEMS},
    auth=needs(Scope.WRITE_HOOKS),
    operation_id="sampleEvents",
)
def sample_events(
    request: Any,  # noqa: ARG001 - the library finds it by its name
    type: Annotated[News, Query()] = News.RESPONSE_CREATED,  # noqa: A002 - its name
) -> list[dict[str, Any]]:
    """Three invented pieces of news in the shape that is posted."""
    now = timezone.now()
    told = [samples.sample(type.value, n, at=now, with_person=True) for n in range(3)]
    return [
        {"type": one.news, "timestamp": one.at.strftime("%Y-%m-%dT%H:%M:%SZ"), "data": one.data}
        for one in told
    ]


@router.delete(
    "{hook_id}",
    response={204: None, **PROBLEMS},
    auth=needs(Scope.WRITE_HOOKS),
    operation_id="unsubscribeHook",
)
def unsubscribe(request: Any, hook_id: str) -> Status[Any]:
    """Tell it nothing any more; repeating it changes nothing."""
    mine = Endpoint.objects.filter(organisation=request.organisation)
    endpoint = mine.filter(public_id=read_id(HOOK, hook_id)).first()
    if endpoint is None:
        raise not_found()
    operations.remove_endpoint(endpoint, by=None, now=timezone.now())
    return Status(204, None)


def _shown(endpoint: Endpoint, *, secret: bool) -> dict[str, Any]:
    return {
        "id": id_of(HOOK, endpoint.public_id),
        "host": endpoint.host,
        "name": endpoint.name,
        "events": endpoint.news,
        "format": endpoint.shape,
        "with_person": endpoint.with_person,
        "is_active": endpoint.is_active,
        "secret": unseal(endpoint.secret) if secret else None,
        "created_at": endpoint.created_at,
    }
