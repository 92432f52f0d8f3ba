"""The codebook: its themes, what the draft would change, versions, packs and files."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gloed.base.language_model import configured
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.undo import offer_undo, take_undo
from gloed.coding import queries
from gloed.coding.forms import (
    LANGUAGE_NAMES,
    LONGEST_FILE,
    PACK_NAMES,
    FileForm,
    ThemeForm,
    initial_of,
)
from gloed.coding.models import Codebook, CodebookVersion
from gloed.coding.operations import codebook as books
from gloed.coding.operations import proposing
from gloed.coding.rules import editing
from gloed.coding.rules.editing import EditRefused
from gloed.coding.views.sentences import sentence_of
from gloed.text.codebook_files import BadCodebook, write_codebook

MAY = "coding.edit_codebook"


@require_GET
@staff_may(MAY)
def codebook(request: StaffRequest) -> HttpResponse:
    """All themes as they are edited now, and what publishing them would change."""
    return _page(request, _own(request), FileForm())


@require_GET
@staff_may(MAY)
def preview(request: StaffRequest) -> HttpResponse:
    """What the draft would change, as soon as it is known, for the page that watches."""
    book = _own(request)
    if not request.htmx:
        return redirect("coding:codebook")
    return render_page(request, "coding/parts/preview.html", _draft_context(book))


@require_http_methods(["GET", "POST"])
@staff_may(MAY)
def add(request: StaffRequest) -> HttpResponse:
    """A theme of one's own."""
    book = _own(request)
    form = _form(request, book, "")
    if request.method == "POST" and form.is_valid():
        try:
            books.add_theme(book, form.words, staff=request.user, now=timezone.now())
        except EditRefused as refused:
            form.add_error(None, sentence_of(refused))
        else:
            return _edited(request, _("The theme is in the draft."))
    return _theme_page(request, book, form, "")


@require_http_methods(["GET", "POST"])
@staff_may(MAY)
def edit(request: StaffRequest, key: str) -> HttpResponse:
    """What a theme says."""
    book = _own(request)
    theme = _theme(book, key)
    form = _form(request, book, key)
    if request.method == "POST" and form.is_valid():
        try:
            books.edit_theme(book, key, form.words, staff=request.user, now=timezone.now())
        except EditRefused as refused:
            form.add_error(None, sentence_of(refused))
        else:
            text = _("“%(name)s” was changed in the draft.") % {"name": _name(theme)}
            return _edited(request, text)
    return _theme_page(request, book, form, key)


@require_POST
@staff_may(MAY)
def merge(request: StaffRequest, key: str) -> HttpResponse:
    """Let a theme go into another one."""
    book = _own(request)
    theme = _theme(book, key)
    into = request.POST.get("into", "")
    return _try(
        request,
        lambda: books.merge_theme(book, key, into, staff=request.user, now=timezone.now()),
        _("“%(name)s” went into another theme.") % {"name": _name(theme)},
        back=reverse("coding:edit", args=[key]),
    )


@require_POST
@staff_may(MAY)
def split(request: StaffRequest, key: str) -> HttpResponse:
    """Make a theme of its own of some of the words."""
    book = _own(request)
    _theme(book, key)
    names = {
        language: request.POST.get(f"name_{language}", "").strip()[:80]
        for language in book.languages
    }
    lines = set(request.POST.getlist("seed"))
    return _try(
        request,
        lambda: books.split_theme(
            book, key, names=names, lines=lines, staff=request.user, now=timezone.now()
        ),
        _("The chosen words are a theme of their own now."),
        back=reverse("coding:edit", args=[key]),
    )


@require_POST
@staff_may(MAY)
def ask_words(request: StaffRequest, key: str) -> HttpResponse:
    """Have the language model draft a theme's words in another language."""
    book = _own(request)
    _theme(book, key)
    language = request.POST.get("language", "")
    if configured() is None or language not in book.languages:
        return redirect("coding:edit", key)
    proposing.ask_for_words(book, key, language, now=timezone.now())
    messages.info(request, _("The model is asked; what it says comes into the draft."))
    return redirect("coding:codebook")


