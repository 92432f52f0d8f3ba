"""Reading mail that comes in: decisions on plain values, without Django and without a network."""

from gloed.channels.letters.rules.kinds import kind_of
from gloed.channels.letters.rules.plain import text_of_html
from gloed.channels.letters.rules.reading import LARGEST, read_mail
from gloed.channels.letters.rules.trimming import trimmed

__all__ = ["LARGEST", "kind_of", "read_mail", "text_of_html", "trimmed"]
