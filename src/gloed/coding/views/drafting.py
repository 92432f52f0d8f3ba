"""What the pages of the codebook share: whose it is, what is being edited, and how an edit ends."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language

from gloed.base.policy import StaffRequest
from gloed.base.rendering import render_page
from gloed.base.undo import offer_undo, take_undo
from gloed.coding import queries
from gloed.coding.forms import LANGUAGE_NAMES, PACK_NAMES, FileForm
from gloed.coding.models import Codebook, CodebookVersion
from gloed.coding.operations import codebook as books
from gloed.coding.rules import editing
from gloed.coding.rules.editing import EditRefused
from gloed.coding.views.sentences import sentence_of

MAY = "coding.edit_codebook"


def own_book(request: StaffRequest) -> Codebook:
    """The organisation's codebook; a page that does not exist where there is none."""
    book = queries.find_codebook(request.organisation)
    if book is None:
        raise Http404
    return book


def present_version(book: Codebook) -> CodebookVersion:
    """The draft, or what is published where nothing is being edited."""
    version = books.draft_of(book) or book.published
    if version is None:
        raise Http404
    return version


def name_of(theme: editing.Data) -> str:
    """The name of a theme in the language of the reader."""
    names = theme["names"]
    language = (get_language() or "en")[:2]
    return str(names.get(language) or names.get("en") or next(iter(names.values())))


def codebook_page(
    request: StaffRequest,
    book: Codebook,
    form: FileForm,
    *,
    problems: tuple[str, ...] = (),
    status: int = 200,
) -> HttpResponse:
    """All themes as they are edited now, with versions, packs and files beside them."""
    version = present_version(book)
    themes = version.content["theme"]
    here = {theme["id"] for theme in themes}
    packs = [(name, str(words)) for name, words in PACK_NAMES.items() if name not in book.packs]
    versions = book.versions.filter(published_at__isnull=False).select_related("made_by")
    context = {
        "themes": _family(themes),
        "version": version,
        "published": book.published,
        "versions": list(versions.order_by("-number")[:20]),
        "packs": packs,
        "form": form,
        "problems": problems,
        "number": len(here),
        "work": queries.recode_job(request.organisation),
        "undo": take_undo(request),
        **draft_context(book),
    }
    return render_page(request, "coding/codebook.html", context, status=status)


def draft_context(book: Codebook) -> dict[str, Any]:
    """What the draft would change, in words of the page."""
    draft = books.draft_of(book)
    if draft is None:
        return {"draft": None}
    is_known = draft.preview is not None and draft.preview_digest == draft.digest
    found: editing.Data = draft.preview if is_known and draft.preview else {"n": 0, "themes": {}}
    names = {theme["id"]: name_of(theme) for theme in draft.content["theme"]}
    if book.published is not None:
        names = {t["id"]: name_of(t) for t in book.published.content["theme"]} | names
    changes = [
        (names.get(key, key), gained, lost) for key, (gained, lost) in found["themes"].items()
    ]
    return {
        "draft": draft,
        "is_known": is_known,
        "looked_at": found["n"],
        "changes": sorted(changes, key=lambda each: (-each[1] - each[2], each[0])),
        "steps": draft.steps.count(),
    }


def _family(themes: list[editing.Data]) -> list[dict[str, Any]]:
    """Themes in their order, children beneath their parents."""
    here = {theme["id"] for theme in themes}
    beneath: dict[str, list[editing.Data]] = {}
    for theme in themes:
        parent = theme.get("parent", "")
        beneath.setdefault(parent if parent in here else "", []).append(theme)
    found: list[dict[str, Any]] = []

    def add(parent: str, depth: int) -> None:
        for theme in beneath.get(parent, ()):
            seeds = theme.get("seeds", {})
            number = sum(len(entries) for each in seeds.values() for entries in each.values())
            spoken = sorted(seeds)
            found.append(
                {
                    "key": theme["id"],
                    "name": name_of(theme),
                    "is_child": depth > 0,
                    "seeds": number,
                    "languages": ", ".join(LANGUAGE_NAMES.get(each, each) for each in spoken),
                }
            )
            add(theme["id"], depth + 1)

    add("", 0)
    return found


def try_edit(request: StaffRequest, change: Any, done: str, *, back: str = "") -> HttpResponse:
    """Make an edit and offer the way back, or say why it cannot be made."""
    try:
        change()
    except EditRefused as refused:
        messages.warning(request, sentence_of(refused))
        return redirect(back or "coding:codebook")
    return edited(request, done)


def edited(request: StaffRequest, text: str) -> HttpResponse:
    """Say what was done, offer the way back, and show the codebook."""
    offer_undo(request, text, reverse("coding:undo"))
    return redirect("coding:codebook")
