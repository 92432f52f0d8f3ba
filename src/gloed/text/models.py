"""A model per theme, learned from answers that people coded, used only where it is better.

Fitting needs scikit-learn and belongs in a worker or on the command line; using a model is one
sparse product. A model is arrays and a hash, never a pickle.
"""

import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from gloed.text import features

FEWEST_CODED = 50
FEWEST_OF_THEME = 5
MARGIN = 0.02
FOLDS = 3
_STRENGTH = 8.0

Floats = NDArray[np.float64]


class CodedText(NamedTuple):
    """An answer that a person coded: its text, the codebook's themes, and the person's."""

    text: str
    found: frozenset[str]
    given: frozenset[str]


class Gate(NamedTuple):
    """How model and codebook do on the coded answers, and whether the model is used."""

    theme: str
    threshold: float
    f1_model: float
    f1_codebook: float
    is_open: bool


@dataclass(frozen=True, slots=True, eq=False)
class ThemeModels:
    """The models of one language: `weights` has a row per gate, a column per feature kept."""

    language: str
    gates: tuple[Gate, ...]
    columns: NDArray[np.int64]
    rarity: NDArray[np.float32]
    weights: NDArray[np.float32]
    intercepts: NDArray[np.float32]
    unseen: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By the hash of a text it learned from: the themes that models which had not seen that text
    give it. So a coded answer is decided as any other, and can tell how good the models are."""

    @property
    def version(self) -> str:
        """Twelve hexadecimal digits of the hash over all numbers."""
        digest = hashlib.sha256(repr((self.language, self.gates)).encode())
        for array in (self.columns, self.rarity, self.weights, self.intercepts):
            digest.update(np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()[:12]

    def probabilities(self, texts: Sequence[str], found: Sequence[Iterable[str]]) -> Floats:
        """How likely each theme is in each text; a row per text, a column per gate."""
        rows = features.weighed(features.counted(texts, found), self.columns, self.rarity)
        margins = rows @ self.weights.T + self.intercepts[None, :]
        return np.asarray(1 / (1 + np.exp(-margins.astype(np.float64))))

    def decide(
        self, texts: Sequence[str], found: Sequence[frozenset[str]]
    ) -> list[dict[str, tuple[float, str]]]:
        """The themes of each text with probability and source, `model` where its gate is open."""
        likely = self.probabilities(texts, found) if texts and self.gates else None
        decided = []
        opened = {gate.theme for gate in self.gates if gate.is_open}
        for place, themes in enumerate(found):
            kept = dict.fromkeys(themes - opened, (CODEBOOK_PROBABILITY, "codebook"))
            known = self.unseen.get(hash_of(texts[place])) if self.unseen else None
            for column, gate in enumerate(self.gates):
                if likely is None or not gate.is_open:
                    continue
                probability = float(likely[place, column])
                if probability >= gate.threshold if known is None else gate.theme in known:
                    kept[gate.theme] = (probability, "model")
            decided.append(dict(sorted(kept.items())))
        return decided


CODEBOOK_PROBABILITY = 0.7
"""What a codebook hit is worth where nobody has checked it yet: its usual precision."""


class TooFewCodes(ValueError):  # the field's word: it is refused, nothing went wrong
    """Too few coded answers to learn from; the text says how many are needed."""


def fit_models(coded: Iterable[CodedText], language: str) -> ThemeModels:
    """Learn every theme that at least 5 coded answers have. Refuses fewer than 50 answers.

    Thresholds and gates come from answers that the model has not seen (3 folds by the text's hash);
    a gate opens where the model's F1 is .02 above the codebook's. Order does not matter.
    """
    answers = sorted({(c.text, tuple(sorted(c.found)), tuple(sorted(c.given))) for c in coded})
    if len(answers) < FEWEST_CODED:
        raise TooFewCodes(
            f"{len(answers)} coded answers are too few to learn from; {FEWEST_CODED} are needed."
        )
    texts = [text for text, _found, _given in answers]
    found = [frozenset(themes) for _text, themes, _given in answers]
    given = [frozenset(themes) for _text, _found, themes in answers]
    counts: dict[str, int] = {}
    for themes in given:
        for theme in themes:
            counts[theme] = counts.get(theme, 0) + 1
    names = [
        theme
        for theme, count in sorted(counts.items())
        if FEWEST_OF_THEME <= count <= len(texts) - FEWEST_OF_THEME
    ]
    raw = features.counted(texts, found)
    columns, rarity = _columns(raw)
    rows = features.weighed(raw, columns, rarity)
    folds = np.array([crc32(text.encode("utf-8", "surrogatepass")) % FOLDS for text in texts])
    gates, weights, intercepts = [], [], []
    unseen: dict[str, set[str]] = {hash_of(text): set() for text in texts}
    for name in names:
        truth = np.array([name in themes for themes in given])
        hits = np.array([name in themes for themes in found])
        gate, chosen = _gate(name, rows, truth, hits, folds)
        gates.append(gate)
        for place in np.flatnonzero(chosen):
            unseen[hash_of(texts[place])].add(name)
        coefficients, intercept = _fit(rows, truth)
        weights.append(coefficients)
        intercepts.append(intercept)
    return ThemeModels(
        language=language,
        gates=tuple(gates),
        columns=columns,
        rarity=rarity,
        weights=np.array(weights, dtype=np.float32).reshape(len(names), len(columns)),
        intercepts=np.array(intercepts, dtype=np.float32),
        unseen={key: frozenset(themes) for key, themes in unseen.items()},
    )


def hash_of(text: str) -> str:
    """By what a text is known again without being kept: twelve hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def packed(models: ThemeModels) -> bytes:
    """The arrays of models as bytes, without a pickle; `gates` and `unseen` are kept beside them.

    Numbers of three digits are enough: they are halved in size.
    """
    stream = io.BytesIO()
    np.savez_compressed(
        stream,
        columns=models.columns.astype(np.int32),
        rarity=models.rarity,
        weights=models.weights.astype(np.float16),
        intercepts=models.intercepts,
    )
    return stream.getvalue()


def unpacked(
    language: str,
    gates: Iterable[Iterable[Any]],
    unseen: Mapping[str, Iterable[str]],
    arrays: bytes,
) -> ThemeModels:
    """Models from what was kept of them. Refuses anything but arrays of numbers."""
    with np.load(io.BytesIO(arrays), allow_pickle=False) as held:
        return ThemeModels(
            language=language,
            gates=tuple(Gate(*gate) for gate in gates),
            columns=held["columns"].astype(np.int64),
            rarity=held["rarity"],
            weights=held["weights"].astype(np.float32),
            intercepts=held["intercepts"],
            unseen={key: frozenset(themes) for key, themes in unseen.items()},
        )


def closed(models: ThemeModels, themes: Iterable[str]) -> ThemeModels:
    """The same models with the gates of some themes shut."""
    shut = set(themes)
    gates = tuple(g._replace(is_open=g.is_open and g.theme not in shut) for g in models.gates)
    return replace(models, gates=gates)


def _columns(raw: sparse.csr_array) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The features that two texts share, and how rare each is."""
    texts = np.bincount(raw.indices, minlength=features.SIZE)
    columns = np.flatnonzero(texts >= 2).astype(np.int64)
    rarity = np.log((1 + raw.shape[0]) / (1 + texts[columns])) + 1
    return columns, rarity.astype(np.float32)


def _gate(
    name: str,
    rows: sparse.csr_array,
    truth: NDArray[np.bool_],
    hits: NDArray[np.bool_],
    folds: NDArray[np.int64],
) -> tuple[Gate, NDArray[np.bool_]]:
    """The gate of a theme, and what models that had not seen an answer say of it."""
    likely = np.zeros(len(truth))
    for fold in range(FOLDS):
        inside = folds == fold
        if truth[~inside].any() and inside.any():
            coefficients, intercept = _fit(rows[~inside], truth[~inside])
            likely[inside] = 1 / (1 + np.exp(-(rows[inside] @ coefficients + intercept)))
    chosen = np.zeros(len(truth), dtype=bool)
    for fold in range(FOLDS):  # the threshold for a fold comes from the others
        inside = folds == fold
        chosen[inside] = likely[inside] >= _threshold(likely[~inside], truth[~inside])
    f1_model, f1_codebook = f1(truth, chosen), f1(truth, hits)
    gate = Gate(
        theme=name,
        threshold=_threshold(likely, truth),
        f1_model=f1_model,
        f1_codebook=f1_codebook,
        is_open=f1_model >= f1_codebook + MARGIN,
    )
    return gate, chosen


def _threshold(likely: Floats, truth: NDArray[np.bool_]) -> float:
    """The threshold with the best F1 among those between .1 and .8."""
    candidates = np.arange(0.10, 0.81, 0.05)
    scores = [f1(truth, likely >= threshold) for threshold in candidates]
    return float(candidates[int(np.argmax(scores))])


def f1(truth: NDArray[np.bool_], said: NDArray[np.bool_]) -> float:
    """Twice the hits over what is there and what is said; 0 where neither is."""
    total = int(truth.sum()) + int(said.sum())
    return 2 * int((truth & said).sum()) / total if total else 0.0


def _fit(rows: sparse.csr_array, truth: NDArray[np.bool_]) -> tuple[NDArray[np.float64], float]:
    # 180 MB and seconds to import: only where something is fitted, never in a web process
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    model = LogisticRegression(C=_STRENGTH, solver="liblinear", random_state=0, max_iter=200)
    narrow = sparse.csr_array(  # liblinear takes 32-bit places alone
        (rows.data, rows.indices.astype(np.int32), rows.indptr.astype(np.int32)), shape=rows.shape
    )
    model.fit(narrow, truth)
    return model.coef_[0], float(model.intercept_[0])
