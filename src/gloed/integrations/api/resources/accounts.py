"""Accounts: the firms to which persons belong."""

from typing import Annotated, Any

from django.db.models import Count
from ninja import Query, Router, Schema, Status
from pydantic import Field

from gloed.base.keys import Scope
from gloed.integrations.api.ids import ACCOUNT, id_of, read_id
from gloed.integrations.api.keys import needs
from gloed.integrations.api.paging import page_of
from gloed.integrations.api.problems import Problem, not_found
from gloed.integrations.api.schemas import PROBLEMS, After, Body, Limit, Page, Text
from gloed.people import operations as people
from gloed.people.models import Account

router = Router()


class AccountOut(Schema):
    """A firm, and how many of its people we know."""

    id: str
    name: str
    external_id: str
    persons: int


class AccountIn(Body):
    """A firm by its name."""

    name: Annotated[Text, Field(min_length=1, max_length=200)]
    external_id: Annotated[Text, Field(max_length=120)] = ""


@router.get(
    "",
    response={200: Page[AccountOut], **PROBLEMS},
    auth=needs(Scope.READ_PEOPLE),
    operation_id="listAccounts",
)
def list_accounts(
    request: Any, after: After, limit: Limit, name: Annotated[str, Query("", max_length=200)]
) -> dict[str, Any]:
    """Every account, or the one of this name."""
    rows = _accounts(request)
    if name:
        rows = rows.filter(name=name)
    return page_of(rows, after, limit, lambda page: [_shown(account) for account in page])


@router.post(
    "",
    response={200: AccountOut, 201: AccountOut, **PROBLEMS},
    auth=needs(Scope.WRITE_PEOPLE),
    operation_id="upsertAccount",
)
def upsert_account(request: Any, data: AccountIn) -> Status[Any]:
    """Make an account, or give the one of this name its external id."""
    account, is_new = people.find_or_make_account(
        request.organisation, data.name, external_id=data.external_id
    )
    return Status(201 if is_new else 200, _shown(_accounts(request).get(pk=account.pk)))


@router.get(
    "{account_id}",
    response={200: AccountOut, **PROBLEMS},
    auth=needs(Scope.READ_PEOPLE),
    operation_id="getAccount",
)
def get_account(request: Any, account_id: str) -> dict[str, Any]:
    """One account."""
    return _shown(_find(request, account_id))


@router.patch(
    "{account_id}",
    response={200: AccountOut, **PROBLEMS},
    auth=needs(Scope.WRITE_PEOPLE),
    operation_id="changeAccount",
)
def change_account(request: Any, account_id: str, data: AccountIn) -> dict[str, Any]:
    """Another name or external id."""
    account = _find(request, account_id)
    try:
        people.change_account(account, data.name, external_id=data.external_id)
    except people.NameTaken:
        raise Problem("conflict", "Another account has this name.") from None
    return _shown(_find(request, account_id))


def _accounts(request: Any) -> Any:
    return Account.objects.filter(organisation=request.organisation).annotate(
        persons=Count("people")
    )


def _find(request: Any, account_id: str) -> Any:
    account = _accounts(request).filter(public_id=read_id(ACCOUNT, account_id)).first()
    if account is None:
        raise not_found()
    return account


def _shown(account: Any) -> dict[str, Any]:
    return {
        "id": id_of(ACCOUNT, account.public_id),
        "name": account.name,
        "external_id": account.external_id,
        "persons": account.persons,
    }
