"""A survey that asks one question of every kind, for the tests of several rooms."""

from gloed.surveys.rules import (
    About,
    Band,
    Condition,
    ContactField,
    Further,
    Kind,
    Metric,
    Option,
    Presentation,
    Purpose,
    QuestionWords,
    Scale,
    ShowIf,
    Thanks,
    ThanksWords,
)


def both(nl, en, **kwargs):
    """The same question in Dutch and English."""
    return {"nl": QuestionWords(nl, **kwargs), "en": QuestionWords(en, **kwargs)}


def only_for(*bands):
    """Shown to these bands."""
    return ShowIf((Condition(About.BAND, values=tuple(bands)),))


def after(key, *values, **kwargs):
    """Shown after an answer."""
    return ShowIf((Condition(About.ANSWER, key, values, **kwargs),))


REASON = Further(
    "reason",
    Kind.SINGLE,
    both(
        "Waar lag dat aan, {first_name|beste klant}?",
        "What was it about, {first_name|dear customer}?",
        options={"price": "De prijs", "service": "De service", "none": "Geen van deze"},
        other="Iets anders",
    ),
    options=(Option("price"), Option("service"), Option("none", is_fixed=True)),
    has_other=True,
    is_shuffled=True,
    show_if=only_for("detractor"),
)
EASE = Further(
    "ease",
    Kind.RATING,
    both("Hoe tevreden?", "How satisfied?", low_label="Helemaal niet", high_label="Heel erg"),
    scale=Scale(1, 5),
    metric=Metric.CSAT,
    presentation=Presentation.FACES,
)
WISHES = Further(
    "wishes",
    Kind.MULTIPLE,
    both("Wat mis je?", "What do you miss?", options={"app": "Een app", "chat": "Chat"}),
    options=(Option("app"), Option("chat")),
    most=2,
)
DETAIL = Further(
    "detail", Kind.OPEN, both("Welke app?", "Which app?"), show_if=after("wishes", "app")
)
CONSENT = Further(
    "call", Kind.CONSENT, both("Je mag me bellen.", "You may call me."), purpose=Purpose.CONTACT
)
CONTACT = Further(
    "reach",
    Kind.CONTACT,
    both("Hoe bereiken we je?", "How do we reach you?"),
    fields=tuple(ContactField),
)
EVERY_KIND = (REASON, EASE, WISHES, DETAIL, CONSENT, CONTACT)
THANKS = {
    "nl": Thanks(
        ThanksWords("Dank, {first_name|jij}!"),
        {
            Band.PROMOTER: ThanksWords(
                "Wat fijn!", "https://example.org/review", "Schrijf een review"
            )
        },
    ),
    "en": Thanks(ThanksWords("Thanks!")),
}
REASON_AT, EASE_AT, WISHES_AT, DETAIL_AT, CONSENT_AT, CONTACT_AT = range(3, 9)
