"""Keys made and ended on the command line."""

from collections.abc import Iterable, Iterator

from django.utils import timezone

from gloed.base import operations
from gloed.base.keys import HARMLESS, Scope
from gloed.base.models import Organisation
from gloed.base.queries import list_keys
from gloed.integrations.delighted import operations as delighted
from gloed.integrations.delighted.rules import TYPES
from gloed.project.refusals import Refused

SHORTEST_PREFIX = 8


def find_organisation(name: str) -> Organisation:
    """The organisation of this name, or the only one there is; raises Refused otherwise."""
    found = Organisation.objects.filter(name__iexact=name) if name else Organisation.objects.all()
    houses = list(found[:2])
    if len(houses) == 1:
        return houses[0]
    names = ", ".join(Organisation.objects.order_by("name").values_list("name", flat=True)[:20])
    if not names:
        raise Refused("There is no organisation yet; make one with `gloed admin create`.")
    raise Refused(f"Say which organisation with --organisation: {names}.")


def create(organisation: Organisation, name: str, scopes: Iterable[str]) -> str:
    """Make a key with these rights (by default those that show no person); returns its text."""
    wanted = []
    for scope in scopes or HARMLESS:
        if scope not in set(Scope):
            raise Refused(f"“{scope}” is no right of a key. There are: {', '.join(Scope)}.")
        wanted.append(Scope(scope))
    now = timezone.now()
    _key, text = operations.make_key(organisation, name, scopes=wanted, by=None, at=now)
    return text


def create_delighted(organisation: Organisation, project: str, survey_type: str) -> str:
    """Make a key for a project of Delighted's clients, and the project where there is none."""
    if survey_type not in TYPES:
        raise Refused(f"“{survey_type}” is no survey type. There are: {', '.join(TYPES)}.")
    now = timezone.now()
    try:
        found = delighted.make_project(organisation, project[:120], survey_type, by=None, now=now)
    except delighted.AnotherType:
        raise Refused(f"The project {project} asks something else than {survey_type}.") from None
    _key, text = delighted.make_project_key(found, by=None, now=now)
    return text


def lines_of(organisation: Organisation) -> Iterator[str]:
    """A line for each key, the newest first."""
    for key in list_keys(organisation):
        state = "ended" if key.revoked_at else "living"
        used = f"{key.last_used_at:%Y-%m-%d}" if key.last_used_at else "never used"
        scopes = ",".join(key.scopes) or "-"
        yield f"{key.prefix}…  {key.kind:9}  {state:6}  {used:10}  {scopes}  {key.name}"


def revoke(organisation: Organisation, prefix: str) -> str:
    """End the one living key that begins so; returns what was done."""
    keys = list(list_keys(organisation).filter(prefix__startswith=prefix[:10], revoked_at=None)[:2])
    if len(keys) != 1:
        raise Refused(f"{len(keys) or 'No'} living keys begin with {prefix}; nothing was changed.")
    operations.revoke_key(keys[0], by=None, at=timezone.now())
    return f"{keys[0].name} opens nothing any more."