@require_POST
@staff_may(MAY)
def remove(request: StaffRequest, key: str) -> HttpResponse:
    """Take a theme out of the draft."""
    book = _own(request)
    theme = _theme(book, key)
    return _try(
        request,
        lambda: books.remove_theme(book, key, staff=request.user, now=timezone.now()),
        _("“%(name)s” is out of the draft.") % {"name": _name(theme)},
    )


@require_POST
@staff_may(MAY)
def undo(request: StaffRequest) -> HttpResponse:
    """Take the last edit of the draft back."""
    if not books.undo(_own(request), now=timezone.now()):
        messages.info(request, _("There is nothing to take back."))
    return redirect("coding:codebook")


@require_POST
@staff_may(MAY)
def discard(request: StaffRequest) -> HttpResponse:
    """Throw the draft away."""
    books.discard(_own(request))
    messages.success(request, _("The draft is gone; the codebook is as it was published."))
    return redirect("coding:codebook")


@require_POST
@staff_may(MAY)
def publish(request: StaffRequest) -> HttpResponse:
    """Let the draft code from now on, and have all history read again."""
    book = _own(request)
    before = book.published
    version = books.publish(book, staff=request.user, now=timezone.now())
    if version is None:
        messages.info(request, _("There is no draft to publish."))
        return redirect("coding:codebook")
    if before is not None:
        text = _("Version %(number)s counts from now on.") % {"number": version.number}
        offer_undo(request, text, reverse("coding:restore", args=[before.number]))
    return redirect("coding:codebook")


@require_POST
@staff_may(MAY)
def restore(request: StaffRequest, number: int) -> HttpResponse:
    """Publish what an earlier version said."""
    book = _own(request)
    if not book.versions.filter(number=number, published_at__isnull=False).exists():
        raise Http404
    version = books.restore(book, number, staff=request.user, now=timezone.now())
    text = _("Version %(number)s says again what version %(old)s said.")
    messages.success(request, text % {"number": version.number, "old": number})
    return redirect("coding:codebook")


@require_POST
@staff_may(MAY)
def add_pack(request: StaffRequest) -> HttpResponse:
    """Add the themes of a trade."""
    book = _own(request)
    pack = request.POST.get("pack", "")
    return _try(
        request,
        lambda: books.add_pack(book, pack, staff=request.user, now=timezone.now()),
        _("The themes of “%(name)s” are in the draft.") % {"name": PACK_NAMES.get(pack, pack)},
    )


@require_GET
@staff_may(MAY)
def export(request: StaffRequest) -> HttpResponseBase:
    """The codebook as it is edited now, in the form that comes in again."""
    book = _own(request)
    version = _present(book)
    text = write_codebook(editing.as_codebook(version.content))
    response = HttpResponse(text, content_type="application/toml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="codebook-{version.number}.toml"'
    return response


@require_POST
@staff_may(MAY)
def bring_in(request: StaffRequest) -> HttpResponse:
    """Put a file in the place of the draft."""
    book = _own(request)
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, book, form, status=422)
    given = form.cleaned_data["file"]
    problems: tuple[str, ...] = ()
    try:
        text = given.read(LONGEST_FILE).decode("utf-8")
        books.import_text(book, text, staff=request.user, now=timezone.now())
    except (BadCodebook, EditRefused) as problem:
        problems = problem.problems
        form.add_error("file", _("This file cannot be used as it stands; nothing was changed."))
    except UnicodeDecodeError:
        form.add_error("file", _("This is not a text file in UTF-8; nothing was changed."))
    else:
        return _edited(request, _("The file is in the draft."))
    return _page(request, book, form, problems=problems, status=422)


@require_POST
@staff_may(MAY)
def recode(request: StaffRequest) -> HttpResponse:
    """Have whatever is not up to date read again."""
    books.recode(_own(request), now=timezone.now())
    return redirect("coding:codebook")


def _own(request: StaffRequest) -> Codebook:
    book = queries.find_codebook(request.organisation)
    if book is None:
        raise Http404
    return book


