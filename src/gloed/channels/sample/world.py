"""Who the sample organisation is: its teams, journey, surveys and staff, as data."""

from gloed.channels.sample.values import (
    AttributeDefinition,
    Kind,
    OrganisationFacts,
    Staff,
    Survey,
    Team,
    Text,
    Touchpoint,
)

ORGANISATION = OrganisationFacts(
    name="Zilverwiek Energie",
    slug="zilverwiek",
    timezone="Europe/Amsterdam",
    default_language="nl",
    sector=Text("Energieleverancier", "Energy supplier"),
)

REGIONS = ("Noord", "Oost", "Zuid", "West")
CONTRACTS = ("Variabel", "Vast 1 jaar", "Vast 3 jaar", "Dynamisch")
PRODUCTS = ("Stroom", "Stroom en gas", "Zonnepanelen", "Warmtepomp", "Laadpaal")
LIFECYCLES = ("Nieuw", "Gevestigd", "Trouw")
SUPPORT_CHANNELS = ("Telefoon", "Chat", "E-mail", "App", "Geen contact")
CUSTOMER_TYPES = ("Particulier", "Zakelijk")

ATTRIBUTES = (
    AttributeDefinition("region", Text("Regio", "Region"), "text", REGIONS),
    AttributeDefinition("product", Text("Product", "Product"), "text", PRODUCTS),
    AttributeDefinition("contract", Text("Contract", "Contract"), "text", CONTRACTS),
    AttributeDefinition("customer_since", Text("Klant sinds", "Customer since"), "date", ()),
    AttributeDefinition("lifecycle", Text("Levensfase", "Lifecycle"), "text", LIFECYCLES),
    AttributeDefinition(
        "support_channel", Text("Contactkanaal", "Support channel"), "text", SUPPORT_CHANNELS
    ),
    AttributeDefinition(
        "customer_type", Text("Soort klant", "Customer type"), "text", CUSTOMER_TYPES
    ),
    AttributeDefinition(
        "wait_minutes", Text("Wachttijd (minuten)", "Waiting time (minutes)"), "integer", ()
    ),
)

SERVICE_TEAM_OF_REGION = {
    "Noord": "service_noord",
    "Oost": "service_oost",
    "Zuid": "service_zuid",
    "West": "service_west",
}
SMALL_TEAM = "servicepunt"

TEAMS = (
    Team("service_noord", Text("Servicecentrum Noord", "Service centre North")),
    Team("service_oost", Text("Servicecentrum Oost", "Service centre East")),
    Team("service_zuid", Text("Servicecentrum Zuid", "Service centre South")),
    Team("service_west", Text("Servicecentrum West", "Service centre West")),
    Team(SMALL_TEAM, Text("Servicepunt Veldhaven", "Service desk Veldhaven")),
    Team("facturatie", Text("Facturatie en betalingen", "Billing and payments")),
    Team("monteurs", Text("Monteurs en storingen", "Mechanics and outages")),
    Team("klant_worden", Text("Klant worden en blijven", "Joining and staying")),
)

STAFF = (
    Staff("Marit Vonkenstap", "marit@zilverwiek.example.nl", "owner", None, "nl"),
    Staff("Daan Regenspoor", "daan@zilverwiek.example.nl", "manager", None, "nl"),
    Staff("Priya Wolkenveder", "priya@zilverwiek.example.nl", "analyst", None, "en"),
    Staff("Hanneke Rietdans", "hanneke@zilverwiek.example.nl", "viewer", None, "nl"),
    Staff("Jelte Duinloper", "jelte@zilverwiek.example.nl", "frontline", "service_noord", "nl"),
    Staff("Femke Lindeschoot", "femke@zilverwiek.example.nl", "frontline", "service_oost", "nl"),
    Staff("Karim Merelsprong", "karim@zilverwiek.example.nl", "frontline", "service_zuid", "nl"),
    Staff("Sanne Zwaluwstaf", "sanne@zilverwiek.example.nl", "frontline", "service_west", "nl"),
    Staff("Roos Ottermuts", "roos@zilverwiek.example.nl", "frontline", SMALL_TEAM, "nl"),
    Staff("Gijs Nevelklok", "gijs@zilverwiek.example.nl", "frontline", "facturatie", "nl"),
    Staff("Umut Berkladder", "umut@zilverwiek.example.nl", "frontline", "monteurs", "nl"),
    Staff("Ruth Pluimwachter", "ruth@zilverwiek.example.nl", "frontline", "klant_worden", "en"),
)

_BECOMING = Text("Klant worden", "Becoming a customer")
_BEING = Text("Klant zijn", "Being a customer")
_STAYING = Text("Klant blijven", "Staying a customer")

