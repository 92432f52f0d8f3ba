"""The kiosk in a real browser: a network that fails, a reload meanwhile, and back again."""

import pytest
from playwright.sync_api import expect

from gloed.channels.kiosk import operations
from gloed.channels.kiosk.models import Kiosk
from gloed.responses.models import ContactDetails, Response
from gloed.surveys.rules import Presentation
from tests.in_a_browser import findings, recorded, until
from tests.surveys.further import DETAIL_AT, EASE_AT, EVERY_KIND, REASON_AT, THANKS, WISHES_AT

pytestmark = pytest.mark.browser


@pytest.fixture
def tablet(browser, transactional_db, live_server, make_kiosk):
    """Open a kiosk on a tablet: `tablet(width=1024, height=768)`."""
    opened = []

    def open_kiosk(*, width=1024, height=768, scheme="light", **values):
        kiosk = make_kiosk(**values)
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, has_touch=True
        )
        opened.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.problems = []
        page.on("pageerror", lambda problem: page.problems.append(str(problem)))
        page.on(
            "console",
            lambda line: (
                line.type == "error"
                and "Failed to load" not in line.text
                and page.problems.append(line.text)
            ),
        )
        page.goto(f"{live_server.url}/k/{kiosk.token}/")
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        return page

    yield open_kiosk
    for context in opened:
        assert context.cookies() == []
        context.close()


ON_DISK = """async () => {
    const told = (asked) => new Promise((yes) => { asked.onsuccess = () => yes(asked.result); });
    const disk = await told(indexedDB.open("gloed-kiosk"));
    const all = (name) => told(disk.transaction(name).objectStore(name).getAll());
    const answers = await all("answers"), [key] = await all("keys");
    disk.close();
    const text = (one) => JSON.stringify(one) + new TextDecoder("latin1").decode(one.sealed);
    const taken = await crypto.subtle.exportKey("raw", key).catch((refusal) => refusal.name);
    return { answers: answers.map(text), taken };
}"""


def answer(page, rating, text):
    page.click(f".step[value='{rating}']")
    page.fill("#why", text)
    page.click("text=Klaar")
    expect(page.locator("h1")).to_contain_text("Dank je wel")


def test_answers_of_a_network_gap_with_a_reload_arrive_exactly_once(tablet):
    page = tablet()
    answer(page, 9, "eerste")
    until(page, lambda: recorded() == [(9, "eerste", "complete")])
    page.click("text=Volgende")
    page.context.set_offline(True)
    answer(page, 2, "tweede")
    page.click("text=Volgende")
    page.click(".step[value='7']")  # kept, and the visitor walks away
    expect(page.locator("#queue")).to_contain_text("2")
    page.reload()  # it starts without a network
    expect(page.locator("h1")).to_contain_text("Hoe waarschijnlijk")
    expect(page.locator("#queue")).to_contain_text("2")
    answer(page, 10, "derde")
    assert len(recorded()) == 1
    page.context.set_offline(False)
    until(page, lambda: len(recorded()) == 4)
    until(page, lambda: page.locator("#queue").get_attribute("data-held") == "0")
    page.reload()
    expect(page.locator("h1")).to_contain_text("Hoe waarschijnlijk")
    until(page, lambda: Kiosk.objects.get().waiting == 0)
    assert sorted(recorded()) == [
        (2, "tweede", "complete"),
        (7, "", "partial"),
        (9, "eerste", "complete"),
        (10, "derde", "complete"),
    ]
    assert Kiosk.objects.get().heard_at is not None
    assert page.problems == []


