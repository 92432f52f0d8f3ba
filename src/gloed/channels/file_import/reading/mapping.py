"""Proposing what each free column is, by words and by data (R13), and the user's word (R14)."""

from collections.abc import Iterable, Mapping
from itertools import chain

from gloed.channels.file_import.reading import words
from gloed.channels.file_import.reading.cells import text_of
from gloed.channels.file_import.reading.plans import Remark, Why
from gloed.channels.file_import.reading.scores import (
    AGREEMENT_LABELS,
    NO_ANSWER,
    SATISFACTION_LABELS,
    fold,
    number_in,
)
from gloed.channels.file_import.reading.tables import (
    ColumnFacts,
    Header,
    Layout,
    ScoreColumn,
    ScoreSwitch,
)
from gloed.channels.file_import.reading.values import (
    USUAL_SCALES,
    Metric,
    Options,
    Scale,
    Target,
)

_MOSTLY = 0.5
_SOME = 0.2
_ENOUGH = 20
_FIVE, _SEVEN, _TEN = 5, 7, 10


def map_freely(layout: Layout, options: Options, *, has_scores: bool = True) -> None:
    """Map every column that the format left free, where words or data say what it is."""
    _map_outright(layout)
    _map_mail(layout)
    _map_time(layout)
    if has_scores:
        map_scores(layout, options)
    map_comment(layout)


def map_scores(layout: Layout, options: Options) -> None:
    """Find the columns with scores: by their words, by a column of metrics, or by range."""
    _map_metrics_by_words(layout)
    if layout.switch is None and not layout.scores:
        _map_switch(layout)
    if layout.switch is None:
        _map_bare_score(layout, options)


def _map_outright(layout: Layout) -> None:
    for header in layout.free:
        plain = words.plain(header.title)
        target = words.exact_target(plain) or words.exact_target(words.plain(header.question))
        if target is None or layout.targets.get(target) or header.is_grid:
            continue
        facts = layout.table.facts[header.index]
        if target is Target.STARTED and facts.answered and facts.time_share < _MOSTLY:
            continue
        if facts.address_share > _MOSTLY and target is not Target.RESPONSE_ID:
            continue
        layout.take_header(target, header, Why.WORDS)


def _map_mail(layout: Layout) -> None:
    if layout.targets.get(Target.EMAIL):
        return
    named = [
        h for h in layout.free if _either(h, words.is_mail) and not _is_full_of_words(layout, h)
    ]
    facts = layout.table.facts
    sure = [h for h in named if facts[h.index].address_share > _MOSTLY]
    guessed = [h for h in layout.free if facts[h.index].address_share > _MOSTLY]
    if sure or guessed:
        header = (sure or guessed)[0]
        layout.take_header(Target.EMAIL, header, Why.WORDS if sure else Why.DATA)
    elif named and (not facts[named[0].index].answered or facts[named[0].index].address_share):
        layout.take_header(Target.EMAIL, named[0], Why.WORDS)


def _is_full_of_words(layout: Layout, header: Header) -> bool:
    return layout.table.facts[header.index].is_free_text


def _map_time(layout: Layout) -> None:
    """A column named for a time that holds some; else the only one that holds dates."""
    if layout.targets.get(Target.TIME):
        return
    facts = layout.table.facts
    named = [h for h in layout.free if _either(h, words.is_time)]
    sure = [h for h in named if facts[h.index].time_share > _MOSTLY]
    strongest = [h for h in sure if words.is_answer_time(words.plain(h.question))]
    dated = [h for h in layout.free if facts[h.index].date_share > _MOSTLY]
    hoped = [h for h in named if _may_be_time(facts[h.index])]
    if sure:
        layout.take_header(Target.TIME, (strongest or sure)[0], Why.WORDS)
    elif len(dated) == 1:
        layout.take_header(Target.TIME, dated[0], Why.DATA)
    elif hoped and not dated:
        layout.take_header(Target.TIME, hoped[0], Why.WORDS)


def _may_be_time(facts: ColumnFacts) -> bool:
    """Nothing yet, a few times, or words that are no answer to a question either."""
    if not facts.answered or facts.time_share > 0:
        return True
    return facts.number_share < _MOSTLY and not facts.is_free_text


def _either(header: Header, test: "words.Test") -> bool:
    return test(words.plain(header.title)) or test(words.plain(header.question))


