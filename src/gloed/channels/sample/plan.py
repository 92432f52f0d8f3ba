"""What is planted in the sample organisation, as numbers: volumes, effects and the dip.

Effects are in units of the latent satisfaction, whose noise has standard deviation 1.
`docs/reference/sample-organisation.md` tells the same to analysts.
"""

from collections.abc import Mapping
from datetime import date, timedelta

from gloed.channels.sample.values import Dip, Event, Text, Wave

HISTORY = timedelta(days=730)
PERSONS = 7_000
BUSINESS_PERSONS = 56
REGULARS = 12
REST_PERIOD = timedelta(days=30)

# Shares of people
REGION_SHARES = {"Noord": 0.17, "Oost": 0.31, "Zuid": 0.30, "West": 0.22}
CONTRACT_SHARES = {"Variabel": 0.54, "Vast 1 jaar": 0.26, "Vast 3 jaar": 0.13, "Dynamisch": 0.07}
PRODUCT_SHARES = {
    "Stroom": 0.18,
    "Stroom en gas": 0.50,
    "Zonnepanelen": 0.18,
    "Warmtepomp": 0.10,
    "Laadpaal": 0.04,
}
SUPPORT_SHARES = {"Telefoon": 0.34, "Chat": 0.14, "E-mail": 0.13, "App": 0.19, "Geen contact": 0.20}
ENGLISH_SHARE = 0.22
JOINED_IN_HISTORY = 0.24

# How often is asked after an event, and how often is answered
SAMPLED = {
    "switching": 0.95,
    "welcome": 0.95,
    "bill": 0.95,
    "phone": 1.0,
    "installation": 1.0,
    "outage": 1.0,
    "renewal": 0.55,
}
RESPONSE_RATES = {
    "relationship": 0.30,
    "switching": 0.40,
    "welcome": 0.37,
    "bill": 0.28,
    "phone": 0.34,
    "installation": 0.50,
    "outage": 0.29,
    "renewal": 0.27,
}
WAVE_SIZE = 1_650
PHONE_CALLS_PER_DAY = 11.8
OUTAGES_PER_DAY = 0.30
PHONE_SURGE = 0.7  # at full dip strength that many more calls, half of them from the dip's cell
RESPONSE_FACTOR = {"Variabel": 0.93, "Vast 1 jaar": 1.06, "Vast 3 jaar": 1.15, "Dynamisch": 1.0}
VERBATIM_RATES = {"neg": 0.65, "mid": 0.40, "pos": 0.44}

# Volume by month, January first; 1 is an ordinary month
SEASON: Mapping[str, tuple[float, ...]] = {
    "switching": (1.5, 1.1, 1.0, 0.9, 0.9, 0.8, 0.7, 0.8, 1.2, 1.3, 1.1, 0.7),
    "bill": (1.5, 1.4, 1.2, 1.0, 0.8, 0.7, 0.7, 0.7, 0.9, 1.0, 1.1, 1.0),
    "phone": (1.4, 1.3, 1.1, 1.0, 0.9, 0.8, 0.7, 0.7, 0.9, 1.0, 1.1, 1.1),
    "installation": (0.7, 0.8, 1.1, 1.3, 1.3, 1.2, 0.9, 0.8, 1.2, 1.2, 0.9, 0.6),
    "outage": (1.7, 1.5, 1.0, 0.7, 0.6, 0.6, 0.7, 0.7, 0.8, 1.1, 1.3, 1.3),
}
WEEKDAY = (1.25, 1.1, 1.05, 1.0, 0.95, 0.4, 0.25)