def _present(book: Codebook) -> CodebookVersion:
    """The draft, or what is published where nothing is being edited."""
    version = books.draft_of(book) or book.published
    if version is None:
        raise Http404
    return version


def _theme(book: Codebook, key: str) -> editing.Data:
    try:
        return editing.theme_of(_present(book).content, key)
    except EditRefused:
        raise Http404 from None


def _name(theme: editing.Data) -> str:
    names = theme["names"]
    language = (get_language() or "en")[:2]
    return str(names.get(language) or names.get("en") or next(iter(names.values())))


def _page(
    request: StaffRequest,
    book: Codebook,
    form: FileForm,
    *,
    problems: tuple[str, ...] = (),
    status: int = 200,
) -> HttpResponse:
    version = _present(book)
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
        **_draft_context(book),
    }
    return render_page(request, "coding/codebook.html", context, status=status)


def _draft_context(book: Codebook) -> dict[str, Any]:
    """What the draft would change, in words of the page."""
    draft = books.draft_of(book)
    if draft is None:
        return {"draft": None}
    is_known = draft.preview is not None and draft.preview_digest == draft.digest
    found: editing.Data = draft.preview if is_known and draft.preview else {"n": 0, "themes": {}}
    names = {theme["id"]: _name(theme) for theme in draft.content["theme"]}
    if book.published is not None:
        names = {t["id"]: _name(t) for t in book.published.content["theme"]} | names
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
                    "name": _name(theme),
                    "is_child": depth > 0,
                    "seeds": number,
                    "languages": ", ".join(LANGUAGE_NAMES.get(each, each) for each in spoken),
                }
            )
            add(theme["id"], depth + 1)

    add("", 0)
    return found


def _form(request: StaffRequest, book: Codebook, key: str) -> ThemeForm:
    content = _present(book).content
    parents = [(theme["id"], _name(theme)) for theme in content["theme"] if theme["id"] != key]
    general = content["codebook"].get("general", [])
    initial = initial_of(_theme(book, key), is_general=key in general) if key else {}
    return ThemeForm(
        request.POST if request.method == "POST" else None,
        languages=book.languages,
        parents=sorted(parents, key=lambda pair: pair[1].lower()),
        initial=initial,
    )


def _theme_page(request: StaffRequest, book: Codebook, form: ThemeForm, key: str) -> HttpResponse:
    theme: editing.Data = _theme(book, key) if key else {"names": {}, "seeds": {}}
    context = {
        "form": form,
        "key": key,
        "name": _name(theme) if key else "",
        "others": form.fields["parent"].choices[1:],  # type: ignore[attr-defined]  # a ChoiceField
        "languages": [(each, LANGUAGE_NAMES.get(each, each)) for each in book.languages],
        "wordless": [
            (each, LANGUAGE_NAMES.get(each, each))
            for each in book.languages
            if key and configured() is not None and not _seeds_of(theme, each)
        ],
        "seeds": [
            (f"{language} {kind} {entry}", _line(kind, entry), language)
            for language in book.languages
            for kind, entries in _seeds_of(theme, language).items()
            if kind != "not"
            for entry in entries
        ],
    }
    status = 422 if form.is_bound else 200
    return render_page(request, "coding/edit.html", context, status=status)


def _seeds_of(theme: editing.Data, language: str) -> dict[str, list[str]]:
    seeds: dict[str, list[str]] = theme.get("seeds", {}).get(language, {})
    return seeds


def _line(kind: str, entry: str) -> str:
    return f"{entry}*" if kind == "prefixes" else entry


def _try(request: StaffRequest, change: Any, done: str, *, back: str = "") -> HttpResponse:
    """Make an edit and offer the way back, or say why it cannot be made."""
    try:
        change()
    except EditRefused as refused:
        messages.warning(request, sentence_of(refused))
        return redirect(back or "coding:codebook")
    return _edited(request, done)


def _edited(request: StaffRequest, text: str) -> HttpResponse:
    offer_undo(request, text, reverse("coding:undo"))
    return redirect("coding:codebook")
