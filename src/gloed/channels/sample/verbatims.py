"""What people write: sentences about the touchpoint, in their mood, in their own hand."""

from collections import Counter
from dataclasses import dataclass
from random import Random

from gloed.channels.sample import plan
from gloed.channels.sample.answers import band
from gloed.channels.sample.asking import Occasion
from gloed.channels.sample.corpus import Sentence, sentences
from gloed.channels.sample.details import Details
from gloed.channels.sample.handwriting import Hand
from gloed.channels.sample.values import Device, Dip, Language, Mention, Polarity

_MOODS: dict[Polarity, tuple[float, float, float]] = {  # shares of neg, mid, pos by band
    "neg": (0.88, 0.08, 0.04),
    "mid": (0.24, 0.52, 0.24),
    "pos": (0.07, 0.08, 0.85),
}
_TURNS = {
    "nl": (", maar ", ". Maar ", " maar ", ". Enige minpunt: ", ". Puntje: "),
    "en": (", but ", ". But ", " but ", ". Only thing: ", ". One point: "),
}
_WINTER = frozenset({11, 12, 1, 2, 3})
_DIP_SHARE = {"bill": 0.8, "relationship": 0.62, "phone": 0.6, "renewal": 0.5}
_RECOVERY_SHARE = 0.28
_LONG = 40
_KEPT_CAPITALS = frozenset({"I", "I'm", "I'd", "I'll", "I've", "Zilverwiek", "Mijn Zilverwiek"})
_PROPER = ("{agent}", "{mechanic}", "{month}", "{weekday}", "{town}")
_ONCE = ("{agent}", "{mechanic}", "{minutes}", "{years}", "{large}", "{times}", "{weeks}")
_PRODUCT_TAGS = {"Warmtepomp": "heatpump", "Zonnepanelen": "solar", "Laadpaal": "charger"}
_CONTRACT_TAGS = {"Variabel": "variable", "Dynamisch": "dynamic"}


@dataclass(frozen=True, slots=True)
class Verbatim:
    """The text and what it was written to be about."""

    text: str
    mentions: tuple[Mention, ...]


class Writer:
    """Writes verbatims and keeps count: no sentence is worn out, no long text repeats."""

    def __init__(self, seed: int, dip: Dip) -> None:
        self._seed = seed
        self._dip = dip
        self._used: Counter[str] = Counter()
        self._written: set[str] = set()
        self._hands: dict[int, Hand] = {}

    def write(self, rng: Random, occasion: Occasion, rating: int, device: Device) -> Verbatim:
        """A verbatim for an answer; long ones are written anew until they are new."""
        for _ in range(6):
            verbatim = self._draft(rng, occasion, rating, device)
            if len(verbatim.text) < _LONG or verbatim.text.lower() not in self._written:
                break
        self._written.add(verbatim.text.lower())
        return verbatim

    def _draft(self, rng: Random, occasion: Occasion, rating: int, device: Device) -> Verbatim:
        customer = occasion.customer
        language = customer.language
        hand = self._hand(customer.number)
        mood = _mood(rng, band(occasion.survey, rating))
        if rng.random() < (0.27 if device == "mobile" else 0.17) / hand.wordy:
            return self._short(rng, language, mood, hand)
        tags = tags_for(occasion, self._dip) | _score_tags(occasion.survey, rating)
        chosen = self._choose(rng, occasion.survey, language, mood, tags, _count(rng, mood, hand))
        details = Details(
            rng,
            language,
            day=occasion.on,
            years=int((occasion.on - customer.since).days / 365.25),
            wait_minutes=occasion.wait_minutes,
        )
        parts = [(item, _capital(item.expand(rng, details))) for item in chosen]
        text = _joined(rng, parts, hand, language)
        if len({item.polarity for item in chosen}) == 1:
            text = self._framed(rng, text, chosen[0], language, mood, tags, details, hand)
        mentions = tuple(dict.fromkeys(Mention(item.theme, item.polarity) for item in chosen))
        return Verbatim(hand.write(rng, _ended(text, hand), language, device), mentions)

    def _hand(self, number: int) -> Hand:
        if number not in self._hands:
            self._hands[number] = Hand.of(self._seed, number)
        return self._hands[number]

    def _short(self, rng: Random, language: Language, mood: Polarity, hand: Hand) -> Verbatim:
        options = [
            item
            for item in sentences(language, "common")
            if item.theme == "short" and item.polarity == mood
        ]
        text = rng.choice(options).expand(rng, str)
        if rng.random() < 0.35:
            text += hand.end_mark
        text = text.lower() if hand.lower or rng.random() < 0.2 else text
        return Verbatim(text, (Mention("general", mood),))

    def _choose(
        self,
        rng: Random,
        survey: str,
        language: Language,
        mood: Polarity,
        tags: frozenset[str],
        count: int,
    ) -> list[Sentence]:
        """Sentences on different themes; a middling person may praise first and then turn."""
        moods: list[Polarity] = [mood] * count
        turned = rng.random() < {"mid": 0.3, "pos": 0.09, "neg": 0.05}[mood]
        if turned:
            moods = ["pos", "neg"] if rng.random() < 0.8 else ["pos", "mid"]
        chosen: list[Sentence] = []
        for wanted in moods:
            options = [
                item
                for item in sentences(language, survey)
                if item.polarity == wanted
                and item.may_be_said(tags)
                and not (turned and (item.theme == "general" or _turns(item)))
                and not _clashes(item, chosen)
            ]
            if options:
                chosen.append(self._deal(rng, _preferred(rng, options, survey)))
        return chosen

    def _deal(self, rng: Random, options: list[Sentence]) -> Sentence:
        """The least used of a handful, so that the whole corpus comes by."""
        hand = rng.sample(options, k=min(12, len(options)))
        sentence = min(hand, key=lambda item: self._used[item.key])
        self._used[sentence.key] += 1
        return sentence

    def _framed(
        self,
        rng: Random,
        text: str,
        first: Sentence,
        language: Language,
        mood: Polarity,
        tags: frozenset[str],
        details: Details,
        hand: Hand,
    ) -> str:
        """Now and then a run-up before the text, and a last word after it."""
        common = [
            item
            for item in sentences(language, "common")
            if item.polarity == mood and item.may_be_said(tags)
        ]
        if rng.random() < 0.10 * hand.wordy:
            openers = [item for item in common if item.theme == "opener"]
            opener = self._deal(rng, openers).expand(rng, details)
            whole = opener[-1] in ".!?"
            text = f"{opener} {text if whole else _lower_first(text, first)}"
        if rng.random() < 0.17 * hand.wordy:
            last = self._deal(rng, [item for item in common if item.theme == "ending"])
            ending = last.expand(rng, details)
            glue = _after(text, rng.choice((". ", ". ", ", ", "! ", "\n")))
            text += glue + (_lower_first(ending, last) if glue == ", " else ending)
        return text