# Effects on latent satisfaction
TOUCHPOINT_MEAN = {
    "relationship": 0.18,
    "switching": 0.25,
    "welcome": 0.10,
    "bill": -0.05,
    "phone": 0.15,
    "installation": 0.45,
    "outage": -0.25,
    "renewal": -0.05,
}
TEAM_EFFECT = {
    "service_noord": 0.30,
    "service_oost": 0.0,
    "service_zuid": -0.35,
    "service_west": 0.0,
    "servicepunt": 0.0,
    "facturatie": 0.0,
    "monteurs": 0.0,
    "klant_worden": 0.0,
}
INSTALLED_EFFECT = {"Warmtepomp": -0.45, "Zonnepanelen": 0.15, "Laadpaal": 0.0}
CONTRACT_EFFECT = {"Variabel": -0.05, "Vast 1 jaar": 0.0, "Vast 3 jaar": 0.15, "Dynamisch": 0.0}
LIFECYCLE_EFFECT = {"Nieuw": 0.05, "Gevestigd": -0.10, "Trouw": 0.15}
BUSINESS_EFFECT = -0.15
PERSON_SD = 0.55
WAIT_EFFECT_PER_MINUTE = -0.022  # above five minutes
WELCOME_IMPROVEMENT = 0.40  # from the day the welcome mails were rewritten
DIP_EFFECT = {"bill": -1.7, "relationship": -1.35, "renewal": -0.6}
RECOVERY_START = 0.5  # what is left of the dip on the day of the fix

# Shares of each rating at latent 0, low to high, and the total spread they refer to
RATING_SHARES: Mapping[str, tuple[float, ...]] = {
    "nps": (0.03, 0.015, 0.02, 0.025, 0.03, 0.07, 0.09, 0.18, 0.27, 0.13, 0.14),
    "csat": (0.06, 0.09, 0.20, 0.42, 0.23),
    "ces": (0.04, 0.05, 0.08, 0.12, 0.22, 0.30, 0.19),
}
LATENT_SD = 1.15

USUAL_WAIT = 5.0  # median minutes on the phone
DIP_WAIT = 30.0  # minutes added to the median at full dip strength

SMALL_TEAM_ANSWERS = 14
PARTIAL_SHARE = 0.022
WITHDRAWN_ANSWERS = 7


def dip_for(today: date) -> Dip:
    """The planted dip, placed so that one relationship wave falls wholly inside it."""
    near = today - timedelta(days=310)
    starts_on = near - timedelta(days=near.weekday())
    fixed_on = starts_on + timedelta(days=70)
    return Dip(
        starts_on=starts_on,
        fixed_on=fixed_on,
        over_on=fixed_on + timedelta(days=154),
        contract="Variabel",
        regions=("Oost", "Zuid"),
    )


def strength(dip: Dip, day: date) -> float:
    """How much of the dip is felt on a day, from 0 to 1: ten days up, flat, a step, a slow fade."""
    if day < dip.starts_on or day >= dip.over_on:
        return 0.0
    if day < dip.fixed_on:
        return min(1.0, ((day - dip.starts_on).days + 1) / 10)
    left = (dip.over_on - day).days / (dip.over_on - dip.fixed_on).days
    return RECOVERY_START * left


def welcome_rewritten_on(today: date) -> date:
    """The day the welcome mails became better: the one planted improvement."""
    return today - timedelta(days=365)


def waves_for(today: date) -> tuple[Wave, ...]:
    """Eight quarterly waves of two weeks, oldest first; the last one is still coming in."""
    waves = []
    for number in range(8):
        starts_on = today - timedelta(days=20 + 91 * (7 - number))
        waves.append(
            Wave(
                key=f"relationship-{number + 1}",
                survey="relationship",
                starts_on=starts_on,
                ends_on=starts_on + timedelta(days=14),
            )
        )
    return tuple(waves)


def events_for(today: date) -> tuple[Event, ...]:
    """What happened, in order, for the margin of a trend."""
    dip = dip_for(today)
    happened = (
        Event(
            welcome_rewritten_on(today),
            Text("Welkomstmails herschreven", "Welcome mails rewritten"),
        ),
        Event(
            dip.starts_on,
            Text("Overgang naar nieuw rekeningsysteem", "Move to a new billing system"),
        ),
        Event(
            dip.fixed_on,
            Text("Jaarafrekeningen hersteld, excuusbrief", "Yearly bills corrected, apology sent"),
        ),
        Event(
            today - timedelta(days=60),
            Text("Servicepunt Veldhaven geopend", "Service desk Veldhaven opened"),
        ),
    )
    return tuple(sorted(happened, key=lambda event: event.on))
