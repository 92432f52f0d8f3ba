"""What an archive holds, kind by kind, and what it leaves out and why.

Models of rooms that may not be imported here are named by their label. A test looks whether every
model of an organisation stands in one of the two tables.
"""

from dataclasses import dataclass
from typing import Final

from django.apps import apps
from django.db import models

from gloed.base.models import Organisation


@dataclass(frozen=True, slots=True)
class Kind:
    """One file of JSON Lines: its name, the model, and the way from a row to its organisation.

    `without` are columns that stay behind; `later` are references to rows of a kind that comes
    after this one, set when those are there; `is_large` kinds are written a piece at a time.
    """

    name: str
    label: str
    own: str = "organisation"
    without: frozenset[str] = frozenset()
    later: tuple[str, ...] = ()
    is_large: bool = False

    @property
    def model(self) -> type[models.Model]:
        """The model, looked up by its label."""
        return apps.get_model(self.label)

    @property
    def file(self) -> str:
        """Where it stands in the archive."""
        return f"{self.name}.jsonl"

    def rows_of(self, organisation: Organisation) -> "models.QuerySet[models.Model]":
        """The rows of one organisation, by key."""
        return self.model._base_manager.filter(**{self.own: organisation}).order_by("pk")


ORGANISATION: Final = Kind("organisation", "base.organisation", "pk", frozenset({"is_sample"}))
COLLEAGUES: Final = Kind(
    "colleagues",
    "base.staff",
    "pk__in",
    frozenset({"password", "last_login", "date_joined"}),
)
MEMBERSHIPS: Final = Kind("memberships", "base.membership")