def _map_metrics_by_words(layout: Layout) -> None:
    taken = {score.metric for score in layout.scores}
    for header in layout.free:
        if header.is_grid:
            continue
        facts = layout.table.facts[header.index]
        found = words.metrics_named(header.title) or words.metrics_named(header.question)
        for metric in found:
            if metric in taken or not is_scorelike(facts, header):
                continue
            if metric is Metric.NPS and _is_yes_or_no(facts):
                continue
            layout.scores.append(score_column(header, metric, facts, Why.WORDS))
            layout.why[header.index] = Why.WORDS
            taken.add(metric)
            break


def _is_yes_or_no(facts: ColumnFacts) -> bool:
    """Whether a question about recommending was answered with 0 or 1 only, often enough."""
    return len(facts.numbers) >= _ENOUGH and max(facts.numbers) <= 1


def score_column(header: Header, metric: Metric, facts: ColumnFacts, why: Why) -> ScoreColumn:
    """A column of that metric, with the scale that its question, labels or numbers show."""
    scale, is_assumed = _scale_for(metric, header, facts)
    return ScoreColumn(
        header, metric, scale, own_labels(header, scale), why=why, is_assumed=is_assumed
    )


def own_labels(header: Header, scale: Scale) -> dict[str, int | None]:
    """The file's value labels of a column as numbers: by code, and by the label's own text."""
    labels: dict[str, int | None] = {}
    for code, label in header.labels.items():
        if fold(label) in NO_ANSWER:
            labels[fold(code)] = labels[fold(label)] = None
            continue
        number = number_in(code)
        if number is not None and number == int(number) and scale[0] <= number <= scale[1]:
            labels.setdefault(fold(label), int(number))
    return labels


def is_scorelike(facts: ColumnFacts, header: Header) -> bool:
    """Whether the cells can be scores: numbers, known labels, or nothing at all yet."""
    if not facts.answered:
        return True
    known = {*SATISFACTION_LABELS, *AGREEMENT_LABELS, *map(fold, header.labels.values())}
    known |= {fold(code) for code in header.labels}
    share = facts.share(lambda cell: number_in(cell) is not None or fold(text_of(cell)) in known)
    return share >= _MOSTLY


def _scale_for(metric: Metric, header: Header, facts: ColumnFacts) -> tuple[Scale, bool]:
    stated = words.scale_stated(header.question)
    if metric in {Metric.NPS, Metric.ENPS}:
        return USUAL_SCALES[metric], False
    if stated is not None:
        return stated, False
    usual = USUAL_SCALES[metric]
    texts = set(map(fold, facts.texts))
    if texts & set(AGREEMENT_LABELS) and metric in {Metric.CES, Metric.CSAT}:
        return (1, 7), False
    if texts & set(SATISFACTION_LABELS):
        return (1, 5), False
    numbers = facts.numbers
    beyond = sum(1 for number in numbers if number > usual[1])
    if numbers and beyond > _SOME * len(numbers):
        within_seven = max(numbers) <= _SEVEN
        return ((1, _SEVEN) if within_seven else (1, _TEN)), True
    return usual, metric is Metric.CES and bool(numbers) and max(numbers) <= _FIVE


def _map_switch(layout: Layout) -> None:
    """A column that names the metric of each row beside one bare score."""
    kind = next((h for h in layout.free if words.is_kind(words.plain(h.title))), None)
    score = next(iter(_bare_scores(layout)), None)
    if kind is None or score is None:
        return
    texts = {fold(text) for text in layout.table.facts[kind.index].texts}
    if not texts or not all(text in KINDS for text in texts):
        return
    layout.switch = ScoreSwitch(score, (kind,), lambda kinds: KINDS.get(fold(kinds[0])))
    layout.why[score.index] = Why.WORDS


KINDS: Mapping[str, tuple[Metric, Scale]] = {
    "nps": (Metric.NPS, (0, 10)),
    "enps": (Metric.ENPS, (0, 10)),
    "csat": (Metric.CSAT, (1, 5)),
    "csat3": (Metric.CSAT, (1, 3)),
    "ces": (Metric.CES, (1, 7)),
    "ces7": (Metric.CES, (1, 7)),
    "stars": (Metric.STARS, (1, 5)),
    "star": (Metric.STARS, (1, 5)),
    "5star": (Metric.STARS, (1, 5)),
    "thumbs": (Metric.THUMBS, (0, 1)),
}


def _bare_scores(layout: Layout) -> list[Header]:
    facts = layout.table.facts
    return [
        header
        for header in layout.free
        if not header.is_grid
        and (_either(header, words.is_score))
        and facts[header.index].answered
        and is_scorelike(facts[header.index], header)
        and not facts[header.index].time_share > _MOSTLY
    ]


