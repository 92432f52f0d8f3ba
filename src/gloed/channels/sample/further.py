"""The further ratings of the relationship survey: how much each goes with the score is planted.

Made from the answers, each with chance of its own, so that nothing else in the sample moves.
"""

from bisect import bisect_right
from dataclasses import dataclass
from math import sqrt

from gloed.channels.sample.chance import stream
from gloed.channels.sample.values import Response, Text
from gloed.surveys.rules import Further, Kind, QuestionWords, Scale

SURVEY = "relationship"
SKIPPED = 0.12
"""Who rated the whole and left the further ratings for what they are."""
MIDDLE, SPREAD = 6.9, 2.4
"""About the mean and the spread of the ratings they go with."""
CUTS = (-1.7, -0.9, 0.0, 1.0)
"""Where the latent rating of a part becomes the next point of 1 to 5."""
SCALE = Scale(1, 5)


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its correlation with the whole, and how well it does, in spreads."""

    key: str
    words: Text
    goes_with: float
    level: float


PARTS = (
    Part("price", Text("De prijs voor wat je krijgt", "The price for what you get"), 0.70, -0.35),
    Part("bill", Text("De duidelijkheid van je rekening", "How clear your bill is"), 0.55, -0.15),
    Part("service", Text("De klantenservice", "Our customer service"), 0.45, 0.25),
    Part("app", Text("De app en Mijn Zilverwiek", "The app and My Zilverwiek"), 0.20, 0.45),
    Part("green", Text("Hoe groen je energie is", "How green your energy is"), 0.10, 0.10),
)


def questions(languages: list[str]) -> tuple[Further, ...]:
    """The further questions of the relationship survey, in these languages."""
    ends = {"nl": ("Slecht", "Uitstekend"), "en": ("Poor", "Excellent")}
    return tuple(
        Further(
            key=part.key,
            kind=Kind.RATING,
            words={
                language: QuestionWords(
                    part.words.nl if language == "nl" else part.words.en, *ends[language]
                )
                for language in languages
            },
            scale=SCALE,
        )
        for part in PARTS
    )


def ratings_of(response: Response, seed: int) -> tuple[int, ...]:
    """What somebody gave each part, in order; nothing where the further page was left alone."""
    if response.survey != SURVEY or response.status == "partial":
        return ()
    chance = stream(seed, "further", response.public_id)
    if chance.random() < SKIPPED:
        return ()
    whole = (response.rating - MIDDLE) / SPREAD
    return tuple(
        SCALE.minimum
        + bisect_right(
            CUTS,
            part.level + part.goes_with * whole + sqrt(1 - part.goes_with**2) * chance.gauss(0, 1),
        )
        for part in PARTS
    )
