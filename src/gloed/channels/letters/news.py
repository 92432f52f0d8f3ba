"""What a mail provider tells of a letter: it reaches this room through `channels.email.events`."""

import re
from datetime import datetime
from uuid import UUID

from gloed.channels.email.rules.news import News
from gloed.loop.letters import operations as letters
from gloed.loop.letters.models import Letter

_OURS = re.compile(r"<?([0-9a-f]{32})\.[a-z2-7]{20}@[^<>\s]+>?")
_GONE = frozenset({News.BOUNCED, News.LOST})


def note(name: str, news: News, *, now: datetime) -> bool:
    """Take in news of the mail with this Message-ID; False where it is no letter of ours."""
    found = _OURS.fullmatch(name.strip())
    if found is None:
        return False
    letter = Letter.objects.filter(public_id=UUID(found[1])).first()
    if letter is None:
        return False
    if news in _GONE:
        letters.note_bounced(letter.pk, problem=news.value, now=now)
    return True