def _map_bare_score(layout: Layout, options: Options) -> None:
    bare = _bare_scores(layout)
    wanted = options.metric
    if wanted is not None and any(score.metric is wanted for score in layout.scores):
        return
    if wanted is None and (layout.scores or _is_user_mapped(options)):
        return
    if not bare:
        bare = _only_numbers(layout) if wanted is not None else []
    if not bare:
        return
    header = bare[0]
    facts = layout.table.facts[header.index]
    if wanted is not None:
        layout.scores.append(score_column(header, wanted, facts, Why.USER))
        layout.why[header.index] = Why.USER
        return
    proposal = proposal_for(header, facts, layout)
    if proposal is None:
        layout.questions.append(
            Remark(
                "metric",
                f"What does the column {header.name} measure, and on which scale?",
                {"column": header.name},
                tuple(metric.value for metric in Metric),
            )
        )
        return
    metric, scale = proposal
    layout.scores.append(ScoreColumn(header, metric, scale, why=Why.RANGE, is_assumed=True))
    layout.why[header.index] = Why.RANGE
    layout.notes.append(assumption(header, metric, scale))


def assumption(header: Header, metric: Metric, scale: Scale) -> Remark:
    """What the user is told of a metric that the file does not name."""
    return Remark(
        "metric_assumed",
        f"The column {header.name} is taken for {metric.upper()} on a scale from {scale[0]}"
        f" to {scale[1]}, judging by its numbers. Choose another metric if it is not.",
        {"column": header.name, "metric": metric.value, "low": scale[0], "high": scale[1]},
    )


def _is_user_mapped(options: Options) -> bool:
    measured = {*Metric, "score"}
    return any(target in measured and column for target, column in options.mapping.items())


def _only_numbers(layout: Layout) -> list[Header]:
    """Without a word for it: columns of whole numbers from 0 to 10, more than one distinct."""
    facts = layout.table.facts
    return [
        h
        for h in layout.free
        if not h.is_grid
        and facts[h.index].number_share > 0.9
        and all(0 <= number <= _TEN for number in facts[h.index].numbers)
        and len(facts[h.index].texts) > 1
    ]


def proposal_for(header: Header, facts: ColumnFacts, layout: Layout) -> tuple[Metric, Scale] | None:
    """NPS where numbers or neighbours show 0 to 10, CSAT where they stay within 1 to 5."""
    stated = words.scale_stated(header.question)
    numbers = facts.numbers
    low, high = (min(numbers), max(numbers)) if numbers else (1.0, 0.0)
    all_facts = layout.table.facts
    has_groups = any("promoter" in map(fold, all_facts[h.index].texts) for h in layout.free)
    if has_groups or stated == (0, _TEN):
        return Metric.NPS, (0, _TEN)
    if stated == (1, _FIVE):
        return Metric.CSAT, (1, _FIVE)
    if not numbers or low < 0 or high > _TEN:
        usual = [number for number in numbers if 0 <= number <= _TEN]
        if len(usual) < 0.9 * len(numbers) or not usual:
            return None
        low, high = min(usual), max(usual)
    if (low == 0 and high > 1) or high > _SEVEN:
        return Metric.NPS, (0, _TEN)
    return (Metric.CSAT, (1, _FIVE)) if low >= 1 and high <= _FIVE else None


def map_comment(layout: Layout) -> None:
    """The first column of words that asks for a reason, else the first of own words."""
    if layout.targets.get(Target.COMMENT):
        return
    facts = layout.table.facts
    scored = [score.header.index for score in layout.scores]
    scored += [layout.switch.header.index] if layout.switch else []
    after = min(scored, default=-1)
    free = [h for h in layout.free if not h.is_grid]
    named = [h for h in free if _is_comment_named(h) and _may_be_words(facts[h.index])]
    written = [h for h in free if facts[h.index].is_free_text]
    choices: tuple[Iterable[Header], ...] = (
        (h for h in named if words.plain(h.title) in {"comment", "comments", "opmerking"}),
        (h for h in named if h.index > after and facts[h.index].answered),
        (h for h in named if facts[h.index].answered),
        (h for h in written if h.index > after),
        written,
        named,
    )
    header = next(chain.from_iterable(choices), None)
    if header is not None:
        layout.take_header(Target.COMMENT, header, Why.WORDS if header in named else Why.DATA)


def _is_comment_named(header: Header) -> bool:
    plain = words.plain(header.question)
    return _either(header, words.is_comment) and not words.is_group(plain)


def _may_be_words(facts: ColumnFacts) -> bool:
    return facts.number_share <= _MOSTLY and facts.time_share <= _MOSTLY