KINDS: Final = (
    Kind("teams", "base.team"),
    MEMBERSHIPS,
    Kind("members_of_teams", "base.membership_teams", "membership__organisation"),
    Kind("journeys", "surveys.journey"),
    Kind("phases", "surveys.phase", "journey__organisation"),
    Kind("touchpoints", "surveys.touchpoint"),
    Kind("surveys", "surveys.survey", later=("current_id",)),
    Kind("versions", "surveys.surveyversion", "survey__organisation"),
    Kind("questions", "surveys.question", "version__survey__organisation"),
    Kind("wordings", "surveys.wording", "question__version__survey__organisation"),
    Kind("options", "surveys.option", "question__version__survey__organisation"),
    Kind(
        "option_wordings",
        "surveys.optionwording",
        "option__question__version__survey__organisation",
    ),
    Kind("thanks", "surveys.thankswording", "version__survey__organisation"),
    Kind("looks", "surveys.look"),
    Kind("own_wordings", "surveys.ownwording"),
    Kind("mail_designs", "email.maildesign"),
    Kind("contact_policy", "fieldwork.contactpolicy"),
    Kind("text_hours", "sms.texthours"),
    Kind("text_words", "sms.textwords", "survey__organisation"),
    Kind("kiosks", "kiosk.kiosk", without=frozenset({"pin"})),
    Kind("widgets", "widget.widget", without=frozenset({"secret"})),
    Kind("widget_days", "widget.widgetday", "widget__organisation"),
    Kind("remembered_mappings", "file_import.rememberedmapping"),
    Kind("codebooks", "coding.codebook", later=("published_id",)),
    Kind("codebook_versions", "coding.codebookversion", "codebook__organisation"),
    Kind("codebook_steps", "coding.draftstep", "version__codebook__organisation"),
    Kind("themes", "coding.theme"),
    Kind("saved_views", "analysis.savedview"),
    Kind("goals", "goals.goal"),
    Kind("population_tables", "coverage.populationtable"),
    Kind("own_places", "benchmarks.ownplace"),
    Kind("benchmarks", "benchmarks.benchmark"),
    Kind("brief_subscriptions", "briefs.subscription"),
    Kind("briefs", "briefs.brief", is_large=True),
    Kind("delighted_projects", "delighted.project"),
    Kind("delighted_autopilots", "delighted.autopilot", "project__organisation"),
    Kind("wave_series", "fieldwork.waveseries"),
    Kind("waves", "fieldwork.wave"),
    Kind("triggers", "fieldwork.trigger"),
    Kind("accounts", "people.account", is_large=True),
    Kind("persons", "people.person", is_large=True),
    Kind("customer_files", "customers.customerfile"),
    Kind("customers", "customers.customer", "file__organisation", is_large=True),
    Kind("suppressions", "people.suppression", is_large=True),
    Kind("preferences", "fieldwork.preference", "person__organisation", is_large=True),
    Kind("person_requests", "own_page.personrequest", is_large=True),
    Kind("delighted_members", "delighted.autopilotmember", "project__organisation", is_large=True),
    Kind("events", "fieldwork.receivedevent", is_large=True),
    Kind(
        "invitations",
        "fieldwork.invitation",
        without=frozenset({"leased_until"}),
        is_large=True,
    ),
    Kind("reactions", "fieldwork.reaction", "event__organisation", is_large=True),
    Kind("short_links", "sms.shortlink", is_large=True),
    Kind("calls", "phone.call", without=frozenset({"held_until"}), is_large=True),
    Kind(
        "invitation_signals",
        "responses.invitationsignal",
        "invitation__organisation",
        is_large=True,
    ),
    Kind("mail_visits", "email.mailvisit", "invitation__organisation", is_large=True),
    Kind("responses", "responses.response", is_large=True),
    Kind("answers", "responses.answer", "response__organisation", is_large=True),
    Kind("consents", "responses.consent", "response__organisation", is_large=True),
    Kind("contact_details", "responses.contactdetails", "response__organisation", is_large=True),
    Kind("notes", "delighted.note", "response__organisation", is_large=True),
    Kind("human_codes", "coding.humancode", "answer__response__organisation", is_large=True),
    Kind("reviewed", "coding.review", "answer__response__organisation", is_large=True),
    Kind("causes", "cases.cause"),
    Kind("case_rules", "cases.openingrule"),
    Kind("case_routes", "cases.route"),
    Kind("case_route_members", "cases.route_members", "route__organisation"),
    Kind("absences", "cases.absence", "membership__organisation"),
    Kind("case_settings", "cases.casesettings"),
    Kind("frontline_rooms", "cases.frontlineroom"),
    Kind("cases", "cases.case", is_large=True),
    Kind("case_answers", "cases.caseanswer", "case__organisation", is_large=True),
    Kind("case_events", "cases.caseevent", "case__organisation", is_large=True),
    Kind("case_mentions", "cases.mention", "event__case__organisation", is_large=True),
    Kind("case_tasks", "cases.casetask", "case__organisation", is_large=True),
    Kind("letter_settings", "letters.lettersettings"),
    Kind("letter_texts", "letters.lettertemplate"),
    Kind("letter_threads", "letters.thread", is_large=True),
    Kind("letters", "letters.letter", without=frozenset({"leased_until"}), is_large=True),
    Kind("letter_files", "letters.letterfile", "letter__organisation", is_large=True),
    Kind("letters_apart", "letters.stray", is_large=True),
    Kind("follow_ups", "letters.followup", is_large=True),
    Kind("read_marks", "leaks.readmark", is_large=True),
    Kind("improvements", "improvements.improvement"),
    Kind("improvement_themes", "improvements.improvement_themes", "improvement__organisation"),
    Kind("improvement_cases", "improvements.improvement_cases", "improvement__organisation"),
    Kind("improvement_steps", "improvements.step", "improvement__organisation"),
    Kind("improvement_answers", "improvements.evidence", "response__organisation", is_large=True),
    Kind("alarm_promises", "alarms.promise"),
    Kind("alarm_monitors", "alarms.monitor"),
    Kind("alarm_recipients", "alarms.monitor_recipients", "monitor__organisation"),
    Kind("alarms", "alarms.alarm"),
    Kind("predictions", "effects.prediction"),
    Kind("judgements", "effects.judgement", "prediction__organisation"),
    Kind("judged_barriers", "passives.judgedbarrier"),
    Kind("passive_follow_ups", "passives.followup", is_large=True),
    Kind("passive_lines", "passives.line", "follow_up__organisation", is_large=True),
    Kind("offers", "passives.offer", is_large=True),
    Kind("notices", "notices.notice", without=frozenset({"leased_until"}), is_large=True),
    Kind("referral_programme", "promoters.programme"),
    Kind("promoter_asks", "promoters.ask", is_large=True),
    Kind("referral_links", "promoters.referrallink", is_large=True),
    Kind("referral_visits", "promoters.visitday", "link__organisation", is_large=True),
    Kind("referrals", "promoters.conversion", is_large=True),
    Kind("reference_customers", "promoters.reference"),
    Kind("reference_uses", "promoters.referenceuse", "reference__organisation"),
    Kind("early_access", "promoters.earlyaccess"),
    Kind("early_access_trials", "promoters.trial", "early_access__organisation"),
    Kind("early_access_remarks", "promoters.remark", "trial__early_access__organisation"),
    Kind("tellings", "told_back.telling"),
    Kind("told_wordings", "told_back.wording", "telling__organisation"),
    Kind("told_left_out", "told_back.leftout", "person__organisation"),
    Kind("told", "told_back.told", "telling__organisation", is_large=True),
    Kind("told_replies", "told_back.reply", is_large=True),
    Kind("public_pages", "told_back.publicpage"),
    Kind("public_changes", "told_back.publicchange"),
    Kind("testimonials", "testimonials.testimonial", is_large=True),
    Kind(
        "testimonial_agreements",
        "testimonials.agreement",
        "testimonial__organisation",
        is_large=True,
    ),
    Kind(
        "testimonial_moments",
        "testimonials.moment",
        "testimonial__organisation",
        is_large=True,
    ),
    Kind("review_links", "testimonials.reviewlinks"),
    Kind("walls", "wall.wall"),
    Kind("audit", "base.auditentry", is_large=True),
)
"""In the order they are written and read: what is pointed at comes first."""