def tags_for(occasion: Occasion, dip: Dip) -> frozenset[str]:
    """What may be said on this occasion by this person."""
    customer, day = occasion.customer, occasion.on
    product, contract = customer.product_on(day), customer.contract(day)
    tags = {
        _PRODUCT_TAGS.get(product, "plain"),
        _CONTRACT_TAGS.get(contract, "fixed"),
        "business" if customer.account else "home",
    }
    if day.month in _WINTER:
        tags.add("winter")
    if (day - customer.since).days >= 2 * 366:
        tags.add("longstanding")
    if occasion.wait_minutes is not None and occasion.wait_minutes >= 12:
        tags.add("long_wait")
    if occasion.wait_minutes is not None and occasion.wait_minutes <= 6:
        tags.add("short_wait")
    affected = customer.in_dip_cell(dip, day)
    if affected and dip.starts_on <= day < dip.fixed_on:
        tags.add("dip")
    else:
        tags.add("calm")
    if affected and dip.fixed_on <= day < dip.over_on:
        tags.add("recovery")
    return frozenset(tags)


def _score_tags(survey: str, rating: int) -> frozenset[str]:
    level = {"neg": "low", "mid": "middle", "pos": "high"}[band(survey, rating)]
    return frozenset({level, f"score{rating}"})


def _turns(sentence: Sentence) -> bool:
    return " maar " in sentence.template or " but " in sentence.template


def _clashes(sentence: Sentence, chosen: list[Sentence]) -> bool:
    """The same sentence or name twice, or praise and blame for the same thing."""
    for earlier in chosen:
        if sentence.key == earlier.key:
            return True
        if sentence.theme == earlier.theme and sentence.polarity != earlier.polarity:
            return True
        if any(name in sentence.template and name in earlier.template for name in _ONCE):
            return True
    return False


def has_verbatim(rng: Random, occasion: Occasion, rating: int, device: Device) -> bool:
    """Whether the person wrote anything; the unhappy and those at a keyboard do so more often."""
    rate = plan.VERBATIM_RATES[band(occasion.survey, rating)]
    return rng.random() < rate * (0.93 if device == "mobile" else 1.08)


def _mood(rng: Random, of_band: Polarity) -> Polarity:
    moods: tuple[Polarity, ...] = ("neg", "mid", "pos")
    return rng.choices(moods, weights=_MOODS[of_band])[0]


def _count(rng: Random, mood: Polarity, hand: Hand) -> int:
    reach = rng.random() * hand.wordy * (1.12 if mood == "neg" else 0.9)
    return 1 if reach < 0.62 else 2 if reach < 1.02 else 3 if reach < 1.5 else 4


def _preferred(rng: Random, options: list[Sentence], survey: str) -> list[Sentence]:
    """Mostly what is going on right now, for those whom it happens to."""
    for tag, share in (("dip", _DIP_SHARE.get(survey, 0.0)), ("recovery", _RECOVERY_SHARE)):
        current = [item for item in options if tag in item.needs]
        if current and rng.random() < share:
            return current
    special = [
        item for item in options if item.needs & {"heatpump", "solar", "charger", "business"}
    ]
    return special if special and rng.random() < 0.3 else options


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lower_first(text: str, sentence: Sentence) -> str:
    first = text.split(" ", 1)[0]
    proper = sentence.template.startswith(_PROPER) or first in _KEPT_CAPITALS
    return text if proper or (first.isupper() and len(first) > 1) else text[:1].lower() + text[1:]


def _joined(rng: Random, parts: list[tuple[Sentence, str]], hand: Hand, language: Language) -> str:
    (before, text), *rest = parts
    for sentence, said in rest:
        if {before.polarity, sentence.polarity} == {"pos", "neg"}:
            glue = rng.choices(_TURNS[language], weights=(5, 3, 3, 1, 1))[0]
        elif before.polarity != sentence.polarity:
            glue = ". "
        else:
            glue = hand.splice
        starts_anew = glue.endswith((". ", "! ", "\n"))
        text += _after(text, glue) + (said if starts_anew else _lower_first(said, sentence))
        before = sentence
    return text


def _after(text: str, glue: str) -> str:
    """The glue that fits after what the text ends with already."""
    return " " + glue.lstrip(".,!- ") if text[-1] in "?!." and glue[0] in ".,!" else glue


def _ended(text: str, hand: Hand) -> str:
    return text if text[-1] in "?!.👍" else text + hand.end_mark
