"""What the pages of testimonials say: states, lines of the story, reasons."""

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gloed.loop.testimonials.models import PLACES, STATES, Testimonial
from gloed.loop.testimonials.queries import WALL
from gloed.loop.testimonials.rules import Ended, Happened, State, read_places

STATE_NAMES: dict[str, str | Promise] = {**dict(STATES), WALL: _("on the wall")}
PLACE_NAMES: dict[str, str | Promise] = dict(PLACES)
HAPPENED: dict[str, str | Promise] = {
    Happened.PROPOSED: _("Proposed"),
    Happened.CHANGED: _("Changed by us"),
    Happened.CHANGED_BACK: _("Back to what was agreed"),
    Happened.ASKED: _("Asked the customer"),
    Happened.ASK_TAKEN_BACK: _("Took the request back"),
    Happened.AGREED: _("The customer agreed"),
    Happened.AGREED_OTHERWISE: _("The customer agreed, in words of their own"),
    Happened.DECLINED: _("The customer would rather not"),
    Happened.WITHDRAWN: _("The customer took it back"),
    Happened.ENDED_ANSWER: _("Ended: the answer was withdrawn"),
    Happened.ENDED_QUOTE: _("Ended: the customer allows quoting that answer no longer"),
    Happened.ENDED_PERSON: _("Ended: the customer was erased, and the words with them"),
    Happened.ENDED_GONE: _("Ended: the customer or the answer was removed"),
    Happened.ON_WALL: _("Put on the wall"),
    Happened.OFF_WALL: _("Taken off the wall"),
    Happened.REMOVED: _("Taken away"),
    Happened.RESTORED: _("Brought back"),
}
ENDED_BECAUSE: dict[str, str | Promise] = {
    Ended.CUSTOMER: _("The customer took it back."),
    Ended.CHANGED: _("The words were changed, so this holds no longer."),
    Ended.ANSWER: _("The answer it came from was withdrawn."),
    Ended.QUOTE: _("The customer took back that this answer may be quoted."),
    Ended.PERSON: _("The customer was erased; the words went with them."),
    Ended.GONE: _("The customer or the answer was removed."),
}
REFUSALS: dict[str, str | Promise] = {
    "there_is_one": _("Nothing was made: this answer has a testimonial already."),
    "said_no": _("Nothing was changed: the customer said no, and is not asked again."),
    "nobody": _("Nothing was changed: there is nobody to ask any more."),
    "agreed": _("Nobody was asked: the customer has agreed already."),
    "nowhere": _("Nobody was asked yet: choose at least one place where it may stand."),
    "not_agreed": _("It was not put on the wall: the customer did not agree to that."),
}


def name_shown(name_text: str, language: str) -> str:
    """The name under the words; of somebody without one "a customer", in the words' language."""
    if name_text:
        return name_text
    with translation.override(language):
        return gettext("A customer")


def places_in_words(places: list[str]) -> list[str]:
    """The places by their names."""
    return [str(PLACE_NAMES[place]) for place in read_places(places)]


def state_in_words(one: Testimonial) -> str:
    """Where it stands, in one sentence."""
    if one.on_wall_at is not None:
        return gettext("The customer agreed, and it stands on the wall.")
    sentences = {
        State.PROPOSED: gettext("Nobody was asked yet."),
        State.ASKED: gettext("The customer was asked and has not answered yet."),
        State.AGREED: gettext("The customer agreed."),
        State.DECLINED: gettext("The customer would rather not. Nobody asks them again."),
        State.WITHDRAWN: gettext("It may be shown nowhere any more."),
    }
    return sentences[State(one.state)]
