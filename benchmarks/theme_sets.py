"""The labelled sets that themes are measured on, and the measures: nothing here tunes anything."""

import csv
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gloed.text import Answer

FOLDER = Path(__file__).parent.parent.parent / "shared" / "data"
LEAST_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class Labelled:
    """Answers in words with the labels that people gave, in one language."""

    name: str
    language: str
    answers: list[Answer]
    labels: list[frozenset[str]]


def rows(name: str) -> list[dict[str, str]]:
    """The rows of one file of the folder."""
    with (FOLDER / name).open(encoding="utf-8", errors="replace", newline="") as stream:
        return list(csv.DictReader(stream))


def health() -> Labelled:
    """English patients, several labels each."""
    found = [row for row in rows("nhs_fft_en.csv") if row["comment"].strip()]
    return Labelled(
        "health, English",
        "en",
        [Answer(at, row["comment"]) for at, row in enumerate(found, start=1)],
        [frozenset(json.loads(row["themes"])) for row in found],
    )


def reviews(domain: str, language: str) -> Labelled:
    """Parallel reviews of one domain in one language; the label is the aspect's category."""
    found = [
        row
        for row in rows("mabsa_nl_en_de_fr.csv")
        if row["domain"] == domain and row["language"] == language
    ]
    return Labelled(
        f"{domain}, {language}",
        language,
        [Answer(at, row["comment"]) for at, row in enumerate(found, start=1)],
        [frozenset(each["category"] for each in json.loads(row["aspects"])) for row in found],
    )


def named_f1(
    found: Sequence[frozenset[str]], labels: Sequence[frozenset[str]], *, seed: int = 1
) -> float:
    """Micro F1 by analyst naming, on the half that did not name.

    A random half gives each theme the one label whose share among its answers rises most over the
    base rate, if that share is at least 30%; labels with fewer than max(25, 1%) answers are out.
    """
    truth = kept_labels(labels)
    first = np.random.default_rng(seed).random(len(labels)) < 0.5
    naming = names_of(found, truth, first)
    said = [frozenset(naming[t] for t in themes if t in naming) for themes in found]
    scored = [at for at in range(len(labels)) if not first[at]]
    return micro_f1([said[at] for at in scored], [truth[at] for at in scored])


def names_of(
    found: Sequence[frozenset[str]], truth: Sequence[frozenset[str]], chosen: np.ndarray
) -> dict[str, str]:
    """The label that each theme stands for."""
    base: Counter[str] = Counter()
    totals: Counter[str] = Counter()
    inside: dict[str, Counter[str]] = {}
    for at in np.flatnonzero(chosen).tolist():
        base.update(truth[at])
        totals.update(found[at])
        for theme in found[at]:
            inside.setdefault(theme, Counter()).update(truth[at])
    n = int(chosen.sum())
    naming = {}
    for theme, labels in inside.items():
        shares = {label: count / totals[theme] for label, count in labels.items()}
        best = max(sorted(shares), key=lambda label: shares[label] - base[label] / n, default=None)
        if best is not None and shares[best] >= LEAST_SHARE and shares[best] > base[best] / n:
            naming[theme] = best
    return naming


def kept_labels(labels: Sequence[frozenset[str]]) -> list[frozenset[str]]:
    """The labels of each answer that enough answers have."""
    counts = Counter(label for each in labels for label in each)
    least = max(25, 0.01 * len(labels))
    return [frozenset(label for label in each if counts[label] >= least) for each in labels]


def micro_f1(said: Sequence[frozenset[str]], truth: Sequence[frozenset[str]]) -> float:
    """Twice what is right over what is said and what is true."""
    right = sum(len(a & b) for a, b in zip(said, truth, strict=True))
    total = sum(len(a) + len(b) for a, b in zip(said, truth, strict=True))
    return 2 * right / total if total else 0.0


def kappa(first: np.ndarray, second: np.ndarray) -> float:
    """Cohen's kappa of two tables of flags, over all their cells."""
    agree = float((first == second).mean())
    by_chance = float(first.mean() * second.mean() + (1 - first.mean()) * (1 - second.mean()))
    return (agree - by_chance) / (1 - by_chance)
