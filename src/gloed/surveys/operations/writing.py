"""Storing content as the rows of a version: questions, options, words, thanks."""

from collections.abc import Iterator

from gloed.surveys.models import (
    Option,
    OptionWording,
    Question,
    SurveyVersion,
    ThanksWording,
    Wording,
)
from gloed.surveys.rules import (
    FIRST_FURTHER,
    OPEN_KEY,
    OPEN_POSITION,
    RATING_KEY,
    RATING_POSITION,
    Content,
    Further,
    OpenWords,
    QuestionWords,
    Thanks,
    ThanksWords,
    as_stored,
)


def write_content(version: SurveyVersion, content: Content) -> None:
    """Make this what an unpublished version asks, in place of what it asked before."""
    version.questions.all().delete()
    version.thanks_wordings.all().delete()
    rating = Question.objects.create(
        version=version,
        position=RATING_POSITION,
        kind=content.metric,
        key=RATING_KEY,
        scale_minimum=content.scale.minimum,
        scale_maximum=content.scale.maximum,
        high_is_good=content.scale.high_is_good,
        presentation=content.presentation,
    )
    opened = Question.objects.create(
        version=version, position=OPEN_POSITION, kind=Question.Kind.OPEN, key=OPEN_KEY
    )
    wordings = [_wording(rating, language, words) for language, words in content.rating.items()]
    for language, open_words in content.open.items():
        wordings += _open_wordings(opened, language, open_words)
    for position, further in enumerate(content.further, start=FIRST_FURTHER):
        question = _write_further(version, position, further)
        wordings += [
            _wording(question, language, words) for language, words in further.words.items()
        ]
    Wording.objects.bulk_create(wordings)
    ThanksWording.objects.bulk_create(
        wording
        for language, thanks in content.thanks.items()
        for wording in _thanks_wordings(version, language, thanks)
    )


def _wording(question: Question, language: str, words: QuestionWords) -> Wording:
    return Wording(
        question=question,
        language=language,
        text=words.text,
        low_label=words.low_label,
        high_label=words.high_label,
        hint=words.hint,
        other=words.other,
    )


def _open_wordings(question: Question, language: str, words: OpenWords) -> list[Wording]:
    texts: dict[str, str] = {"": words.everybody}
    texts |= {band.value: text for band, text in words.by_band.items()}
    return [
        Wording(question=question, language=language, band=band, text=text)
        for band, text in texts.items()
        if text or not band
    ]


def _write_further(version: SurveyVersion, position: int, further: Further) -> Question:
    scale = further.scale
    question = Question.objects.create(
        version=version,
        position=position,
        kind=further.kind,
        key=further.key,
        scale_minimum=scale.minimum if scale else None,
        scale_maximum=scale.maximum if scale else None,
        high_is_good=scale.high_is_good if scale else True,
        metric=further.metric or "",
        presentation=further.presentation,
        has_other=further.has_other,
        is_shuffled=further.is_shuffled,
        most=further.most,
        purpose=further.purpose or "",
        contact_fields=[one.value for one in further.fields],
        show_if=as_stored(further.show_if),
        starts_page=further.starts_page,
    )
    options = Option.objects.bulk_create(
        Option(question=question, position=place, key=option.key, is_fixed=option.is_fixed)
        for place, option in enumerate(further.options, start=1)
    )
    OptionWording.objects.bulk_create(
        OptionWording(option=option, language=language, text=words.options[option.key])
        for option in options
        for language, words in further.words.items()
        if words.options.get(option.key)
    )
    return question


def _thanks_wordings(
    version: SurveyVersion, language: str, thanks: Thanks
) -> Iterator[ThanksWording]:
    found: dict[str, ThanksWords | None] = {"": thanks.everybody}
    found |= {band.value: words for band, words in thanks.by_band.items()}
    for band, words in found.items():
        if words is not None and (words.text or words.link):
            yield ThanksWording(
                version=version,
                language=language,
                band=band,
                text=words.text,
                link=words.link,
                link_label=words.link_label,
            )
