"""Somebody at a screen: a browser of their own, and the few moves every journey makes."""

from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, Page

from tests.journeys.house import Account

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}


@dataclass(slots=True)
class Visitor:
    """A page in a browser context of its own; what the browser complained of is kept."""

    url: str
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)

    def listen(self) -> "Visitor":
        """Keep every complaint of the console and of scripts."""
        self.page.on("pageerror", lambda problem: self.complaints.append(str(problem)))
        self.page.on(
            "console",
            lambda line: (
                self.complaints.append(f"{self.page.url}: {line.text}")
                if line.type in ("error", "warning")
                else None
            ),
        )
        return self

    def go(self, address: str) -> Page:
        """Open an address of this house, or a whole one."""
        self.page.goto(address if "://" in address else self.url + address)
        return self.page

    def log_in(self, account: Account) -> Page:
        """Log in through the page."""
        self.go("/accounts/login/")
        self.page.fill("input[name=login]", account.email)
        self.page.fill("input[name=password]", account.password)
        self.page.press("input[name=password]", "Enter")
        self.page.wait_for_url(lambda address: "/accounts/login" not in address)
        return self.page

    def text(self, selector: str = "main") -> str:
        """What stands there, as it is shown."""
        return self.page.inner_text(selector)
