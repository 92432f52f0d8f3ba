"""Seeds as people write them: one a line.

`price` is a word, `pric*` the beginning of a word, `value for money` a phrase, and a line that
begins with a minus (`-price tag`) forbids the theme in the clause it stands in.
"""

from collections.abc import Iterable, Mapping

from gloed.text.tokens import words_of

SHORTEST_BEGINNING, LONGEST_PHRASE = 3, 8
KINDS = ("words", "prefixes", "phrases", "not")


def lines_of(seeds: Mapping[str, Iterable[str]]) -> str:
    """Seeds of one language, as the file form holds them, as lines.

    >>> lines_of({"words": ["price"], "prefixes": ["pric"], "not": ["price tag"]})
    'price\\npric*\\n-price tag'
    """
    lines = [*seeds.get("words", ())]
    lines += [f"{prefix}*" for prefix in seeds.get("prefixes", ())]
    lines += [*seeds.get("phrases", ())]
    lines += [f"-{entry}" for entry in seeds.get("not", ())]
    return "\n".join(lines)


def seeds_of(text: str) -> dict[str, list[str]]:
    """Lines as seeds in the file form; empty kinds are left out.

    >>> seeds_of("Price\\npric*\\n- price tag\\nvalue for  money\\n\\nprice")
    {'words': ['price'], 'prefixes': ['pric'], 'phrases': ['value for money'], 'not': ['price tag']}
    """
    found: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for line in text.splitlines():
        entry = " ".join(line.lower().split())
        if not entry:
            continue
        kind, said = _kind_of(entry)
        if said and said not in found[kind]:
            found[kind].append(said)
    return {kind: entries for kind, entries in found.items() if entries}


def unfit_lines(text: str) -> list[str]:
    """Lines that cannot be seeds: without a word, a beginning too short, a phrase too long.

    >>> unfit_lines("price\\nx*\\n...\\nand so on")
    ['x*', '...']
    """
    unfit = []
    for line in text.splitlines():
        entry = " ".join(line.lower().split())
        if entry and not _is_fit(*_kind_of(entry)):
            unfit.append(line.strip())
    return unfit


def _is_fit(kind: str, said: str) -> bool:
    number = len(words_of(said))
    if kind == "not":
        return number > 0
    if kind == "phrases":
        return 2 <= number <= LONGEST_PHRASE
    if kind == "prefixes":
        return number == 1 and len(said) >= SHORTEST_BEGINNING
    return number == 1 and "*" not in said


def _kind_of(entry: str) -> tuple[str, str]:
    if entry.startswith("-"):
        return "not", entry[1:].strip()
    if " " in entry:
        return "phrases", entry
    if entry.endswith("*"):
        return "prefixes", entry.rstrip("*")
    return "words", entry
