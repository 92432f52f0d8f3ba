"""Writing the codebook: an edit makes a draft, publishing freezes it, and every step goes back."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from gloed.base import audit, jobs
from gloed.base.models import Organisation, Staff
from gloed.coding.models import Codebook, CodebookVersion, DraftStep, Theme
from gloed.coding.operations.kinds import PREVIEW, RECODE
from gloed.coding.rules import editing
from gloed.coding.rules.editing import Data, ThemeWords
from gloed.text.codebook_files import read_codebook, shipped_names

LANGUAGES = ("nl", "en", "de")
"""In which a codebook can be edited."""
STEPS = 100
"""So many edits of a draft can be taken back."""


@transaction.atomic
def start(
    organisation: Organisation,
    *,
    packs: Sequence[str] = (),
    languages: Sequence[str] = LANGUAGES,
    staff: Staff | None = None,
    now: datetime,
) -> Codebook:
    """Give an organisation its codebook: the core with packs, published at once.

    Where there is one already it is returned as it is.
    """
    known = Codebook.objects.filter(organisation=organisation).first()
    if known is not None:
        return known
    chosen = [pack for pack in packs if pack in shipped_names() and pack != "core"]
    codebook, is_new = Codebook.objects.get_or_create(
        organisation=organisation,
        defaults={
            "languages": [each for each in languages if each in LANGUAGES] or list(LANGUAGES),
            "packs": chosen,
            "created_at": now,
        },
    )
    if not is_new:  # somebody else was first
        return codebook
    data = editing.started(chosen, codebook.languages)
    version = CodebookVersion.objects.create(
        codebook=codebook, number=1, content=data, digest=digest_of(data), made_by=staff
    )
    _freeze(codebook, version, now=now)
    audit.record(staff, "coding.start", ", ".join(chosen), organisation=organisation, at=now)
    return codebook


def edit_theme(
    codebook: Codebook, key: str, words: ThemeWords, *, staff: Staff | None = None, now: datetime
) -> None:
    """Change what a theme says. Raises EditRefused."""
    edit(
        codebook,
        lambda data: editing.with_theme(data, editing.theme_of(data, key)["id"], words),
        what="edit",
        about=_a_name(words),
        staff=staff,
        now=now,
    )


def add_theme(
    codebook: Codebook, words: ThemeWords, *, staff: Staff | None = None, now: datetime
) -> str:
    """Add a theme and return its key. Raises EditRefused."""
    key = _new_key(codebook, _a_name(words))
    edit(
        codebook,
        lambda data: editing.with_theme(data, key, words),
        what="add",
        about=_a_name(words),
        staff=staff,
        now=now,
    )
    return key


def remove_theme(
    codebook: Codebook, key: str, *, staff: Staff | None = None, now: datetime
) -> None:
    """Take a theme out; its children go up. Raises EditRefused."""
    about = _name_in(codebook, key)
    edit(
        codebook,
        lambda data: editing.without_theme(data, key),
        what="remove",
        about=about,
        staff=staff,
        now=now,
    )


def merge_theme(
    codebook: Codebook, key: str, into: str, *, staff: Staff | None = None, now: datetime
) -> None:
    """Let a theme go into another; codes that people gave go along. Raises EditRefused."""
    about = _name_in(codebook, key)
    edit(
        codebook,
        lambda data: editing.merged(data, key, into),
        what="merge",
        about=about,
        merged={key: into},
        staff=staff,
        now=now,
    )


def split_theme(
    codebook: Codebook,
    key: str,
    *,
    names: dict[str, str],
    lines: set[str],
    staff: Staff | None = None,
    now: datetime,
) -> str:
    """Make a theme of its own of chosen seeds; returns its key. Raises EditRefused."""
    made = _new_key(codebook, next((name for name in names.values() if name), ""))
    about = _name_in(codebook, key)
    edit(
        codebook,
        lambda data: editing.split(data, key, new_key=made, names=names, lines=lines),
        what="split",
        about=about,
        staff=staff,
        now=now,
    )
    return made


def add_pack(codebook: Codebook, pack: str, *, staff: Staff | None = None, now: datetime) -> None:
    """Lay a pack over the draft. Raises EditRefused for an unknown one."""
    if pack not in shipped_names():
        raise editing.EditRefused(editing.Refused.GONE)
    edit(
        codebook,
        lambda data: editing.with_pack(data, pack, codebook.languages),
        what="pack",
        about=pack,
        staff=staff,
        now=now,
    )
    if pack not in codebook.packs:
        codebook.packs = [*codebook.packs, pack]
        codebook.save(update_fields=["packs"])


def import_text(
    codebook: Codebook, text: str, *, staff: Staff | None = None, now: datetime
) -> None:
    """Put what a TOML text says in the place of the draft. Raises BadCodebook, EditRefused."""
    read = editing.as_data(read_codebook(text))
    edit(codebook, lambda _data: read, what="import", about="", staff=staff, now=now)


@transaction.atomic
def edit(
    codebook: Codebook,
    change: Callable[[Data], Data],
    *,
    what: str,
    about: str,
    merged: dict[str, str] | None = None,
    staff: Staff | None = None,
    now: datetime,
) -> CodebookVersion:
    """Change the draft, making one from the published version where there is none."""
    codebook = Codebook.objects.select_for_update().get(pk=codebook.pk)
    draft = draft_of(codebook) or _new_draft(codebook, staff)
    before, before_merged = draft.content, draft.merged
    draft.content = change(draft.content)
    draft.merged = {**draft.merged, **(merged or {})}
    digest = digest_of(draft.content)
    if digest == draft.digest and draft.content == before:
        if not draft.steps.exists():
            draft.delete()  # nothing was changed: no draft for that
        return draft
    DraftStep.objects.create(
        version=draft, content=before, merged=before_merged, what=what, about=about[:120], at=now
    )
    _forget_old_steps(draft)
    draft.digest = digest
    draft.save(update_fields=["content", "merged", "digest"])
    ask_preview(codebook, now=now)
    return draft


@transaction.atomic
def undo(codebook: Codebook, *, now: datetime) -> bool:
    """Take the last edit of the draft back; False where there is none."""
    codebook = Codebook.objects.select_for_update().get(pk=codebook.pk)
    draft = draft_of(codebook)
    step = draft.steps.order_by("-pk").first() if draft else None
    if draft is None or step is None:
        return False
    draft.content, draft.merged = step.content, step.merged
    draft.digest = digest_of(draft.content)
    step.delete()
    if not draft.steps.exists() and _is_as_published(codebook, draft):
        draft.delete()
        return True
    draft.save(update_fields=["content", "merged", "digest"])
    ask_preview(codebook, now=now)
    return True


@transaction.atomic
def discard(codebook: Codebook) -> None:
    """Throw the draft away; the published version goes on."""
    codebook = Codebook.objects.select_for_update().get(pk=codebook.pk)
    draft = draft_of(codebook)
    if draft is not None:
        draft.delete()


@transaction.atomic
def publish(
    codebook: Codebook, *, staff: Staff | None = None, now: datetime
) -> CodebookVersion | None:
    """Freeze the draft, let it code from now on and have all history coded anew."""
    codebook = Codebook.objects.select_for_update().get(pk=codebook.pk)
    draft = draft_of(codebook)
    if draft is None:
        return None
    editing.as_codebook(draft.content)  # what is published has passed every check
    _freeze(codebook, draft, now=now)
    organisation = codebook.organisation
    audit.record(staff, "coding.publish", draft.number, organisation=organisation, at=now)
    return draft


@transaction.atomic
def restore(
    codebook: Codebook, number: int, *, staff: Staff | None = None, now: datetime
) -> CodebookVersion:
    """Publish what an earlier version said, as a new one. Raises EditRefused.

    A draft is left as it is: it goes after the new version.
    """
    codebook = Codebook.objects.select_for_update().get(pk=codebook.pk)
    old = codebook.versions.filter(number=number, published_at__isnull=False).first()
    if old is None:
        raise editing.EditRefused(editing.Refused.GONE)
    draft = draft_of(codebook)
    number = _next_number(codebook)
    if draft is not None:
        draft.number = number + 1
        draft.save(update_fields=["number"])
    version = CodebookVersion.objects.create(
        codebook=codebook,
        number=number,
        content=old.content,
        digest=old.digest,
        made_by=staff,
    )
    _freeze(codebook, version, now=now)
    organisation = codebook.organisation
    audit.record(staff, "coding.restore", old.number, organisation=organisation, at=now)
    return version


def recode(codebook: Codebook, *, now: datetime) -> None:
    """Have everything coded that is not up to date."""
    organisation = codebook.organisation_id
    jobs.enqueue(RECODE, now=now, organisation=organisation, key=f"{RECODE}:{organisation}")


def ask_preview(codebook: Codebook, *, now: datetime) -> None:
    """Have a worker tell what the draft would change."""
    organisation = codebook.organisation_id
    jobs.enqueue(PREVIEW, now=now, organisation=organisation, key=f"{PREVIEW}:{organisation}")


def draft_of(codebook: Codebook) -> CodebookVersion | None:
    """The version that is being edited."""
    return codebook.versions.filter(published_at=None).first()


def digest_of(data: Data) -> str:
    """The version of what a codebook says; equal content, equal digest. Raises EditRefused."""
    return editing.as_codebook(data).version


def _freeze(codebook: Codebook, version: CodebookVersion, *, now: datetime) -> None:
    version.published_at = now
    version.preview = None
    version.save(update_fields=["published_at", "preview"])
    DraftStep.objects.filter(version=version).delete()
    codebook.published = version
    codebook.save(update_fields=["published"])
    _write_themes(codebook, version)
    recode(codebook, now=now)


def _write_themes(codebook: Codebook, version: CodebookVersion) -> None:
    """Bring the themes into line with what was just published."""
    organisation = codebook.organisation
    known = {theme.key: theme for theme in Theme.objects.filter(organisation=organisation)}
    general = set(version.content["codebook"].get("general", []))
    for position, said in enumerate(version.content["theme"]):
        theme = known.get(said["id"]) or Theme(organisation=organisation, key=said["id"])
        theme.position, theme.names = position, said["names"]
        theme.definition, theme.parent_key = said.get("definition", {}), said.get("parent", "")
        theme.is_general, theme.is_live = said["id"] in general, True
        theme.merged_into = None
        theme.save()
        known[theme.key] = theme
    live = {said["id"] for said in version.content["theme"]}
    for key, theme in known.items():
        if key not in live and (theme.is_live or key in version.merged):
            theme.is_live = False
            theme.merged_into = known.get(editing.resolve(version.merged, key))
            if theme.merged_into == theme:
                theme.merged_into = None
            theme.save(update_fields=["is_live", "merged_into"])


def _new_draft(codebook: Codebook, staff: Staff | None) -> CodebookVersion:
    published = codebook.published
    if published is None:
        raise editing.EditRefused(editing.Refused.GONE)
    return CodebookVersion.objects.create(
        codebook=codebook,
        number=_next_number(codebook),
        content=published.content,
        digest=published.digest,
        made_by=staff,
    )


def _next_number(codebook: Codebook) -> int:
    published = codebook.versions.filter(published_at__isnull=False)
    highest = published.aggregate(highest=Max("number"))["highest"]
    return 1 + (highest or 0)


def _is_as_published(codebook: Codebook, draft: CodebookVersion) -> bool:
    return codebook.published is not None and codebook.published.content == draft.content


def _forget_old_steps(draft: CodebookVersion) -> None:
    old = draft.steps.order_by("-pk").values_list("pk", flat=True)[STEPS:]
    DraftStep.objects.filter(pk__in=list(old)).delete()


def _new_key(codebook: Codebook, name: str) -> str:
    version = draft_of(codebook) or codebook.published
    data = version.content if version else {"theme": []}
    taken = Theme.objects.filter(organisation=codebook.organisation_id)
    return editing.new_key(data, name, taken.values_list("key", flat=True))


def _name_in(codebook: Codebook, key: str) -> str:
    version = draft_of(codebook) or codebook.published
    for theme in version.content["theme"] if version else ():
        if theme["id"] == key:
            return str(next(iter(theme["names"].values()), key))
    return key


def _a_name(words: ThemeWords) -> str:
    return next((name for name in words.names.values() if name), "")
