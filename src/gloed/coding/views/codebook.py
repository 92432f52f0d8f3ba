"""The codebook: its themes, what the draft would change, versions, packs and files."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gloed.base.language_model import configured
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.coding.forms import (
    LANGUAGE_NAMES,
    FileForm,
    ThemeForm,
    initial_of,
)
from gloed.coding.models import Codebook
from gloed.coding.operations import codebook as books
from gloed.coding.operations import proposing
from gloed.coding.rules import editing
from gloed.coding.rules.editing import EditRefused
from gloed.coding.views.drafting import (
    MAY,
    codebook_page,
    draft_context,
    edited,
    name_of,
    own_book,
    present_version,
    try_edit,
)
from gloed.coding.views.sentences import sentence_of


@require_safe
@staff_may(MAY)
def codebook(request: StaffRequest) -> HttpResponse:
    """All themes as they are edited now, and what publishing them would change."""
    return codebook_page(request, own_book(request), FileForm())


@require_safe
@staff_may(MAY)
def preview(request: StaffRequest) -> HttpResponse:
    """What the draft would change, as soon as it is known, for the page that watches."""
    book = own_book(request)
    if not request.htmx:
        return redirect("coding:codebook")
    return render_page(request, "coding/parts/preview.html", draft_context(book))


@require_http_methods(["GET", "POST"])
@staff_may(MAY)
def add(request: StaffRequest) -> HttpResponse:
    """A theme of one's own."""
    book = own_book(request)
    form = _form(request, book, "")
    if request.method == "POST" and form.is_valid():
        try:
            books.add_theme(book, form.words, staff=request.user, now=timezone.now())
        except EditRefused as refused:
            form.add_error(None, sentence_of(refused))
        else:
            return edited(request, _("The theme is in the draft."))
    return _theme_page(request, book, form, "")


@require_http_methods(["GET", "POST"])
@staff_may(MAY)
def edit(request: StaffRequest, key: str) -> HttpResponse:
    """What a theme says."""
    book = own_book(request)
    theme = _theme(book, key)
    form = _form(request, book, key)
    if request.method == "POST" and form.is_valid():
        try:
            books.edit_theme(book, key, form.words, staff=request.user, now=timezone.now())
        except EditRefused as refused:
            form.add_error(None, sentence_of(refused))
        else:
            text = _("“%(name)s” was changed in the draft.") % {"name": name_of(theme)}
            return edited(request, text)
    return _theme_page(request, book, form, key)


@require_POST
@staff_may(MAY)
def merge(request: StaffRequest, key: str) -> HttpResponse:
    """Let a theme go into another one."""
    book = own_book(request)
    theme = _theme(book, key)
    into = request.POST.get("into", "")
    return try_edit(
        request,
        lambda: books.merge_theme(book, key, into, staff=request.user, now=timezone.now()),
        _("“%(name)s” went into another theme.") % {"name": name_of(theme)},
        back=reverse("coding:edit", args=[key]),
    )


@require_POST
@staff_may(MAY)
def split(request: StaffRequest, key: str) -> HttpResponse:
    """Make a theme of its own of some of the words."""
    book = own_book(request)
    _theme(book, key)
    names = {
        language: request.POST.get(f"name_{language}", "").strip()[:80]
        for language in book.languages
    }
    lines = set(request.POST.getlist("seed"))
    return try_edit(
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
    book = own_book(request)
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
    book = own_book(request)
    theme = _theme(book, key)
    return try_edit(
        request,
        lambda: books.remove_theme(book, key, staff=request.user, now=timezone.now()),
        _("“%(name)s” is out of the draft.") % {"name": name_of(theme)},
    )


def _theme(book: Codebook, key: str) -> editing.Data:
    try:
        return editing.theme_of(present_version(book).content, key)
    except EditRefused:
        raise Http404 from None


def _form(request: StaffRequest, book: Codebook, key: str) -> ThemeForm:
    content = present_version(book).content
    parents = [(theme["id"], name_of(theme)) for theme in content["theme"] if theme["id"] != key]
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
        "name": name_of(theme) if key else "",
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
