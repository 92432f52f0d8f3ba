"""How to make an object for a view that has an id in its address.

The policy test (test_policy.py) opens every page of the house as a stranger, as somebody of
another organisation and as a colleague without the permission. For an address with an id it needs
an object. Add an entry for each such view of yours, or the test fails and names the view:

    def _survey(organisation):
        survey = Survey.objects.create(organisation=organisation, title="Service", metric="nps",
                                       created_at=NOW)
        return {"survey_id": survey.public_id}

    OBJECTS["surveys:detail"] = _survey

- The key is the view's name as it is reversed; the value makes the object in the organisation given
  and returns the arguments of the address.
- The owner of that organisation must be able to open it: a GET answers below 400.
- Import your models inside the function or at the top, as you like; keep entries together by room.
- EMPTY names the views where even the owner finds nothing without a worker's help, with the reason.
- PUBLIC holds addresses with an argument that anybody may open (a survey's link, an invitation):
  there the test only asks that a made-up argument is a 404. Its value is such an argument.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4
from zlib import compress

from gloed.analysis.benchmarks.models import Benchmark
from gloed.analysis.briefs.models import Brief, Subscription
from gloed.analysis.coverage.models import PopulationTable
from gloed.analysis.customers.models import CustomerFile
from gloed.analysis.goals.models import Goal
from gloed.analysis.models import SavedView
from gloed.analysis.monitors.models import Alarm, Monitor
from gloed.analysis.passives import operations as passives
from gloed.analysis.passives.models import FollowUp
from gloed.analysis.passives.rules import Gift
from gloed.base.models import Job, Membership, Organisation, Staff, StaffInvitation, Team
from gloed.base.operations import make_key
from gloed.base.sealing import seal
from gloed.base.sso.models import LogIn
from gloed.channels.event_file.models import EventFile
from gloed.channels.file_import.models import Import
from gloed.channels.kiosk import operations as kiosks
from gloed.channels.own_page.models import PersonRequest
from gloed.channels.phone.models import Call
from gloed.channels.sms.models import TextProvider
from gloed.channels.told_back import operations as told_back
from gloed.channels.widget import operations as widgets
from gloed.coding.models import Suggestion
from gloed.coding.operations.codebook import start as start_codebook
from gloed.coding.operations.coding import code_stale
from gloed.fieldwork.models import ContactPolicy, Invitation, Trigger, Wave, WaveSeries
from gloed.integrations.connectors import operations as connections
from gloed.integrations.connectors.models import Arrival
from gloed.integrations.delighted import operations as delighted
from gloed.integrations.exports import shelf
from gloed.integrations.webhooks import operations as webhooks
from gloed.integrations.webhooks.rules import Told, Wish
from gloed.integrations.webhooks.samples import sample
from gloed.loop.cases import operations as cases
from gloed.loop.improvements import operations as improvements
from gloed.loop.improvements.models import Improvement
from gloed.loop.letters import operations as letters
from gloed.loop.letters.models import LetterFile, Stray
from gloed.loop.letters.usual import Words, keep_text
from gloed.people.models import Account, Person
from gloed.responses.models import Answer, Response
from gloed.surveys import operations as surveys
from gloed.surveys.models import Survey, Touchpoint
from gloed.surveys.models.journey import Journey, Phase
from gloed.surveys.own_library import keep_wording
from gloed.surveys.rules import Metric
from tests.base.objects_of_cases import OF_CASES
from tests.base.objects_of_promoters import OF_PROMOTERS, PUBLIC_REFERRALS
from tests.base.objects_of_testimonials import OF_TESTIMONIALS, PUBLIC_TESTIMONIALS

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


# --- base


def _team(organisation: Organisation) -> dict[str, Any]:
    team = Team.objects.create(organisation=organisation, name="Zuid")
    return {"team_id": team.public_id}


def _membership(organisation: Organisation) -> dict[str, Any]:
    staff = Staff.objects.create_user(f"somebody-{organisation.pk}@example.org")
    membership = Membership.objects.create(organisation=organisation, staff=staff, role="viewer")
    return {"membership_id": membership.public_id}


def _key(organisation: Organisation) -> dict[str, Any]:
    key, _text = make_key(organisation, "Checkout", by=None, at=NOW)
    return {"key_id": key.public_id}


def _delighted(organisation: Organisation) -> dict[str, Any]:
    project = delighted.make_project(organisation, "Retail", "nps", by=None, now=NOW)
    return {"project_id": project.public_id}


def _endpoint(organisation: Organisation) -> dict[str, Any]:
    endpoint = webhooks.make_endpoint(organisation, "https://example.org/hook", now=NOW)
    return {"endpoint_id": endpoint.public_id}


def _endpoint_act(organisation: Organisation) -> dict[str, Any]:
    return {**_endpoint(organisation), "act": "test"}


def _delivery(organisation: Organisation) -> dict[str, Any]:
    endpoint = webhooks.make_endpoint(organisation, "https://example.org/hook", now=NOW)
    told = sample("response.created", 0, at=NOW, with_person=False)
    return {"delivery_id": webhooks.send_test(endpoint, told, now=NOW).public_id}


def _log_in(organisation: Organisation) -> dict[str, Any]:
    made = LogIn.objects.create(
        organisation=organisation,
        kind="google",
        name="Google",
        issuer="https://accounts.google.com",
        client_id="1",
        secret=seal("secret"),
        created_at=NOW,
    )
    return {"log_in_id": made.public_id}


def _log_in_act(organisation: Organisation) -> dict[str, Any]:
    return {**_log_in(organisation), "act": "off"}


def _connection(organisation: Organisation) -> dict[str, Any]:
    made = connections.connect(
        organisation,
        "chat",
        {"address": "team@example.org"},
        name="Team",
        wish=Wish(frozenset({"alert.raised"})),
        by=None,
        now=NOW,
    )
    return {"connection_id": made.public_id}


def _inbound(organisation: Organisation) -> dict[str, Any]:
    made = connections.connect(
        organisation, "inbound", {"secret": ""}, name="Shop", wish=Wish(), by=None, now=NOW
    )
    return {"connection_id": made.public_id}


def _desk(organisation: Organisation) -> dict[str, Any]:
    given = {"address": "https://example.invalid", "key": "1", "department": "1"}
    made = connections.connect(
        organisation, "liveagent", given, name="Desk", wish=Wish(), by=None, now=NOW
    )
    return {"connection_id": made.public_id}


def _connection_act(organisation: Organisation) -> dict[str, Any]:
    return {**_connection(organisation), "act": "test"}


def _dispatch(organisation: Organisation) -> dict[str, Any]:
    made = organisation.connections.get(public_id=_connection(organisation)["connection_id"])
    told = Told("alert.raised", NOW, {})
    return {"dispatch_id": connections.send_test(made, told, now=NOW).public_id}


def _arrival(organisation: Organisation) -> dict[str, Any]:
    made = organisation.connections.get(public_id=_connection(organisation)["connection_id"])
    came = Arrival.objects.create(connection=made, key="1", state=Arrival.State.USED, at=NOW)
    return {"arrival_id": came.public_id}


def _permalink(organisation: Organisation) -> dict[str, Any]:
    return {"code": _answer(organisation)["answer_id"].hex}


def _invitation(organisation: Organisation) -> dict[str, Any]:
    invitation = StaffInvitation.objects.create(
        organisation=organisation,
        email="new@example.org",
        role="viewer",
        language="nl",
        created_at=NOW,
        expires_at=NOW + timedelta(days=7),
    )
    return {"invitation_id": invitation.public_id}


# --- benchmarks


def _benchmark(organisation: Organisation) -> Benchmark:
    return Benchmark.objects.create(
        organisation=organisation,
        sector="energy",
        source="Monitor",
        year=2025,
        mode="email",
        kind="unknown",
        statistic="nps",
        value=12,
        batch=uuid4(),
        created_at=NOW,
    )


# --- briefs


def _brief_subscription(organisation: Organisation) -> dict[str, Any]:
    membership = _membership(organisation)["membership_id"]
    subscription = Subscription.objects.create(
        organisation=organisation,
        membership=Membership.objects.get(public_id=membership),
        audience="director",
        time_zone="Europe/Amsterdam",
        language="en",
        created_at=NOW,
        resumed_at=NOW,
    )
    return {"subscription_id": subscription.public_id}


def _brief(organisation: Organisation) -> dict[str, Any]:
    of = _brief_subscription(organisation)["subscription_id"]
    brief = Brief.objects.create(
        organisation=organisation,
        subscription=Subscription.objects.get(public_id=of),
        month=NOW.date().replace(day=1),
        language="en",
        content={"title": "Brief"},
        made_at=NOW,
    )
    return {"brief_id": brief.public_id}


# --- customers over time


def _account(organisation: Organisation) -> dict[str, Any]:
    account = Account.objects.create(organisation=organisation, name="Acme")
    return {"account_id": account.public_id}


def _customer_file(organisation: Organisation) -> dict[str, Any]:
    file = CustomerFile.objects.create(
        organisation=organisation,
        file_name="customers.csv",
        content=compress(b"number;start\nK1;2024-01-01\n"),
        headers=["number", "start"],
        columns={"number": 0, "start": 1},
        as_of=NOW.date(),
        created_at=NOW,
    )
    return {"file_id": file.public_id}


# --- surveys, and what is asked over their link


def _draft_of(organisation: Organisation) -> Survey:
    content = surveys.usual_content(organisation, Metric.NPS)
    return surveys.create_survey(organisation, title="Service", content=content, now=NOW)


def _draft(organisation: Organisation) -> dict[str, Any]:
    return {"survey_id": _draft_of(organisation).public_id}


def _own_wording(organisation: Organisation) -> dict[str, Any]:
    entry = {"kind": "open", "nl": {"text": "Wat nog?"}}
    return {"wording_id": keep_wording(organisation, entry=entry, now=NOW).public_id}


def _draft_in_dutch(organisation: Organisation) -> dict[str, Any]:
    return _draft(organisation) | {"language": "nl"}


def _published_survey(organisation: Organisation) -> dict[str, Any]:
    survey = _draft_of(organisation)
    surveys.publish(survey, now=NOW)
    return {"survey_id": survey.public_id}


# --- journeys


def _journey(organisation: Organisation) -> dict[str, Any]:
    made = Journey.objects.create(organisation=organisation, name="Customers", created_at=NOW)
    return {"journey_id": made.public_id}


def _phase(organisation: Organisation) -> dict[str, Any]:
    journey = Journey.objects.get(public_id=_journey(organisation)["journey_id"])
    return {"phase_id": Phase.objects.create(journey=journey, name="Using").public_id}


def _touchpoint(organisation: Organisation) -> dict[str, Any]:
    made = Touchpoint.objects.create(organisation=organisation, name="Bill", metric="csat")
    return {"touchpoint_id": made.public_id}


# --- people, and what they answered


def _person(organisation: Organisation) -> dict[str, Any]:
    person = Person.objects.create(
        organisation=organisation,
        name="Anna",
        email="anna@example.org",
        email_key="anna@example.org",
        created_at=NOW,
    )
    return {"person_id": person.public_id}


def _stopped_person(organisation: Organisation) -> dict[str, Any]:
    return _person(organisation) | {"reason": "opt_out"}


# --- analysis


def _monitor(organisation: Organisation, **fields: Any) -> dict[str, Any]:
    today = NOW.date()
    monitor = Monitor.objects.create(
        organisation=organisation, name="Bills", about="x", kind="weekly", usual_from=today,
        usual_until=today, run_from=today, judged_until=today, made_at=NOW, **fields,
    )  # fmt: skip
    return {"monitor_id": monitor.public_id}


def _gone_monitor(organisation: Organisation) -> dict[str, Any]:
    return _monitor(organisation, deleted_at=NOW)


def _alarm(organisation: Organisation) -> dict[str, Any]:
    monitor = Monitor.objects.get(public_id=_monitor(organisation)["monitor_id"])
    today = NOW.date()
    alarm = Alarm.objects.create(
        organisation=organisation, monitor=monitor, run_from=today, begins_on=today, on=today,
        value=12, low=20, high=40, aim=30, is_up=False, metric="nps", unit="points", n=90,
        changes="about=x", raised_at=NOW,
    )  # fmt: skip
    return {"alarm_id": alarm.public_id}


def _saved_view(organisation: Organisation) -> dict[str, Any]:
    owner = Membership.objects.filter(organisation=organisation, role="owner").first()
    staff = owner.staff if owner else Staff.objects.create_user(f"v-{organisation.pk}@example.org")
    view = SavedView.objects.create(
        organisation=organisation, staff=staff, name="Mine", is_shared=True, created_at=NOW
    )
    return {"view_id": view.public_id}


def _thrown_view(organisation: Organisation) -> dict[str, Any]:
    found = _saved_view(organisation)
    SavedView.objects.filter(public_id=found["view_id"]).update(deleted_at=NOW)
    return found


def _population(organisation: Organisation) -> dict[str, Any]:
    table = PopulationTable.objects.create(
        organisation=organisation, column="attr:region", number=1, sizes={}, created_at=NOW
    )
    return {"table_id": table.public_id}


def _earlier_population(organisation: Organisation) -> dict[str, Any]:
    found = _population(organisation)
    PopulationTable.objects.filter(public_id=found["table_id"]).update(retired_at=NOW)
    return found


def _goal(organisation: Organisation) -> dict[str, Any]:
    goal = Goal.objects.create(
        organisation=organisation,
        name="Better",
        about="nps-relationship",
        value=30,
        set_on=NOW.date(),
        due_on=NOW.date() + timedelta(days=90),
        created_at=NOW,
    )
    return {"goal_id": goal.public_id}


def _removed_goal(organisation: Organisation) -> dict[str, Any]:
    found = _goal(organisation)
    Goal.objects.filter(public_id=found["goal_id"]).update(deleted_at=NOW)
    return found


def _goal_course(organisation: Organisation) -> dict[str, Any]:
    return _goal(organisation) | {"ending": "csv"}


def _figure(organisation: Organisation) -> dict[str, Any]:
    return _published_survey(organisation) | {"name": "distribution"}


def _answer(organisation: Organisation) -> dict[str, Any]:
    survey = _draft_of(organisation)
    response = Response.objects.create(
        organisation=organisation,
        survey=survey,
        version=survey.versions.get(),
        key="source:1",
        source="import",
        recorded_at=NOW,
        updated_at=NOW,
    )
    return {"answer_id": response.public_id}


# --- passives


def _followed(organisation: Organisation) -> FollowUp:
    person = Person.objects.create(
        organisation=organisation, name=f"Anna {uuid4()}", created_at=NOW
    )
    return passives.take(person, None, staff=None, now=NOW)


def _passive(organisation: Organisation) -> dict[str, Any]:
    person = _followed(organisation).person
    assert person is not None
    return {"person_id": person.public_id}


def _passive_contact(organisation: Organisation) -> dict[str, Any]:
    line = passives.log_contact(_followed(organisation), "Called", staff=None, now=NOW)
    return {"line_id": line.public_id}


def _passive_offer(organisation: Organisation) -> dict[str, Any]:
    offer = passives.give(_followed(organisation), Gift.DISCOUNT, given_at=NOW, staff=None, now=NOW)
    return {"offer_id": offer.public_id}


# --- coding


def _codebook(organisation: Organisation) -> dict[str, Any]:
    start_codebook(organisation, now=NOW)
    return {"key": "price_value"}


def _coded(organisation: Organisation) -> dict[str, Any]:
    response = Response.objects.get(public_id=_answer(organisation)["answer_id"])
    question = response.version.questions.order_by("position")[1]
    answer = Answer.objects.create(response=response, question=question, verbatim="Too dear")
    start_codebook(organisation, now=NOW)
    code_stale(organisation)
    return {"coded_id": answer.coded.public_id}


def _suggestion(organisation: Organisation) -> dict[str, Any]:
    start_codebook(organisation, now=NOW)
    one = Suggestion.objects.create(
        organisation=organisation,
        signature="gnome",
        language="en",
        name="Gnome",
        words=["gnome"],
        count=20,
        share=0.1,
        found_at=NOW,
    )
    return {"suggestion_id": one.public_id}


def _codebook_version(organisation: Organisation) -> dict[str, Any]:
    start_codebook(organisation, now=NOW)
    return {"number": 1}


# --- fieldwork


def _wave(organisation: Organisation) -> dict[str, Any]:
    survey = _draft_of(organisation)
    wave = Wave.objects.create(
        organisation=organisation, survey=survey, name="Spring", channel="link", created_at=NOW
    )
    return {"wave_id": wave.public_id}


def _series(organisation: Organisation) -> dict[str, Any]:
    series = WaveSeries.objects.create(
        organisation=organisation,
        survey=_draft_of(organisation),
        name="Monthly",
        channel="link",
        created_at=NOW,
    )
    return {"series_id": series.public_id}


def _trigger(organisation: Organisation) -> dict[str, Any]:
    trigger = Trigger.objects.create(
        organisation=organisation,
        survey=_draft_of(organisation),
        name="After a ticket",
        kind="ticket_solved",
        channel="link",
        created_at=NOW,
    )
    return {"trigger_id": trigger.public_id}


def _exemption(organisation: Organisation) -> dict[str, Any]:
    key = uuid4()
    exemptions = [{"id": str(key), "conditions": [], "never": True}]
    ContactPolicy.objects.create(organisation=organisation, exemptions=exemptions)
    return {"exemption_id": key}


# --- what people ask back


def _person_request(organisation: Organisation) -> dict[str, Any]:
    person = Person.objects.create(organisation=organisation, name="Anna", created_at=NOW)
    made = PersonRequest.objects.create(
        organisation=organisation, person=person, kind="copy", asked_at=NOW
    )
    return {"request_id": made.public_id}


# --- text messages


def _text_provider(organisation: Organisation) -> dict[str, Any]:
    made = TextProvider.objects.create(
        organisation=organisation,
        name="Ours",
        scheme="seven",
        sealed_address=seal("seven://key"),
        hint="seven",
        created_at=NOW,
    )
    return {"provider_id": made.public_id}


# --- calling


def _call(organisation: Organisation) -> dict[str, Any]:
    survey = _draft_of(organisation)
    line = Invitation.objects.create(
        organisation=organisation, survey=survey, channel="phone", created_at=NOW
    )
    made = Call.objects.create(organisation=organisation, invitation=line, made_at=NOW)
    return {"call_id": made.public_id}


def _call_list(organisation: Organisation) -> dict[str, Any]:
    made = _wave(organisation)
    Wave.objects.filter(public_id=made["wave_id"]).update(channel="phone")
    return made


def _survey_and_person(organisation: Organisation) -> dict[str, Any]:
    return _draft(organisation) | _person(organisation)


# --- files brought in


def _import(organisation: Organisation) -> dict[str, Any]:
    made = Import.objects.create(
        organisation=organisation,
        file_name="answers.csv",
        sha256="0" * 64,
        size=1,
        created_at=NOW,
    )
    return {"import_id": made.public_id}


def _event_file(organisation: Organisation) -> dict[str, Any]:
    made = EventFile.objects.create(
        organisation=organisation,
        name="deliveries.csv",
        headers=["when", "email"],
        rows=[["2026-03-01 10:00", "nia@example.org"]],
        columns={"at": 0, "email": 1},
        kind="delivery",
        count=1,
        created_at=NOW,
    )
    return {"file_id": made.public_id}


# --- letters


def _letter_of(organisation: Organisation) -> Any:
    person = Person.objects.create(
        organisation=organisation, name="Nia", email="nia@example.org", created_at=NOW
    )
    case = cases.open_for_person(person, because=[], now=NOW)
    staff = Staff.objects.create_user(f"writer-{organisation.pk}@example.org")
    return letters.send_reply(case, key="1", subject="x", body="x", author=staff, now=NOW)


def _letter_case(organisation: Organisation) -> dict[str, Any]:
    return {"case_id": _letter_of(organisation).thread.case.public_id}


def _letter(organisation: Organisation) -> dict[str, Any]:
    return {"letter_id": _letter_of(organisation).public_id}


def _letter_file(organisation: Organisation) -> dict[str, Any]:
    letter = _letter_of(organisation)
    file = LetterFile.objects.create(
        letter=letter, name="a.png", content_type="image/png", data=b"x"
    )
    return {"file_id": file.public_id}


def _own_text(organisation: Organisation) -> dict[str, Any]:
    words = {"en": Words("Title", "", "Body")}
    return {"key": str(keep_text(organisation, "", words, now=NOW).public_id)}


def _stray(organisation: Organisation) -> dict[str, Any]:
    thread = _letter_of(organisation).thread
    stray = Stray.objects.create(
        organisation=organisation, thread=thread, key="s", sender="a@example.org", received_at=NOW
    )
    return {"stray_id": stray.public_id}


# --- widgets


def _widget(organisation: Organisation) -> dict[str, Any]:
    values = {"name": "Shop", "survey": _draft_of(organisation), "sites": ["https://shop.example"]}
    return {"widget_id": widgets.make_widget(organisation, values, by=None, now=NOW).public_id}


# --- kiosks


def _kiosk(organisation: Organisation) -> dict[str, Any]:
    values = {"name": "Desk", "survey": _draft_of(organisation), "languages": ["nl"]}
    return {"kiosk_id": kiosks.make_kiosk(organisation, values, by=None, now=NOW).public_id}


# --- improvements, and what is told back


def _improvement(organisation: Organisation) -> dict[str, Any]:
    values = {"title": "Answer within a day"}
    made = improvements.create_improvement(organisation, values, by=None, now=NOW)
    return {"improvement_id": made.public_id}


def _improvement_step(organisation: Organisation) -> dict[str, Any]:
    made = Improvement.objects.get(public_id=_improvement(organisation)["improvement_id"])
    return {"step_id": improvements.add_step(made, "First", due_on=None, now=NOW).public_id}


def _public_change(organisation: Organisation) -> dict[str, Any]:
    words = {"nl": {"title": "We bellen terug", "text": ""}}
    made = told_back.publish(organisation, words, by=None, now=NOW)
    return {"change_id": made.public_id}


# --- files to take along


def _kept_file(organisation: Organisation, kind: str) -> dict[str, Any]:
    job = Job.objects.create(
        organisation=organisation, kind=kind, payload={"format": "csv", "personal": []},
        state="done", run_at=NOW, created_at=NOW, finished_at=NOW,
    )  # fmt: skip
    shelf.path_of(job).write_bytes(b"x")
    return {"file_id": job.public_id}


def _archive_file(organisation: Organisation) -> dict[str, Any]:
    return _kept_file(organisation, shelf.ARCHIVE)


def _table_file(organisation: Organisation) -> dict[str, Any]:
    return _kept_file(organisation, shelf.TABLE)


OBJECTS: dict[str, Callable[[Organisation], dict[str, Any]]] = {
    **OF_CASES,
    **OF_PROMOTERS,
    **OF_TESTIMONIALS,
    "base:key_revoke": _key,
    "exports:archive_file": _archive_file,
    "exports:delete_archive": _archive_file,
    "exports:table_file": _table_file,
    "exports:delete_table": _table_file,
    "sso:change": _log_in,
    "sso:restore": _log_in,
    "sso:act": _log_in_act,
    "sso:try": _log_in,
    "connectors:detail": _connection,
    "connectors:change": _connection,
    "connectors:restore": _connection,
    "connectors:act": _connection_act,
    "connectors:again": _dispatch,
    "connectors:contact": _desk,
    "connectors:mapping": _inbound,
    "connectors:mapping_undo": _inbound,
    "connectors:take_back": _arrival,
    "webhooks:detail": _endpoint,
    "webhooks:restore": _endpoint,
    "webhooks:act": _endpoint_act,
    "webhooks:replay": _delivery,
    "delighted:project": _delighted,
    "delighted:permalink": _permalink,
    **dict.fromkeys(
        (
            *("improvements:detail", "improvements:change", "improvements:move"),
            *("improvements:finish", "improvements:remove", "improvements:restore"),
            *("improvements:add_step", "improvements:link_answer", "effects:of_improvement"),
            *("effects:plan", "effects:judge", "told_back:tell", "told_back:of_improvement"),
            *("told_back:words", "told_back:leave_out", "told_back:send", "told_back:progress"),
            "told_back:steer",
        ),
        _improvement,
    ),
    "passives:ask": _draft,
    "passives:ask_undo": _draft,
    **dict.fromkeys(
        (
            *("passives:card", "passives:take", "passives:lay_back", "passives:contact"),
            *("passives:give", "passives:end", "passives:reopen"),
        ),
        _passive,
    ),
    "passives:contact_undo": _passive_contact,
    "passives:offer_remove": _passive_offer,
    "passives:offer_restore": _passive_offer,
    "improvements:change_step": _improvement_step,
    "improvements:quick_win": _answer,
    "improvements:of_answer": _answer,
    "improvements:of_case": _letter_case,
    "told_back:edit_change": _public_change,
    "told_back:take_off": _public_change,
    "told_back:put_back": _public_change,
    "base:team_edit": _team,
    "base:team_remove": _team,
    "base:team_restore": _team,
    "base:staff_edit": _membership,
    "base:staff_deactivate": _membership,
    "base:staff_reactivate": _membership,
    "base:staff_remove_second_factor": _membership,
    "base:invitation_resend": _invitation,
    "base:invitation_withdraw": _invitation,
    "base:invitation_restore": _invitation,
    "surveys:detail": _draft,
    "surveys:edit": _draft,
    "surveys:look": _draft,
    "surveys:versions": _draft,
    "surveys:keep_own": _draft,
    "surveys:change_own": _own_wording,
    "surveys:remove_own": _own_wording,
    "surveys:restore_own": _own_wording,
    "surveys:change_state": _draft,
    "surveys:delete": _draft,
    "surveys:restore": _draft,
    "surveys:qr_svg": _draft,
    "surveys:qr_png": _draft,
    "journeys:arrange": _journey,
    "journeys:rename": _journey,
    "journeys:remove": _journey,
    "journeys:restore": _journey,
    "journeys:add_phase": _journey,
    "journeys:rename_phase": _phase,
    "journeys:move_phase": _phase,
    "journeys:remove_phase": _phase,
    "journeys:restore_phase": _phase,
    "journeys:add_touchpoint": _phase,
    "journeys:touchpoint": _touchpoint,
    "journeys:change": _touchpoint,
    "journeys:move": _touchpoint,
    "journeys:remove_touchpoint": _touchpoint,
    "journeys:restore_touchpoint": _touchpoint,
    "analysis:journey": _journey,
    "analysis:touchpoint_score": _touchpoint,
    "link:preview": _draft,
    "email:words": _draft,
    "email:undo": _draft,
    "email:progress": _wave,
    "email:preview": _draft_in_dutch,
    "email:test": _draft,
    "people:detail": _person,
    "people:opt_out": _person,
    "people:lift": _stopped_person,
    "responses:of_person": _person,
    "responses:export_person": _person,
    "responses:erase_person": _person,
    "analysis:answer": _answer,
    "analysis:withdraw": _answer,
    "analysis:restore": _answer,
    "analysis:correct": _answer,
    "analysis:judge_real": _answer,
    "analysis:judge_apart": _answer,
    "analysis:survey_apart": _published_survey,
    "responses:duration": _published_survey,
    "coding:theme": _codebook,
    "theme_reports:segments": _codebook,
    "coding:words": _answer,
    "coding:change_words": _answer,
    "coding:keep": _coded,
    "coding:decide": _suggestion,
    "coding:reopen": _suggestion,
    "coding:restore": _codebook_version,
    "coding:edit": _codebook,
    "coding:ask_words": _codebook,
    "coding:merge": _codebook,
    "coding:split": _codebook,
    "coding:remove": _codebook,
    "analysis:score": _published_survey,
    "analysis:survey_answers": _published_survey,
    "analysis:survey_answers_csv": _published_survey,
    "changes:figure_csv": lambda _organisation: {"name": "steps"},
    "benchmarks:remove": lambda organisation: {"benchmark_id": _benchmark(organisation).public_id},
    "benchmarks:restore": lambda organisation: {"benchmark_id": _benchmark(organisation).public_id},
    "benchmarks:remove_batch": lambda organisation: {"batch": _benchmark(organisation).batch},
    "briefs:edit": _brief_subscription,
    "briefs:end": _brief_subscription,
    "briefs:resume": _brief_subscription,
    "briefs:brief": _brief,
    "briefs:pdf": _brief,
    "briefs:again": _brief,
    "customers:account": _account,
    "customers:value_list": lambda _organisation: {"which": "left"},
    "customers:value_list_csv": lambda _organisation: {"which": "left"},
    "customers:file": _customer_file,
    "customers:decide": _customer_file,
    "customers:undo": _customer_file,
    "customers:redo": _customer_file,
    "customers:discard": _customer_file,
    "customers:match": _customer_file,
    "customers:one_way": lambda _organisation: {"before": "passive", "after": "promoter"},
    "changes:figure_svg": lambda _organisation: {"name": "steps"},
    "alarms:monitor": _monitor,
    "alarms:run_csv": _monitor,
    "alarms:pause": _monitor,
    "alarms:resume": _monitor,
    "alarms:delete": _monitor,
    "alarms:restore": _gone_monitor,
    "alarms:alarm": _alarm,
    "alarms:judge": _alarm,
    "explorer:delete": _saved_view,
    "explorer:restore": _thrown_view,
    "explorer:figure_csv": lambda _organisation: {"name": "course"},
    "explorer:figure_xlsx": lambda _organisation: {"name": "course"},
    "explorer:figure_svg": lambda _organisation: {"name": "course"},
    "explorer:figure_png": lambda _organisation: {"name": "course"},
    "teams:figure": lambda _organisation: {"ending": "csv"},
    "drivers:figure": lambda _organisation: {"name": "matrix", "ending": "csv"},
    "coverage:figure": lambda _organisation: {"name": "four", "ending": "csv"},
    "coverage:remove_table": _population,
    "coverage:use_table": _earlier_population,
    "goals:detail": _goal,
    "goals:figure": _goal_course,
    "goals:change": _goal,
    "goals:remove": _goal,
    "goals:restore": _removed_goal,
    "analysis:figure_csv": _figure,
    "analysis:figure_svg": _figure,
    "fieldwork:wave": _wave,
    "fieldwork:replan": _wave,
    "fieldwork:change": _wave,
    "fieldwork:links_csv": _wave,
    "fieldwork:series": _series,
    "fieldwork:series_replan": _series,
    "fieldwork:series_today": _series,
    "fieldwork:series_change": _series,
    "fieldwork:trigger": _trigger,
    "fieldwork:trigger_edit": _trigger,
    "fieldwork:trigger_preview": _trigger,
    "fieldwork:trigger_try": _trigger,
    "fieldwork:trigger_change": _trigger,
    "fieldwork:exemption_edit": _exemption,
    "fieldwork:exemption_change": _exemption,
    "fieldwork:of_person": _person,
    "told_back:of_person": _person,
    "phone:survey": _draft,
    "phone:next": _call_list,
    "phone:call_person": _survey_and_person,
    "phone:new_person": _draft,
    "phone:sheet": _call,
    "phone:dial": _call,
    "phone:became": _call,
    "sms:survey": _draft,
    "sms:test": _text_provider,
    "sms:choose": _text_provider,
    "sms:remove": _text_provider,
    "sms:restore": _text_provider,
    "sms:renew": _text_provider,
    "own_page:finish": _person_request,
    "own_page:reopen": _person_request,
    "widget:detail": _widget,
    "widget:change": _widget,
    "widget:switch": _widget,
    "widget:renew_secret": _widget,
    "widget:delete": _widget,
    "widget:restore": _widget,
    "widget:try": _widget,
    "widget:of_survey": _draft,
    "widget:make": _draft,
    "ways:survey": _draft,
    "kiosk:detail": _kiosk,
    "kiosk:change": _kiosk,
    "kiosk:code": _kiosk,
    "kiosk:renew_link": _kiosk,
    "kiosk:delete": _kiosk,
    "kiosk:restore": _kiosk,
    "kiosk:of_survey": _draft,
    "kiosk:make": _draft,
    "poster:make": _draft,
    "poster:svg": _draft,
    "poster:pdf": _draft,
    "event_file:detail": _event_file,
    "event_file:change": _event_file,
    "file_import:detail": _import,
    "file_import:progress": _import,
    "file_import:decide": _import,
    "file_import:cancel": _import,
    "file_import:undo": _import,
    "file_import:redo": _import,
    "file_import:retry": _import,
    "file_import:discard": _import,
    "file_import:delete_file": _import,
    "file_import:skipped": _import,
    "letters:of_case": _letter_case,
    "letters:of_closed": _letter_case,
    "letters:write": _letter_case,
    "letters:take_back": _letter,
    "letters:take_over": _letter,
    "letters:again": _letter,
    "letters:file": _letter_file,
    "letters:text": _own_text,
    "letters:text_remove": _own_text,
    "letters:text_restore": _own_text,
    "letters:text_reset": _own_text,
    "letters:place": _stray,
    "letters:discard": _stray,
    "letters:stray_restore": _stray,
}
PUBLIC: dict[str, dict[str, Any]] = {
    **PUBLIC_REFERRALS,
    **PUBLIC_TESTIMONIALS,
    "briefs:leave": {"token": "made-up"},
    "base:join": {"token": "made-up"},
    "told_back:public": {"slug": "made-up"},
    "told_back:feed": {"slug": "made-up", "language": "nl"},
    "told_back:leave": {"token": "made-up"},
    "base:confirm_email": {"token": "made-up"},
    "email:unseen": {"token": "made-up"},
    "email:events": {"provider": "made-up"},
    "letterbox:solved": {"token": "made-up"},
    "letterbox:stop": {"token": "made-up"},
    "letterbox:posts": {"provider": "made-up"},
    "own_page:home": {"token": "made-up"},
    "sms:survey_link": {"code": "made-up"},
    "sms:stop_link": {"code": "made-up"},
    "openid_connect_login": {"provider_id": "made-up"},
    "openid_connect_callback": {"provider_id": "made-up"},
    "saml_answer": {"provider_id": "made-up"},
    "saml_answered": {"provider_id": "made-up"},
    "saml_metadata": {"provider_id": "made-up"},
    "calendars:feed": {"feed_id": uuid4(), "token": "made-up"},
    "connectors:arrive_as": {
        "connection_id": uuid4(),
        "token": "made-up",
        "call": "batch",
    },
    "connectors:arrive": {"connection_id": uuid4(), "token": "made-up"},
    "sms:replies": {"provider_id": uuid4(), "secret": "made-up"},
    "own_page:answer": {"token": "made-up", "answer_id": uuid4()},
    "link:answer": {"slug": "made-up"},
    "kiosk:page": {"token": "made-up"},
    "kiosk:worker": {"token": "made-up"},
    "kiosk:manifest": {"token": "made-up"},
    "kiosk:answers": {"token": "made-up"},
    "surveys:logo": {"name": "made-up.png"},
    "widget:shown": {"key": "made-up"},
    "widget:asking": {"key": "made-up"},
    "widget:happened": {"key": "made-up"},
    "widget:answers": {"key": "made-up"},
    "widget:frame": {"key": "made-up"},
    "link:personal": {"slug": "made-up", "token": "made-up"},
    # without a key there is 401 whatever the address: tests/integrations/api/test_door.py
    "api:door": {},
    "delighted:door": {},
    # allauth tells in words, with 200, that such a link works no more
    "account_reset_password_from_key": {},
}
# the owner's own object is a 404 here too, because more than the record is needed; why
EMPTY: dict[str, str] = {
    "changes:figure_csv": "without answers in two periods there are no figures",
    "customers:value_list": "without a file of customers there is no list",
    "customers:value_list_csv": "without a file of customers there is no list",
    "customers:one_way": "without people who answered twice there is no way to show",
    "changes:figure_svg": "without answers in two periods there are no figures",
    "explorer:figure_csv": "without answers there are no figures",
    "explorer:figure_xlsx": "without answers there are no figures",
    "explorer:figure_svg": "without answers there are no figures",
    "explorer:figure_png": "without answers there are no figures",
    "teams:figure": "without answers there are no figures",
    "goals:figure": "without answers there are no figures",
    "coverage:figure": "without invitations there are no figures",
    "drivers:figure": "without answers there are no figures",
    "analysis:figure_csv": "a survey without answers has no figures",
    "analysis:figure_svg": "a survey without answers has no figures",
}
