"""Whatever the profile and whatever the order of events, the platform's rules hold."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from mockdouyin.core.clock import DAY, HOUR, MINUTE
from mockdouyin.core.people import Person
from mockdouyin.domain.grants import revoke
from mockdouyin.domain.tickets import held_open_tickets
from tests.support.helpers import (
    GAME_LOGIN,
    PROGRAM,
    PROGRAM_LOGIN,
    WEB,
    WEB_CLIENT,
    consent,
    get,
    open_sealed,
    phone,
    post,
    sandbox,
)

LOGIN = "/api/apps/v2/jscode2session"

people = st.builds(
    Person,
    name=st.just("某"),
    nickname=st.text(),
    phone=st.from_regex(r"[0-9]{5,15}", fullmatch=True),
    country_code=st.sampled_from(["86", "852", "1"]),
    gender=st.integers(0, 2),
    country=st.text(),
    province=st.text(),
    city=st.text(),
    language=st.text(),
    avatar=st.text(),
)


@settings(max_examples=80, derandomize=True, deadline=None)
@given(person=people)
def test_any_profile_seals_and_opens(person: Person) -> None:
    """Any profile opens with the key of its login, and its signature verifies."""
    box = sandbox()
    box.default.people.add("某", person)
    code = phone(box, "login", person="某")["code"]
    handed = phone(box, "getUserInfo", person="某")
    number = phone(box, "getPhoneNumber", person="某")["detail"]

    key = post(box, LOGIN, {**PROGRAM_LOGIN, "code": code})["data"]["session_key"]

    raw = handed["rawData"]
    assert hashlib.sha1((raw + key).encode()).hexdigest() == handed["signature"]
    shown = {k: v for k, v in handed["userInfo"].items() if k not in ("userId", "sessionId")}
    assert raw == json.dumps(shown, ensure_ascii=False, separators=(",", ":"))
    sealed = json.loads(open_sealed(key, handed["iv"], handed["encryptedData"]))
    assert sealed["nickName"] == shown["nickName"] == person.nickname
    assert sealed["watermark"]["appid"] == PROGRAM.client_key
    plain = json.loads(open_sealed(key, number["iv"], number["encryptedData"]))
    assert plain["purePhoneNumber"] == person.phone


@dataclass
class Code:
    """A code, of tt.login or of a consent, as the model knows it."""

    code: str
    person: str
    until: float
    sealed: dict[str, Any] = field(default_factory=dict)
    dead: bool = False


@dataclass
class Token:
    """A token that the app or a person gave, with its end."""

    token: str
    until: float
    person: str = ""
    killed: bool = False


@dataclass
class Refresh:
    """A refresh token with the user token that it refreshes."""

    token: str
    until: float
    user: Token
    renewals: int = 0
    dead: bool = False


KEPT = 30 * DAY
"""For so long the platform knows that a token expired; afterwards it may have forgotten it."""


class Lifecycles(RuleBasedStateMachine):
    """Logins, tokens and tickets in any order, against what the docs say of each."""

    def __init__(self) -> None:
        super().__init__()
        self.box = sandbox()
        self.logins: list[Code] = []
        self.anonymous: list[Code] = []
        self.keys: dict[str, str] = {}
        self.clients: list[Token] = []
        self.consents: list[Code] = []
        self.grants: list[Refresh] = []
        self.users: list[Token] = []
        self.js: list[Token] = []
        self.open: list[Token] = []

    @property
    def now(self) -> float:
        """The world's time."""
        return self.box.default.clock.now()

    @rule(
        seconds=st.sampled_from(
            [1, MINUTE, 5 * MINUTE - 1, 5 * MINUTE, 10 * MINUTE, HOUR, 2 * HOUR, DAY, 14 * DAY]
            + [15 * DAY, 29 * DAY]
        )
    )
    def time_passes(self, seconds: float) -> None:
        """Advance the world's clock."""
        self.box.default.clock.advance(seconds)

    # tt.login and its codes.

    @initialize()
    def begin(self) -> None:
        """Begin with one of everything, so that each rule has something to work on."""
        self.log_in("小明")
        self.issue()
        self.consent("小明")
        self.exchange_consent(0)

    @rule(person=st.sampled_from(["小明", "小红"]))
    def log_in(self, person: str) -> None:
        """Log in, and have the phone number sealed under the new session."""
        codes = phone(self.box, "login", person=person)
        sealed = phone(self.box, "getPhoneNumber", person=person)["detail"]
        until = self.now + 5 * MINUTE
        assert codes["code"] not in [known.code for known in self.logins]
        self.logins.append(Code(codes["code"], person, until, sealed))
        self.anonymous.append(Code(codes["anonymousCode"], person, until))

    @rule(which=st.integers(0, 99), spoilt=st.sampled_from(["", "", "secret", "app", "swap"]))
    def exchange(self, which: int, spoilt: str) -> None:
        """Exchange a login code: it works once, in time, for its app, with the right secret."""
        login = self.logins[which % len(self.logins)]
        name = "anonymous_code" if spoilt == "swap" else "code"
        fields = {**(GAME_LOGIN if spoilt == "app" else PROGRAM_LOGIN), name: login.code}
        if spoilt == "secret":
            fields["secret"] = "wrong"

        reply = post(self.box, LOGIN, fields)

        if spoilt == "secret":
            assert reply["err_no"] == 40017
        elif spoilt == "swap":
            assert reply["err_no"] == 40019
        elif spoilt == "app" or login.dead or login.until <= self.now:
            assert reply["err_no"] == 40018
            assert set(reply["data"].values()) == {""}
        else:
            assert reply["err_no"] == 0
            self._opened(login, reply["data"]["session_key"])

    @rule(which=st.integers(0, 99), other=st.integers(0, 99))
    def exchange_both(self, which: int, other: int) -> None:
        """Exchange a code and an anonymous code: both are used up, or neither."""
        login = self.logins[which % len(self.logins)]
        anonymous = self.anonymous[other % len(self.anonymous)]
        fields = {"code": login.code, "anonymous_code": anonymous.code}

        reply = post(self.box, LOGIN, {**PROGRAM_LOGIN, **fields})

        if login.dead or login.until <= self.now:
            assert reply["err_no"] == 40018
        elif anonymous.dead or anonymous.until <= self.now:
            assert reply["err_no"] == 40019
        else:
            assert reply["err_no"] == 0
            anonymous.dead = True
            self._opened(login, reply["data"]["session_key"])

    def _opened(self, login: Code, key: str) -> None:
        """The key opens what was sealed after its login, and not what another login sealed."""
        login.dead = True
        plain = json.loads(open_sealed(key, login.sealed["iv"], login.sealed["encryptedData"]))
        assert plain["purePhoneNumber"] == self.box.default.people.profile(login.person).phone
        assert self.keys.setdefault(key, login.code) == login.code

    # Client tokens and tickets.

    @rule()
    def issue(self) -> None:
        """Issue a client token: the one before has five minutes left, the one before that none."""
        fields = {**WEB_CLIENT, "grant_type": "client_credential"}
        data = post(self.box, "/oauth/client_token/", fields)["data"]
        assert data["expires_in"] == 7200
        assert data["access_token"] not in [known.token for known in self.clients]
        if len(self.clients) > 1:
            self.clients[-2].killed = True
        if self.clients:
            self.clients[-1].until = min(self.clients[-1].until, self.now + 5 * MINUTE)
        self.clients.append(Token(data["access_token"], self.now + 2 * HOUR))

    def _refused(self, code: int, token: Token) -> None:
        """A killed token is invalid; one at its end has expired, until it is forgotten."""
        if token.killed:
            assert code == 28001003
        elif token.until + KEPT < self.now:
            assert code in (28001003, 28001008)
        else:
            assert code == 28001008

    @rule(which=st.integers(0, 99))
    def js_ticket(self, which: int) -> None:
        """Ask for a JS ticket with any token: the same ticket until 300 s are left to it."""
        token = self.clients[-1 - which % min(4, len(self.clients))]

        data = get(self.box, "/js/getticket/", token=token.token)["data"]

        if token.killed or token.until <= self.now:
            self._refused(data["error_code"], token)
            return
        assert data["error_code"] == 0
        if self.js and self.js[-1].until - self.now > 5 * MINUTE:
            assert data["ticket"] == self.js[-1].token
        else:
            assert data["ticket"] not in [known.token for known in self.js]
            self.js.append(Token(data["ticket"], self.now + 2 * HOUR))
        assert data["expires_in"] == self.js[-1].until - self.now

    @rule()
    def all_client_tokens(self) -> None:
        """At most two client tokens live, the newest of all."""
        living = [
            known.token
            for known in self.clients
            if get(self.box, "/js/getticket/", token=known.token)["data"]["error_code"] == 0
        ]
        expected = [t.token for t in self.clients if not t.killed and t.until > self.now]

        assert living == expected
        assert len(living) <= 2
        if living:
            self.js_ticket(0)

    @precondition(lambda self: self.clients[-1].until > self.now)
    @rule()
    def open_ticket(self) -> None:
        """Ask for an open ticket: always a new one, and the older ones have five minutes."""
        data = get(self.box, "/open/getticket/", token=self.clients[-1].token)["data"]

        assert data["expires_in"] == 7200
        assert data["ticket"] not in [known.token for known in self.open]
        for known in self.open:
            known.until = min(known.until, self.now + 5 * MINUTE)
        self.open.append(Token(data["ticket"], self.now + 2 * HOUR))
        world = self.box.default
        held = list(held_open_tickets(world.store.unit(self.now), world.find_app("web")))
        assert held[::-1] == [(t.token, t.until) for t in self.open if t.until > self.now]

    # A person's consent and what it gives.

    @rule(person=st.sampled_from(["小明", "小红"]))
    def consent(self, person: str) -> None:
        """Consent: the code of an earlier consent is void."""
        code = consent(self.box, person)
        for known in self.consents:
            known.dead = known.dead or known.person == person
        self.consents.append(Code(code, person, self.now + 10 * MINUTE))

    @rule(which=st.integers(0, 99))
    def exchange_consent(self, which: int) -> None:
        """Exchange a consent's code: once, within ten minutes, unless it is void."""
        known = self.consents[-1 - which % min(4, len(self.consents))]
        fields = {**WEB_CLIENT, "code": known.code, "grant_type": "authorization_code"}

        data = post(self.box, "/oauth/access_token/", fields)["data"]

        if known.dead or known.until <= self.now:
            assert data["error_code"] == 10007
            return
        assert (data["error_code"], data["expires_in"]) == (0, 15 * DAY)
        known.dead = True
        user = Token(data["access_token"], self.now + 15 * DAY, known.person)
        assert user.token not in [other.token for other in self.users]
        self.users.append(user)
        until = self.now + 30 * DAY
        self.grants.append(Refresh(data["refresh_token"], until, user))

    @rule(which=st.integers(0, 99))
    def use(self, which: int) -> None:
        """Use a user token: it works until its end, or until its person revokes it."""
        user = self.users[which % len(self.users)]
        open_id = self.box.default.people.open_id(
            self.box.default.apps[WEB.client_key], user.person
        )

        reply = post(
            self.box, "/oauth/userinfo/", {"access_token": user.token, "open_id": open_id}
        )

        if user.killed or user.until <= self.now:
            self._refused(reply["err_no"], user)
        else:
            assert reply["err_no"] == 0
            assert reply["data"]["open_id"] == open_id

    @rule(which=st.integers(0, 99))
    def refresh(self, which: int) -> None:
        """Refresh: the same token with new life while it lives, another afterwards."""
        known = self.grants[-1 - which % min(3, len(self.grants))]
        fields = {"client_key": WEB.client_key, "refresh_token": known.token}

        data = post(self.box, "/oauth/refresh_token/", {**fields, "grant_type": "refresh_token"})
        data = data["data"]

        if known.dead or known.until <= self.now:
            assert data["error_code"] == 10010
            return
        assert (data["error_code"], data["expires_in"]) == (0, 15 * DAY)
        assert data["refresh_token"] == known.token
        assert data["refresh_expires_in"] == known.until - self.now
        if known.user.until > self.now:
            assert data["access_token"] == known.user.token
            known.user.until = self.now + 15 * DAY
        else:
            assert data["access_token"] not in [other.token for other in self.users]
            known.user = Token(data["access_token"], self.now + 15 * DAY, known.user.person)
            self.users.append(known.user)

    @rule(which=st.integers(0, 99))
    def renew(self, which: int) -> None:
        """Renew: a new refresh token in place of the old one, five times and no more."""
        known = self.grants[-1 - which % min(3, len(self.grants))]
        fields = {"client_key": WEB.client_key, "refresh_token": known.token}

        data = post(self.box, "/oauth/renew_refresh_token/", fields)["data"]

        if known.dead or known.until <= self.now:
            assert data["error_code"] == 10010
        elif known.renewals == 5:
            assert data["error_code"] == 10020
        else:
            assert (data["error_code"], data["expires_in"]) == (0, 30 * DAY)
            assert data["refresh_token"] not in [other.token for other in self.grants]
            known.dead = True
            until, renewals = self.now + 30 * DAY, known.renewals + 1
            self.grants.append(Refresh(data["refresh_token"], until, known.user, renewals))

    @rule(person=st.sampled_from(["小明", "小红"]))
    def person_revokes(self, person: str) -> None:
        """Revoke: every code and token of the person is dead at once."""
        world = self.box.default
        unit = world.store.unit(self.now)
        revoke(world, unit, world.apps[WEB.client_key], person)
        unit.commit()
        for code in self.consents:
            code.dead = code.dead or code.person == person
        for user in self.users:
            user.killed = user.killed or user.person == person
        for grant in self.grants:
            grant.dead = grant.dead or grant.user.person == person


Lifecycles.TestCase.settings = settings(
    max_examples=100,
    stateful_step_count=60,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


TestLifecycles = Lifecycles.TestCase
