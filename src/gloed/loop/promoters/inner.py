"""The tabs inside Promoters: the worklist, referrals, references, testimonials, reviews."""

from django.utils.translation import gettext_lazy

from gloed.base.links import page_url
from gloed.base.policy import StaffRequest
from gloed.base.rules import Role, may

TABS = (
    ("promoters:home", gettext_lazy("Who is glad with us"), "responses.view_answers"),
    ("promoters:referrals", gettext_lazy("Referrals"), "responses.view_answers"),
    ("promoters:references", gettext_lazy("References and early access"), "responses.view_answers"),
    ("testimonials:list", gettext_lazy("Testimonials"), "responses.view_answers"),
    ("testimonials:reviews", gettext_lazy("Reviews"), "responses.view_answers"),
)


def inner_tabs(request: StaffRequest, present: str) -> list[tuple[str, str, bool]]:
    """Name, address and whether it is the present one, of what this colleague may open.

    A tab whose page does not exist is left out, so no link is dead.
    """
    role = Role(request.membership.role)
    return [
        (str(label), url, name == present)
        for name, label, permission in TABS
        if may(role, permission) and (url := page_url(name))
    ]
