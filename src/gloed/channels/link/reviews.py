"""The review sites under the thank-you: the same for everybody, whatever they answered.

No rating comes in here, so none can decide who sees it.
"""

from functools import lru_cache

from django.template.loader import render_to_string
from django.utils import translation

from gloed.loop.testimonials.rules import ReviewLink


@lru_cache(maxsize=256)
def reviews_block(links: tuple[ReviewLink, ...], language: str) -> str:
    """The links as HTML; empty where there are none."""
    if not links:
        return ""
    with translation.override(language):
        return render_to_string("link/reviews.html", {"links": links}).strip()
