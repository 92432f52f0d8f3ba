"""What the respondent's page weighs.

Everything that the page makes a browser load, before compression: the page itself with the style
and the script inside it. It asks for nothing else, which the count of further requests shows.
"""

import re
import urllib.request

from benchmarks.ratios import Figure
from benchmarks.server import installation, web

LIMIT = 30_000


def run() -> list[Figure]:
    """Fetch the page as a phone would and weigh it."""
    figures = []
    with installation("sqlite") as place, web(place) as port:
        for language in ("nl", "en"):
            address = f"http://127.0.0.1:{port}/s/{place.slug}/?l={language}"
            with urllib.request.urlopen(address, timeout=10) as answer:
                page = answer.read()
            further = re.findall(rb"""(?:src|href)=["'](?!data:)[^"']+["']""", page)
            figures.append(
                Figure(f"survey page, {language}", len(page), "bytes", LIMIT, "design limit")
            )
            figures.append(
                Figure(f"further requests, {language}", len(further), "requests", 1, "one icon")
            )
    return figures
