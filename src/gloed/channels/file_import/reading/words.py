"""Which words in a header or a question say what a column holds (rule R13)."""

import re
from collections.abc import Callable
from typing import TypeAlias

from gloed.channels.file_import.reading.values import Metric, Scale, Target

Test: TypeAlias = Callable[[str], bool]

_SPLIT_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_PUNCTUATION = re.compile(r"[\s_\-./#:?!,;\"'()\[\]]+")
_LONGEST_HEADER = 2_000
_HIGHEST = 10

_RECOMMEND = re.compile(
    r"recommend|aanbevel|aanbeveel|\bbeve(?:el|elt|len)\b.*\baan\b|aanraad|aanraden"
    r"|\braad(?:t|en)?\b.*\baan\b|weiterempf|recommand|recomend|raccomand"
)
_SATISFIED = re.compile(r"satisf|tevreden|zufrieden|satisfait|satisfech|soddisfatt")
_EASY = re.compile(r"\b(?:easy|easily|easier|ease|effort)\b|\bgemak(?!s)|makkelijk|\bmoeite\b")
_COMMENT = re.compile(
    r"comment|feedback|\breason|\bwhy\b|explain|explanation|improve|\bbetter\b|opmerking|toelicht"
    r"|\blicht\b.*\btoe\b|\breden|waarom|\bbeter\b|verbeter|verbatim|remark|anything else"
    r"|warum|\bgrund\b|kommentar|anmerkung|verbesser|pourquoi|raison|motivo|comentario|por qué"
)
_TIME = re.compile(
    r"\b(?:timestamp|date|datetime|submitted|submit|created|responded|completed|answered|time"
    r"|datum|tijd|tijdstip|tijdstempel|ingevuld|ingevuldop|beantwoord|fecha|uhrzeit|zeitpunkt)\b"
)
_ANSWER_TIME = re.compile(
    r"\b(?:responded|submitted|submit|completed|answered|ingevuld|ingevuldop|beantwoord|timestamp)\b"
)
_OTHER_TIME = re.compile(
    r"\b(?:start|started|begin|update|updated|modified|birth|geboorte\w*|sent|opened|opt|due|reply"
    r"|first|last|duration|duur|response time|lead time|verzonden|gewijzigd)\b"
)
_MAIL = re.compile(r"mail")
_SCORE = re.compile(
    r"\b(?:score|rating|cijfer|beoordeling|waardering|grade|points|punten|note|bewertung)\b"
)
_GROUP = re.compile(r"\b(?:group|groep|category|categorie|segment|sentiment|label)$")
_GROUP_BEHIND_DASH = re.compile(r"\s[-–—:]\s*(?:group|groep|category|categorie)\s*$")
_SHORT_WORDS = 4
_PRIVATE = re.compile(
    r"ip|ip address|ipaddress|ipaddr|ip adres|(?:location ?)?(?:latitude|longitude)|lat|lng|lon"
    r"|coordinates|network ip"
)
_RANGE = re.compile(
    r"(?:\(|\[|van|from|schaal|scale of|scale|between|tussen)\s*(-?\d{1,2})\s*"
    r"(?:-|–|—|t/m|tot en met|tot|to|and|en|\.\.)\s*(\d{1,2})\b"
)
_ZONE_BEHIND = re.compile(r"\(([A-Z][A-Za-z]+/[A-Za-z_]+(?:/[A-Za-z_]+)?)\)\s*$")
_DUTCH = re.compile(
    r"\b(?:datum|tijd|tijdstempel|ingevuld|opmerking|reden|waarom|cijfer|klant|klantnummer|naam"
    r"|hoe|bent|onze|ons|uw|jouw|het|aan|toelichting|e mailadres|beoordeling|tevreden|groep"
    r"|bedrag|kanaal|telefoon|wat|een|zeitstempel|horodateur|marca temporal|und|wie|les|vous)\b"
)