@pytest.mark.parametrize(
    ("width", "height", "scheme", "metric"),
    [(1280, 800, "light", "nps"), (390, 844, "dark", "nps"), (768, 1024, "dark", "csat")],
)
def test_large_targets_and_nothing_for_axe_to_find(tablet, width, height, scheme, metric):
    asked = {"presentation": Presentation.FACES} if metric == "csat" else {}
    page = tablet(width=width, height=height, scheme=scheme, metric=metric, asked=asked)
    expect(page.locator("h1")).to_be_visible()
    assert page.locator(".step svg").count() == (5 if asked else 0)
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for step in page.locator(".step").all():
        box = step.bounding_box()
        assert box["width"] >= 44
        assert box["height"] >= 60
        assert box["y"] + box["height"] <= height  # all in one glance
    page.click("text=English")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.locator(".step").last.click()
    expect(page.locator("#why")).to_be_visible()
    assert findings(page) == []
    page.click("text=Done")
    expect(page.locator("h1")).to_contain_text("Thank you")
    assert findings(page) == []
    assert page.problems == []


def test_it_begins_anew_by_itself_and_leaves_nothing_of_the_last_one(tablet):
    page = tablet(idle_seconds=10)
    page.context.new_page().close()
    page.clock.install()
    page.reload()
    page.click("text=English")
    page.click(".step[value='4']")
    page.fill("#why", "not for others")
    page.clock.run_for(10_500)
    expect(page.locator(".still")).to_contain_text("still there")
    page.click("text=Yes, a moment")
    expect(page.locator(".still")).to_have_count(0)
    page.clock.run_for(21_000)
    expect(page.locator("h1")).to_contain_text("Hoe waarschijnlijk")
    expect(page.locator("#why")).to_have_count(0)
    until(page, lambda: recorded() == [(4, "not for others", "partial")])


def test_keyboard_alone_and_the_code_to_leave(tablet):
    page = tablet(pin="8264")
    page.locator(".step[value='6']").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1:focus")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.type("prima")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("h1:focus")).to_contain_text("Dank je wel")
    until(page, lambda: recorded() == [(6, "prima", "complete")])
    page.click("#settings")
    page.fill("#pin", "0000")
    page.keyboard.press("Enter")
    expect(page.locator("dialog [role=alert]")).not_to_be_empty()
    assert page.locator("#leave").count() == 0
    page.fill("#pin", "8264")
    page.keyboard.press("Enter")
    expect(page.locator("#leave")).to_be_visible()
    assert findings(page) == []


def test_a_kiosk_that_is_taken_away_says_so_and_keeps_what_it_holds(tablet):
    page = tablet()
    kiosk = Kiosk.objects.get()
    page.context.set_offline(True)
    answer(page, 8, "bewaard")
    operations.delete_kiosk(kiosk, by=None, now=kiosk.created_at)
    page.context.set_offline(False)
    expect(page.locator("h1")).to_contain_text("weggehaald")
    assert recorded() == []
    operations.restore_kiosk(kiosk, by=None, now=kiosk.created_at)
    page.reload()
    until(page, lambda: recorded() == [(8, "bewaard", "complete")])


