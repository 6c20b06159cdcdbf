"""Goes to every URL of the site as one of its people, and looks at every answer."""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.contrib.auth.models import User
from django.http.response import HttpResponseBase

from tests.leak import evidence
from tests.leak.forms import Sending, sendings
from tests.leak.links import Known, links_of
from tests.leak.newsroom import HOST, browser
from tests.leak.scanner import Leak, Scanner

type Data = Mapping[str, list[str]]

FORMS = 6  # of a kind: each that is sent may make a row with a form of its own


@dataclass
class Walk:
    """First every address and all that they link to, then what can be sent there.

    What staff send changes the site, so that the first addresses are visited once more; forms
    that delete come last.
    """

    scanner: Scanner
    role: str = "reader"
    user: User | None = None
    leaks: list[Leak] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)  # answered with a server error
    answered: dict[str, int] = field(default_factory=dict)  # GET: address -> status
    responses: int = 0

    def __post_init__(self) -> None:
        self.client = browser(self.user)
        self.links: deque[str] = deque()
        self.known = Known()
        self.forms: list[Sending] = []
        self.known_forms: set[object] = set()
        self.forms_of_a_kind: Counter[object] = Counter()

    def go(self, addresses: Iterable[str]) -> None:
        addresses = list(dict.fromkeys(addresses))
        self.read(addresses)
        open_to_me = [address for address in addresses if self.answered[address] == 200]
        for address in open_to_me:
            self.ask("HEAD", address)
        for address in addresses:
            self.ask("POST", address)
        self._send(lambda form: not form.deletes)
        if self.user:
            for address in open_to_me:
                self.ask("GET", address)
        self._send(lambda form: form.deletes)

    def read(self, addresses: Iterable[str], *, stop_at_a_leak: bool = False) -> None:
        """GET these addresses and, breadth first, those they lead to, until none is new."""
        for address in addresses:
            self.known.is_new(address)
            self.links.append(address)
        while self.links and not (stop_at_a_leak and self.leaks):
            self.ask("GET", self.links.popleft())

    def _send(self, wanted: Callable[[Sending], bool]) -> None:
        """The forms that were found so far, and those found on the way."""
        while chosen := [form for form in self.forms if wanted(form)]:
            self.forms = [form for form in self.forms if not wanted(form)]
            for form in chosen:
                answer = self.ask("POST", form.url, form.data, doing=form.doing)
                led_to = next(links_of(answer, form.url, HOST), None)
                if led_to and answer.has_header("Location"):
                    self.ask("GET", led_to)  # known or not: the next page shows the messages
            self.read([])

    def ask(
        self, method: str, address: str, data: Data | None = None, *, doing: str = ""
    ) -> HttpResponseBase:
        answer: HttpResponseBase = (
            self.client.post(address, data or {})
            if method == "POST"
            else self.client.generic(method, address)
        )
        what = f"{self.role}: {method} {address} {doing}".strip()
        self.responses += 1
        self.leaks += self.scanner.leaks(what, *evidence.of_response(answer))
        if answer.status_code >= 500:
            self.broken.append(what)
        if method == "GET":
            self.answered[address] = answer.status_code
        if method != "HEAD":
            self._look_around(address, answer)
        self._stay_logged_in(answer)
        return answer

    def _look_around(self, address: str, answer: HttpResponseBase) -> None:
        for link in links_of(answer, address, HOST):
            self._note(link)
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            page = evidence.body_of(answer).decode()
            for form in sendings(page, address):
                if form.alike in self.known_forms or self.forms_of_a_kind[form.kind] >= FORMS:
                    continue
                self.known_forms.add(form.alike)
                self.forms_of_a_kind[form.kind] += 1
                self.forms.append(form)

    def _note(self, link: str) -> None:
        if self.known.is_new(link):
            self.links.append(link)

    def _stay_logged_in(self, answer: HttpResponseBase) -> None:
        session = answer.cookies.get(settings.SESSION_COOKIE_NAME)
        if self.user and session is not None and not session.value:
            self.client.force_login(self.user)