_EXACT: dict[str, Target] = {
    name: target
    for target, names in {
        Target.RESPONSE_ID: (
            "id", "response id", "responseid", "respnr", "respondentnummer", "no", "record id",
            "answer id", "submission id", "antwoord id", "uuid", "resp id",
        ),
        Target.NAME: ("name", "full name", "naam", "customer name", "klantnaam", "respondent name"),
        Target.FIRST_NAME: ("first name", "firstname", "voornaam", "given name"),
        Target.LAST_NAME: ("last name", "lastname", "achternaam", "surname", "family name"),
        Target.PHONE: (
            "phone", "phone number", "telephone", "telefoon", "telefoonnummer", "mobile", "mobiel",
        ),
        Target.TOUCHPOINT: ("touchpoint", "touch point", "contactmoment", "klantmoment", "moment"),
        Target.LANGUAGE: ("language", "taal", "lang", "locale", "user language"),
        Target.CHANNEL: ("channel", "kanaal", "medium"),
        Target.DEVICE: ("device", "apparaat", "device type"),
        Target.TAGS: ("tags", "labels"),
        Target.STARTED: ("start date", "started at", "start time", "startdate", "gestart"),
        Target.SURVEY: ("survey", "survey name", "survey title", "enquete", "onderzoek"),
    }.items()
    for name in names
}  # fmt: skip
_EXTERNAL_ID = re.compile(
    r"(?:customer|client|klant|respondent|user|contact|person|account|debiteur)"
    r"(?: ?(?:id|no|nr|number|nummer|code|key|ref|reference))?|klantid|relatienummer|external id"
)
_METRIC_NAMES: dict[str, Metric] = {
    "nps": Metric.NPS, "nps score": Metric.NPS, "npsscore": Metric.NPS, "nps value": Metric.NPS,
    "nps rating": Metric.NPS, "nps cijfer": Metric.NPS, "net promoter score": Metric.NPS,
    "enps": Metric.ENPS, "enps score": Metric.ENPS, "e nps": Metric.ENPS,
    "csat": Metric.CSAT, "csat score": Metric.CSAT, "ces": Metric.CES, "ces score": Metric.CES,
    "stars": Metric.STARS, "sterren": Metric.STARS, "thumbs": Metric.THUMBS,
}  # fmt: skip
_KIND_NAMES = frozenset(
    {"metric", "metric type", "metrics type", "metricstype", "survey type", "question type"}
)


def plain(header: str) -> str:
    """A header for comparison: lower case, words apart, no signs (`respondedAt`: responded at)."""
    spaced = _SPLIT_CAMEL.sub(" ", header[:_LONGEST_HEADER])
    return _PUNCTUATION.sub(" ", spaced).strip().casefold()


def stem_of(header: str) -> str:
    """A question without its row: `Question [Row]` and `Q[SQ001]` become `Question` and `Q`."""
    if header.rstrip().endswith("]") and "[" in header:
        return header[: header.rindex("[")].strip()
    return header


def metrics_named(question: str) -> tuple[Metric, ...]:
    """The metrics that a header or question may stand for, likeliest first."""
    words = plain(stem_of(question))
    if words in _METRIC_NAMES:
        return (_METRIC_NAMES[words],)
    is_short = words.count(" ") < _SHORT_WORDS
    if (is_short and is_group(words)) or _GROUP_BEHIND_DASH.search(question.casefold()):
        return ()
    found = (
        (Metric.NPS, _RECOMMEND.search(words)),
        (Metric.CSAT, _SATISFIED.search(words)),
        (Metric.CES, _EASY.search(words)),
    )
    return tuple(metric for metric, match in found if match)


def is_group(words: str) -> bool:
    """Whether a header names the class of a score (`Q1_NPS_GROUP`), not the score."""
    return bool(_GROUP.search(words))


def is_score(words: str) -> bool:
    """Whether a plain header names a score without saying of what (`score`, `cijfer`)."""
    return bool(_SCORE.search(words)) and not is_group(words)


def is_comment(words: str) -> bool:
    """Whether a plain header asks for words instead of a number."""
    return bool(_COMMENT.search(words))


def is_mail(words: str) -> bool:
    """Whether a plain header names an e-mail address."""
    return bool(_MAIL.search(words))


def is_time(words: str) -> bool:
    """Whether a plain header names the time of the answer, not that of something else."""
    return bool(_TIME.search(words)) and not _OTHER_TIME.search(words)


def is_answer_time(words: str) -> bool:
    """Whether a plain header names the moment of answering and not another one."""
    return bool(_ANSWER_TIME.search(words))


def is_private(words: str) -> bool:
    """Whether a plain header names an IP address or a position (rule R16 leaves them out)."""
    return bool(_PRIVATE.fullmatch(words))


def is_kind(words: str) -> bool:
    """Whether a plain header names the metric of each row."""
    return words in _KIND_NAMES


def exact_target(words: str) -> Target | None:
    """The target that a plain header names outright, if any."""
    if words in _EXACT:
        return _EXACT[words]
    return Target.EXTERNAL_ID if _EXTERNAL_ID.fullmatch(words) else None


def scale_stated(question: str) -> Scale | None:
    """The scale that a question states itself: `(0-10)`, `op een schaal van 1 tot 5`."""
    match = _RANGE.search(question[:_LONGEST_HEADER].casefold())
    if not match:
        return None
    low, high = int(match[1]), int(match[2])
    return (
        (low, high)
        if (low in {-3, 0, 1} and low + 1 < high <= 10) or (low, high) == (0, 1)
        else None
    )


def zone_stated(header: str) -> str | None:
    """The zone that a header ends in: `(UTC)`, `(Europe/Amsterdam)`."""
    if "(utc)" in header.casefold():
        return "UTC"
    match = _ZONE_BEHIND.search(header)
    return match[1] if match else None


def reads_day_first(headers: list[str]) -> bool:
    """Whether the headers are in a language that writes the day before the month."""
    return any(_DUTCH.search(plain(header)) for header in headers)
