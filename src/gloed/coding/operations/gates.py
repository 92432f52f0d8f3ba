"""Where the codes of a language model count, and what becomes of an answer's themes by them."""

from collections.abc import Mapping, Sequence

from gloed.base.models import Organisation
from gloed.coding.models import CodebookVersion, ModelCodes, ModelGates
from gloed.coding.rules.counting import Found

LLM = "llm"


def open_gates(organisation: Organisation, version: CodebookVersion) -> dict[str, float]:
    """The themes for which a model's codes count, with how good they are (F1)."""
    gates = ModelGates.objects.filter(organisation=organisation, version=version).first()
    return {key: own for key, own, _other, is_open in gates.gates if is_open} if gates else {}


def codes_of(version: CodebookVersion, answers: Sequence[int]) -> dict[int, frozenset[str]]:
    """What the model said of these answers since this version was published."""
    codes = ModelCodes.objects.filter(answer__in=answers)
    if version.published_at is not None:
        codes = codes.filter(at__gte=version.published_at)
    return {
        answer: frozenset(keys.split()) for answer, keys in codes.values_list("answer_id", "keys")
    }


def with_proposed(
    found: Sequence[Found],
    said: frozenset[str],
    opened: Mapping[str, float],
    *,
    text_value: float,
    scored_value: float,
) -> tuple[Found, ...]:
    """The themes of an answer with the model's word for the themes where its gate is open."""
    kept = {one.theme: one for one in found if one.theme not in opened or one.theme in said}
    for theme in sorted(said & opened.keys() - kept.keys()):
        kept[theme] = Found(theme, text_value, scored_value, opened[theme], LLM)
    return tuple(kept[theme] for theme in sorted(kept))