LEFT_OUT: Final[dict[str, str]] = {
    "base.staffinvitation": "a link to join opens one installation only: invite again",
    "base.staffinvitation_teams": "goes with the invitation to join",
    "base.apikey": "only a digest of a key is kept: make new keys",
    "base.job": "work of this installation",
    "base.journalentry": "news inside this installation; it is handed out within seconds",
    "analysis.mark": "the figures are made anew from the answers",
    "coding.codedverbatim": "worked out anew from the answers and the codebook",
    "coding.mention": "worked out anew from the answers and the codebook",
    "coding.codingmark": "work of this installation",
    "coding.changedmonth": "work of this installation",
    "coding.themefigures": "worked out anew from the answers and the codebook",
    "coding.suggestion": "found anew in the answers",
    "coding.modelblob": "learned anew from what people reviewed",
    "coding.modelgates": "measured anew on what people reviewed",
    "coding.modelcodes": "asked anew of the language model of an installation",
    "alarm_mail.notice": "which colleague this installation has mailed",
    "api.keptreply": "replies kept for a day, for a program that asks twice",
    "delighted.projectkey": "goes with the key",
    "delighted.caller": "who called this installation",
    "webhooks.endpoint": "address and secret are sealed with this installation's key: make it anew",
    "webhooks.delivery": "goes with the webhook",
    "sso.login": "its secret is sealed with this installation's key: enter it again",
    "sso.seenassertion": "who logged in on this installation",
    "calendars.feed": "a secret address of this installation: make it anew",
    "connectors.connection": "its secrets are sealed with this installation's key: connect it anew",
    "connectors.dispatch": "goes with the connection",
    "connectors.counterpart": "goes with the connection",
    "connectors.arrival": "goes with the connection; what it brought is there",
    "letterbox.mailbox": "its password is sealed with this installation's key: enter it again",
    "sms.textprovider": "its address holds a key that is sealed here: enter it again",
    "sms.textminute": "the pace of this installation",
    "event_file.eventfile": "the events it brought in are there; its rows are not kept",
    "file_import.import": "what it brought in is there; the file itself stays behind",
    "file_import.importedsurvey": "goes with the import",
}
"""What stays behind, and why."""


def present_kinds() -> tuple[Kind, ...]:
    """The kinds whose room is installed."""
    there = {m._meta.label_lower for m in apps.get_models(include_auto_created=True)}
    return tuple(kind for kind in KINDS if kind.label in there)