def test_further_questions_through_a_network_gap_by_the_rules_and_exactly_once(tablet):
    page = tablet(asked={"further": EVERY_KIND, "thanks": THANKS})
    page.context.set_offline(True)
    page.click(".step[value='3']")
    expect(page.locator("h1:focus")).to_have_text("2 van 4")
    page.fill("#why", "te laat")
    assert {text.strip() for text in page.locator(".choices label").all_inner_texts()} == {
        "De prijs", "De service", "Geen van deze", "Iets anders",
    }  # fmt: skip
    assert page.locator(".choices label").nth(2).inner_text() == "Geen van deze"  # fixed there
    page.get_by_label("Iets anders").first.check()
    page.fill(f"#q{REASON_AT}o", "de wachttijd")
    assert findings(page) == []
    page.click("button.main")
    expect(page.locator("h1:focus")).to_have_text("3 van 4")
    page.click(f"[data-position='{EASE_AT}'] .step[value='4']")
    detail = page.locator(f"[data-position='{DETAIL_AT}']")
    expect(detail).to_be_hidden()
    page.get_by_label("Een app").check()
    expect(detail).to_be_visible()
    page.fill(f"#q{DETAIL_AT}t", "die van jullie")
    page.click("text=English")  # what was said stays
    expect(page.locator("h1")).to_have_text("3 of 4")
    expect(page.get_by_label("Een app")).to_be_checked()
    expect(page.locator(f"#q{DETAIL_AT}t")).to_have_value("die van jullie")
    assert findings(page) == []
    page.get_by_label("Een app").uncheck()
    page.get_by_label("Chat").check()
    page.click("text=Nederlands")
    page.click("button.main")
    expect(page.locator("h1:focus")).to_have_text("4 van 4")
    reach = page.get_by_label("Je e-mailadres")
    expect(reach).to_be_hidden()
    page.get_by_label("Je mag me bellen.").check()
    reach.fill("noor@example.org")
    assert findings(page) == []
    page.click("button.main")
    expect(page.locator("h1")).to_contain_text("Dank je wel")
    expect(page.locator("main")).to_contain_text("Dank, jij!")
    page.reload()
    kept = page.evaluate(ON_DISK)
    assert kept["taken"] == "InvalidAccessError"  # the key does not leave the browser
    assert len(kept["answers"]) == 1
    for said in ("noor@example.org", "te laat", "wachttijd", "rating"):
        assert said not in kept["answers"][0]
    assert not Response.objects.exists()
    page.context.set_offline(False)
    until(page, lambda: recorded() == [(3, "te laat", "complete")])
    kept = Response.objects.get().answers.filter(question__position__gt=2)
    assert sorted(kept.values_list("question__position", "rating", "choices", "verbatim")) == [
        (REASON_AT, None, "other", "de wachttijd"),
        (EASE_AT, 4, "", ""),
        (WISHES_AT, None, "chat", ""),
        (7, None, "yes", ""),
    ]
    assert ContactDetails.objects.get().email == "noor@example.org"
    assert page.problems == []


def test_whoever_walks_away_halfway_leaves_what_was_said_and_nothing_on_the_screen(tablet):
    page = tablet(asked={"further": EVERY_KIND}, idle_seconds=10)
    page.clock.install()
    page.reload()
    page.click(".step[value='9']")
    page.click("button.main")  # somebody with a nine is not asked where it went wrong
    page.get_by_label("Een app").check()
    page.fill(f"#q{DETAIL_AT}t", "nog bezig")
    page.click("text=Terug")
    page.click("text=Kies een ander cijfer")
    page.click(".step[value='8']")
    page.click("button.main")
    expect(page.locator(f"#q{DETAIL_AT}t")).to_have_value("nog bezig")
    page.clock.run_for(21_000)
    expect(page.locator("h1")).to_contain_text("Hoe waarschijnlijk")
    until(page, lambda: recorded() == [(8, "", "partial")])
    page.click(".step[value='2']")
    expect(page.locator(".choice input:checked")).to_have_count(0)
    detail = Response.objects.get(status="partial").answers.filter(question__position=DETAIL_AT)
    assert detail.get().verbatim == "nog bezig"


def test_an_older_state_never_takes_the_place_of_a_newer_one(tablet):
    page = tablet()
    page.context.set_offline(True)
    found = page.evaluate(
        """async () => { const { put, all, drop } = outbox("/k/elsewhere/");
        const state = (revision) => ({ key: "a", revision, text: `state ${revision}` });
        await Promise.all([put(state(2)), put(state(1)), put(state(3))]);
        const [kept] = await all();
        await drop({ ...kept, revision: 2 }); // confirmed, while a newer one was said
        const left = await all();
        await drop(kept);
        return [kept.text, left.length, (await all()).length]; }"""
    )
    assert found == ["state 3", 1, 0]


def test_a_delivery_never_grows_too_large(tablet):
    page = tablet()
    sizes = page.evaluate(
        """() => { const { batch } = outbox(""), long = (n) => ({ text: "x".repeat(n) });
        return [batch([]), batch([long(9e5), long(9)]), batch([long(2e5), long(2e5)]),
                batch(Array.from({ length: 80 }, () => long(9)))].map((one) => one.length); }"""
    )
    assert sizes == [0, 1, 1, 50]
