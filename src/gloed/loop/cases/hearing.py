"""What is known of answers when it is decided whether a case opens: read for many at once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from gloed.coding.models import CodedVerbatim, Mention
from gloed.loop.cases.operations.opening import traits_of
from gloed.loop.cases.rules import Heard
from gloed.loop.cases.worth import Worth, worth_of
from gloed.responses.models import Answer, Consent, Response
from gloed.surveys.rules import RATING_POSITION, Metric, Purpose, Scale, band_of

LOOKED_AT = ("organisation", "survey__touchpoint", "touchpoint", "team", "person__account")


def heard_in(responses: Sequence[Response], *, with_worth: bool = False) -> dict[int, Heard]:
    """By the key of a response: its band, rating, words, themes, consent, and who gave it.

    Takes the same few queries however many they are. The responses come with LOOKED_AT, and are of
    one organisation. What a customer is worth is only looked up where somebody asks for it.
    """
    keys = [one.pk for one in responses]
    answers = _answers_of(keys)
    willing = set(
        Consent.objects.filter(
            response__in=keys, purpose=Purpose.CONTACT, withdrawn_at=None
        ).values_list("response_id", flat=True)
    )
    themes = themes_of(keys)
    worths = _worths(responses) if with_worth else {}
    return {
        one.pk: _heard(
            one,
            answers[one.pk],
            themes.get(one.pk, frozenset()),
            one.pk in willing,
            worths.get(one.person_id or 0),
        )
        for one in responses
    }


def _worths(responses: Sequence[Response]) -> dict[int, Worth]:
    people = {one.person.pk: one.person for one in responses if one.person is not None}
    return worth_of(responses[0].organisation_id, list(people.values())) if people else {}


def themes_of(keys: Sequence[int]) -> dict[int, frozenset[str]]:
    """By the key of a response: the themes it speaks of, save those it only praises."""
    found: dict[int, set[str]] = defaultdict(set)
    mentions = Mention.objects.filter(answer__response__in=keys, polarity_scored__lte=0)
    for response, theme in mentions.values_list("answer__response_id", "theme__key"):
        found[response].add(theme)
    return {response: frozenset(keys_) for response, keys_ in found.items()}


def waiting_for_themes(responses: Sequence[Response]) -> set[int]:
    """Which of these have words that the codebook has not read yet in their present form."""
    updated = {one.pk: one.updated_at for one in responses}
    worded = set(
        Answer.objects.filter(response__in=updated)
        .exclude(verbatim="")
        .values_list("response_id", flat=True)
    )
    read = CodedVerbatim.objects.filter(response__in=worded).values_list("response_id", "said_at")
    current = {response for response, said_at in read if said_at == updated[response]}
    return worded - current


def rating_of(answers: Sequence[Mapping[str, Any]], response: Response) -> tuple[str, int | None]:
    """The band and the rating among the answers of a response; "" and None where there is none."""
    rated = next((row for row in answers if row["question__position"] == RATING_POSITION), None)
    if rated is None or rated["rating"] is None or rated["question__scale_minimum"] is None:
        return "", None
    scale = Scale(
        rated["question__scale_minimum"],
        rated["question__scale_maximum"],
        rated["question__high_is_good"],
    )
    rating = int(rated["rating"])
    return (
        band_of(Metric(response.survey.metric), scale, rating).value if rating in scale else "",
        rating,
    )


def _answers_of(keys: Sequence[int]) -> Mapping[int, list[dict[str, Any]]]:
    rows = Answer.objects.filter(response__in=keys).values(
        "response_id",
        "rating",
        "verbatim",
        "question__position",
        "question__scale_minimum",
        "question__scale_maximum",
        "question__high_is_good",
    )
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows.order_by("question__position"):
        found[row["response_id"]].append(dict(row))
    return found


def _heard(
    response: Response,
    answers: Sequence[Mapping[str, Any]],
    themes: frozenset[str],
    has_consent: bool,
    worth: Worth | None,
) -> Heard:
    band, rating = rating_of(answers, response)
    touchpoint = response.touchpoint or response.survey.touchpoint
    return Heard(
        band=band,
        rating=rating,
        has_consent=has_consent,
        words="\n".join(row["verbatim"] for row in answers if row["verbatim"]),
        themes=themes,
        traits=traits_of(response.person, response.attributes),
        survey=str(response.survey.public_id),
        touchpoint=str(touchpoint.public_id) if touchpoint else "",
        worth=worth.amount if worth else None,
        currency=worth.currency if worth else "",
        is_of_colleagues=response.survey.metric == Metric.ENPS,
    )
