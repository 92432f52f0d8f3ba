"""HTML made text: nothing of it is ever shown as HTML again."""

from html.parser import HTMLParser

_GAPS = frozenset(
    {"p", "div", "tr", "table", "ul", "ol", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "hr"}
)
_LINES = frozenset({"br", "li"})
_UNSEEN = frozenset({"script", "style", "head", "title", "template", "object", "svg", "math"})
QUOTE = "> "
DEEPEST = 30


class _Reader(HTMLParser):
    """Collects what a person would see, a line at a time; a quotation's lines begin with `>`."""

    def __init__(self, limit: int) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = [""]
        self.size, self.limit = 0, limit
        self.unseen = 0
        self.depth = 0
        self.link = ""
        self.shown = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self.unseen += 1
            return
        if tag in _GAPS or tag in _LINES:
            self._line()
        if tag == "blockquote":
            self.depth = min(self.depth + 1, DEEPEST)
            self.lines[-1] = self._margin
        if tag == "a":
            address = dict(attrs).get("href") or ""
            self.link = address if address.startswith(("https://", "http://")) else ""
            self.shown = ""

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self.unseen = max(0, self.unseen - 1)
            return
        if tag == "a" and self.link:
            if self.link.rstrip("/") not in self.shown:
                self._put(f" ({self.link})")
            self.link = ""
        if tag in _GAPS:
            if tag == "blockquote":
                self.depth = max(0, self.depth - 1)
            self._line()

    def handle_data(self, data: str) -> None:
        if self.unseen or self.size > self.limit:
            return
        text = " ".join(data.split())
        if not text:
            if data and not self.lines[-1].endswith((" ", "\n")) and self.lines[-1].strip("> "):
                self.lines[-1] += " "
            return
        before = " " if data[0].isspace() and self.lines[-1].strip("> ") else ""
        after = " " if data[-1].isspace() else ""
        self._put(f"{before}{text}{after}")
        self.shown += text

    @property
    def _margin(self) -> str:
        return QUOTE * self.depth

    def _put(self, text: str) -> None:
        self.size += len(text)
        self.lines[-1] += text

    def _line(self) -> None:
        self.lines.append(self._margin)


def text_of_html(html: str, *, limit: int = 100_000) -> str:
    """What a person would read of a page, as plain text; a quotation's lines begin with `>`.

    Scripts, styles and comments are left out, a link keeps its address behind its words.

    >>> text_of_html("<p>Thanks!<br>Nia</p><script>alert(1)</script>")
    'Thanks!\\nNia'
    """
    reader = _Reader(limit)
    reader.feed(html[: limit * 10])
    reader.close()
    kept: list[str] = []
    for line in reader.lines:
        clean = " ".join(line.split())
        if clean.strip("> ") or (kept and kept[-1].strip("> ")):
            kept.append(clean)
    return "\n".join(kept).strip()[:limit]