TOUCHPOINTS = (
    Touchpoint(
        "switching",
        1,
        Text("Overstappen", "Switching"),
        _BECOMING,
        "ces",
        "klant_worden",
        Text(
            "In één avond geregeld, zonder zelf te hoeven opzeggen.",
            "Done in one evening, without having to cancel anything myself.",
        ),
        5.5,
    ),
    Touchpoint(
        "welcome",
        2,
        Text("Welkom", "Welcome"),
        _BECOMING,
        "csat",
        "klant_worden",
        Text(
            "Ik weet wat ik betaal, wanneer, en bij wie ik terechtkan.",
            "I know what I pay, when, and whom to turn to.",
        ),
        75.0,
    ),
    Touchpoint(
        "bill",
        3,
        Text("Termijnbedrag en jaarafrekening", "Monthly amount and yearly bill"),
        _BEING,
        "csat",
        "facturatie",
        Text(
            "De rekening klopt en ik snap hem zonder te bellen.",
            "The bill is right and I understand it without calling.",
        ),
        65.0,
    ),
    Touchpoint(
        "phone",
        4,
        Text("Klantenservice aan de telefoon", "Customer service on the phone"),
        _BEING,
        "ces",
        "service_noord",
        Text(
            "Binnen vijf minuten een mens, en na één gesprek is het klaar.",
            "A person within five minutes, and one call settles it.",
        ),
        5.0,
    ),
    Touchpoint(
        "installation",
        5,
        Text("Installatie en monteur", "Installation and mechanic"),
        _BEING,
        "nps",
        "monteurs",
        Text(
            "De monteur komt wanneer dat is afgesproken en laat het netjes achter.",
            "The mechanic comes when agreed and leaves the place tidy.",
        ),
        30.0,
    ),
    Touchpoint(
        "outage",
        6,
        Text("Storing", "Outage"),
        _BEING,
        "csat",
        "monteurs",
        Text(
            "Ik hoor meteen hoe lang het gaat duren.",
            "I am told straight away how long it will take.",
        ),
        60.0,
    ),
    Touchpoint(
        "renewal",
        7,
        Text("Verlengen", "Renewal"),
        _STAYING,
        "nps",
        "klant_worden",
        Text(
            "Een eerlijk voorstel, ook als ik al jaren klant ben.",
            "A fair offer, also when I have been with you for years.",
        ),
        5.0,
    ),
)

_LIKELY = Text("Zeer waarschijnlijk", "Very likely")
_UNLIKELY = Text("Zeer onwaarschijnlijk", "Very unlikely")
_SATISFIED = Text("Zeer tevreden", "Very satisfied")
_DISSATISFIED = Text("Zeer ontevreden", "Very dissatisfied")
_AGREE = Text("Helemaal mee eens", "Strongly agree")
_DISAGREE = Text("Helemaal mee oneens", "Strongly disagree")
_WHY = Text("Waarom geef je dit cijfer?", "Why did you choose this score?")
_BETTER = Text(
    "Wat ging er goed, en wat kan er beter?", "What went well, and what could be better?"
)


def _nps(key: str, name: Text, question: Text, touchpoint: str | None) -> Survey:
    kind: Kind = "transactional" if touchpoint else "relationship"
    return Survey(key, name, kind, touchpoint, "nps", 0, 10, question, _UNLIKELY, _LIKELY, _WHY)


def _csat(key: str, name: Text, question: Text) -> Survey:
    return Survey(
        key, name, "transactional", key, "csat", 1, 5, question, _DISSATISFIED, _SATISFIED, _BETTER
    )


def _ces(key: str, name: Text, question: Text) -> Survey:
    return Survey(
        key, name, "transactional", key, "ces", 1, 7, question, _DISAGREE, _AGREE, _BETTER
    )


SURVEYS = (
    _nps(
        "relationship",
        Text("Klantrelatie per kwartaal", "Quarterly relationship"),
        Text(
            "Hoe waarschijnlijk is het dat je Zilverwiek aanbeveelt aan familie of vrienden?",
            "How likely are you to recommend Zilverwiek to family or friends?",
        ),
        None,
    ),
    _ces(
        "switching",
        Text("Na het overstappen", "After switching"),
        Text(
            "Zilverwiek maakte het mij makkelijk om over te stappen.",
            "Zilverwiek made it easy for me to switch.",
        ),
    ),
    _csat(
        "welcome",
        Text("Na de eerste maand", "After the first month"),
        Text(
            "Hoe tevreden ben je over je eerste weken bij Zilverwiek?",
            "How satisfied are you with your first weeks at Zilverwiek?",
        ),
    ),
    _csat(
        "bill",
        Text("Na de jaarafrekening", "After the yearly bill"),
        Text(
            "Hoe tevreden ben je over je laatste rekening?",
            "How satisfied are you with your latest bill?",
        ),
    ),
    _ces(
        "phone",
        Text("Na een telefoongesprek", "After a phone call"),
        Text(
            "Zilverwiek maakte het mij makkelijk om mijn vraag opgelost te krijgen.",
            "Zilverwiek made it easy for me to get my question solved.",
        ),
    ),
    _nps(
        "installation",
        Text("Na de installatie", "After the installation"),
        Text(
            "Hoe waarschijnlijk is het dat je onze monteurs aanbeveelt aan anderen?",
            "How likely are you to recommend our mechanics to others?",
        ),
        "installation",
    ),
    _csat(
        "outage",
        Text("Na een storing", "After an outage"),
        Text(
            "Hoe tevreden ben je over hoe wij de storing hebben opgelost?",
            "How satisfied are you with the way we solved the outage?",
        ),
    ),
    _nps(
        "renewal",
        Text("Na een verlengvoorstel", "After a renewal offer"),
        Text(
            "Hoe waarschijnlijk is het dat je Zilverwiek aanbeveelt na dit voorstel?",
            "How likely are you to recommend Zilverwiek after this offer?",
        ),
        "renewal",
    ),
)
