"""What falls due next, which credentials are valid, and what a move of the clock ran."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from mockdouyin import ManualClock, MockDouyinError, Sandbox, Scenario
from mockdouyin.control import clock, due, execute
from mockdouyin.control.client import LocalControl
from mockdouyin.control.http_client import HttpControl
from mockdouyin.core import codec
from mockdouyin.core.outbox import Attempt
from mockdouyin.core.store import Record
from mockdouyin.delivery import Dispatcher
from mockdouyin.domain.expiry import EXPIRING
from mockdouyin.domain.logins import LoginCode
from mockdouyin.redis_store import RedisConnection, SharedSandbox
from mockdouyin.sandbox import deliveries, expirations
from mockdouyin.server.serving import ThreadedServer
from tests.conftest import Servers
from tests.endpoints.calls import Scene
from tests.endpoints.calls_payment import ordered
from tests.support.helpers import (
    PROGRAM,
    PROGRAM_LOGIN,
    WEB,
    WEB_CLIENT,
    app_token,
    client_token,
    consent,
    get,
    phone,
    post,
    sandbox,
)
from tests.support.posting import set_hook, tell

NOON = "2026-11-20T12:00:00+08:00"
LOGIN = "/api/apps/v2/jscode2session"
STORY = """
name: story
apps:
  web: {kind: web, webhook: {url: "http://127.0.0.1:9/hook?secret=abcdefgh12345678"}}
events:
  - {after: 30s, send: authorize}
  - {after: 3h, send: create_video, person: 小红}
"""


@pytest.fixture(params=["memory", "redis"])
def make(request: pytest.FixtureRequest, servers: Servers) -> Iterator[Any]:
    """Yield what makes a sandbox in memory, or in Redis."""
    if request.param == "memory":
        yield partial(Sandbox, clock=ManualClock)
        return
    redis = RedisConnection(servers("redis").url)
    yield partial(SharedSandbox, redis, clock=ManualClock)
    redis.close()


def frozen(box: Sandbox) -> Sandbox:
    """Stop the clock at noon."""
    execute(box, "freeze_clock", body={"at": NOON})
    return box


def coming(box: Sandbox, **query: str) -> list[tuple[str, str, float]]:
    """List what falls due: its kind, its name, and in how many seconds."""
    shown = execute(box, "due", query=query)["due"]
    assert [each["in"] for each in shown] == sorted(each["in"] for each in shown)
    return [(each["kind"], each["name"], each["in"]) for each in shown]


def valid(box: Sandbox, **query: str) -> list[tuple[str, float, float, bool]]:
    """List the credentials: the name, what is left of how much, and whether it is superseded."""
    shown = execute(box, "credentials", query=query)["credentials"]
    return [(c["name"], c["left"], c["lifetime"], c["superseded"]) for c in shown]


def ran(box: Sandbox, by: str) -> Any:
    """Move the clock; return what that ran."""
    return execute(box, "advance_clock", body={"by": by})["ran"]


def user_token(box: Sandbox) -> dict[str, Any]:
    """Exchange the code of a consent; return the tokens."""
    fields = {**WEB_CLIENT, "code": consent(box), "grant_type": "authorization_code"}
    tokens: dict[str, Any] = post(box, "/oauth/access_token/", fields)["data"]
    return tokens


def test_codes_tokens_and_sessions_fall_due(box: Sandbox) -> None:
    """The soonest comes first; a code that was used is over, and does not expire."""
    frozen(box)
    assert execute(box, "due") == {"now": NOON, "due": [], "more": False}
    code = phone(box, "login")["code"]
    post(box, LOGIN, {**PROGRAM_LOGIN, "code": code})
    client_token(box)
    client_token(box)

    assert coming(box) == [
        ("code", "anonymous_code", 300),
        ("token", "client_token", 300),
        ("token", "client_token", 7200),
        ("session", "session_key", 30 * 86400),
    ]
    first, replaced, newest, _ = execute(box, "due", language="zh")["due"]
    assert first["at"] == "2026-11-20T12:05:00+08:00"
    assert first["says"] == ("小明 在 mini_program 中的匿名登录 anonymousCode（tt.login）过期")
    assert (first["app"], first["person"]) == (PROGRAM.client_key, "小明")
    assert first["link"] == f"login:{PROGRAM.client_key}:小明:1"
    assert replaced["says"] == "web 已被取代的应用 client_token（clt.）失效"
    assert newest["says"] == "web 的应用 client_token（clt.）过期"


def test_the_world_s_time_decides(box: Sandbox) -> None:
    """What has expired is not due any more, and the rest is nearer."""
    frozen(box)
    phone(box, "login")
    app_token(box)
    execute(box, "advance_clock", body={"by": "1h"})

    assert coming(box)[0] == ("token", "app_token", 3600)


def test_tickets_and_a_consent(box: Sandbox) -> None:
    """Open tickets, JS tickets, user and refresh tokens fall due, until a consent is revoked."""
    frozen(box)
    token = client_token(box)
    for path in ("/js/getticket/", "/open/getticket/", "/open/getticket/"):
        get(box, path, token=token)
    tokens = user_token(box)

    names = ["open_ticket", "client_token", "js_ticket", "open_ticket", "user_token"]
    assert [name for _, name, _ in coming(box)] == [*names, "refresh_token"]
    assert valid(box) == [
        ("open_ticket", 300, 300, True),
        ("client_token", 7200, 7200, False),
        ("js_ticket", 7200, 7200, False),
        ("open_ticket", 7200, 7200, False),
        ("user_token", 15 * 86400, 15 * 86400, False),
        ("refresh_token", 30 * 86400, 30 * 86400, False),
    ]
    [user] = execute(box, "credentials", query={"person": "小明", "limit": "1"})["credentials"]
    assert (user["scopes"], user["app"]) == (["user_info"], WEB.client_key)
    assert user["link"] == f"grant:{WEB.client_key}:小明:1"
    assert user["head"] == tokens["access_token"][:8] + "***"

    execute(box, "revoke", body={"person": "小明"})
    assert valid(box, person="小明") == []
    assert "user_token" not in {name for _, name, _ in coming(box)}
    assert "user_token" not in ran(box, "40d")["expired"]


def test_a_js_ticket_that_was_replaced(box: Sandbox) -> None:
    """In its last five minutes the older ticket is valid beside the new one; both expire."""
    frozen(box)
    get(box, "/js/getticket/", token=client_token(box))
    execute(box, "advance_clock", body={"by": "1h57m"})
    get(box, "/js/getticket/", token=client_token(box))

    js = [each for each in valid(box) if each[0] == "js_ticket"]
    assert js == [("js_ticket", 180, 300, True), ("js_ticket", 7200, 7200, False)]
    assert ran(box, "4m")["expired"]["js_ticket"] == 1
    assert ran(box, "2h")["expired"]["js_ticket"] == 1


def test_credentials_are_masked_and_filtered(box: Sandbox) -> None:
    """A list shows how each begins, and the whole if asked to; it is of one app or person."""
    frozen(box)
    secrets = [client_token(box), app_token(box)]
    secrets.append(get(box, "/js/getticket/", token=secrets[0])["data"]["ticket"])

    shown = execute(box, "credentials")
    assert not any(secret in str(shown) for secret in secrets)
    assert all(len(each["head"]) <= 20 for each in shown["credentials"])
    revealed = execute(box, "credentials", query={"reveal": "true"})["credentials"]
    assert {each["value"] for each in revealed} == set(secrets)
    assert [name for name, *_ in valid(box, app="mini_program")] == ["app_token"]
    assert [name for name, *_ in valid(box, app=WEB.client_key)] == ["client_token", "js_ticket"]
    assert valid(box, person="小红") == []
    assert execute(box, "credentials", query={"limit": "1"})["more"] is True


def test_sessions_and_codes_that_are_valid(box: Sandbox) -> None:
    """What is asked for by kind is listed; a code that was used is valid no more."""
    frozen(box)
    code = phone(box, "login")["code"]
    assert {name for name, *_ in valid(box, kind="code,session")} == {
        *("login_code", "anonymous_code", "session_key")
    }
    post(box, LOGIN, {**PROGRAM_LOGIN, "code": code})
    assert [name for name, *_ in valid(box, kind="code")] == ["anonymous_code"]
    assert valid(box) == []

    [session] = execute(box, "credentials", query={"kind": "session"})["credentials"]
    assert (session["person"], session["expires"]) == ("小明", "2026-12-20T12:00:00+08:00")
    assert session["head"] == "***"
    ran(box, "30d")
    assert valid(box, kind="session") == []
    with pytest.raises(MockDouyinError, match="did you mean session"):
        valid(box, kind="sesion")


def test_deliveries_events_and_rules_fall_due(make: Any) -> None:
    """What waits to be sent, the scenario's events and rules with a ttl stand in one queue."""
    box = make(Scenario.parse(STORY))
    execute(box, "add_rule", body={"on": "client_token", "error": 10003, "ttl": "45s"})
    made = tell(box.default, "create_video")
    assert made is not None
    sent = box.default.transact(lambda: deliveries.claim_due(box.default))
    assert [each.id for each in sent] == [made.id]
    assert "delivery" not in {kind for kind, _, _ in coming(box)}  # it is being sent
    deliveries.record(box.default, sent[0], Attempt(status=500))

    kinds = [kind for kind, _, _ in coming(box)]
    assert kinds == ["delivery", "event", "rule", "event"]
    retry, event, rule, later = execute(box, "due")["due"]
    assert (retry["id"], retry["name"], retry["in"]) == (made.id, "create_video", 10)
    assert retry["says"] == (
        "attempt 2: create_video is sent to http://127.0.0.1:9/hook?secret=***"
    )
    assert (event["name"], event["person"]) == ("authorize", "小明")
    assert (rule["id"], rule["says"]) == ("rule-1", "rule rule-1 ends")
    assert later["person"] == "小红"
    page = execute(box, "due", query={"limit": "2"})
    assert ([each["kind"] for each in page["due"]], page["more"]) == (["delivery", "event"], True)


def test_a_move_tells_what_it_ran(make: Any) -> None:
    """Deliveries and events are counted from the journal, and what expired from the records."""
    box = make(Scenario.parse(STORY), deliverer=Dispatcher)
    try:
        client_token(box)
        execute(box, "add_rule", body={"on": "client_token", "error": 10003, "ttl": "45s"})
        began = execute(box, "clock")["now"]
        moved = execute(box, "advance_clock", body={"by": "2h1m"})
    finally:
        box.deliverer.stop()

    told = moved["ran"]
    assert (told["from"], told["to"]) == (began, moved["now"])
    assert told["expired"] == {"client_token": 1}
    # Nobody listens at port 9: two attempts are followed by another one, the third is the last.
    assert told["deliveries"] == {"delivered": 0, "retried": 2, "failed": 1}
    assert (told["events"], told["rules_ended"]) == (1, 1)
    assert told["says"] == (
        "on the way: 1 token expired, 1 event of the scenario, 2 deliveries to be retried,"
        " 1 delivery given up, 1 rule ended"
    )
    acts = execute(box, "rows", query={"kind": "clock.ran"})["rows"]
    assert [act["says"] for act in acts] == [told["says"]]
    whole = execute(box, "open_act", path={"act": str(acts[0]["id"])})
    assert whole["result"] == {name: told[name] for name in told if name != "says"}


def test_an_accepted_delivery_is_counted(make: Any) -> None:
    """An attempt that the receiver accepts is `delivered`; what is not due yet is not counted."""
    box = make()

    class Accepting(deliveries.NullDeliverer):
        def advance(self, world: Any, seconds: float) -> Any:
            def deliver() -> None:
                for each in deliveries.claim_due(world):
                    deliveries.record(world, each, Attempt(status=200))

            world.transact(deliver)
            return super().advance(world, seconds)

    box.deliverer = Accepting()
    set_hook(box.default, "http://127.0.0.1:9/hook")
    tell(box.default, "create_video")

    assert ran(box, "1s")["deliveries"] == {"delivered": 1, "retried": 0, "failed": 0}
    assert ran(box, "1s")["deliveries"] == {"delivered": 0, "retried": 0, "failed": 0}


def test_a_move_that_ran_nothing_is_silent(box: Sandbox) -> None:
    """No act follows the move if nothing fell due."""
    frozen(box)
    told = ran(box, "1h")

    assert (told["expired"], told["says"]) == ({}, "nothing fell due")
    assert [row["kind"] for row in execute(box, "rows", query={"kind": "clock"})["rows"]] == [
        "clock.freeze",
        "clock.advance",
    ]


def test_many_codes(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many records the soonest are found, all are counted, and a limit of pages is told."""
    frozen(box)
    world = box.default

    def issue() -> None:
        unit = world.store.unit(world.clock.now())
        for number in range(5000):
            end = unit.now + 10_000 - number
            code = LoginCode(app=PROGRAM.client_key, person="小明", session_key="", expires=end)
            unit.write(f"code-{number}", code)
        unit.commit()

    world.transact(issue)
    page = execute(box, "due", query={"limit": "3"})
    assert ([each["in"] for each in page["due"]], page["more"]) == ([5001, 5002, 5003], True)
    assert len(coming(box, limit="0")) == 1000
    told = ran(box, "6000s")
    assert (told["expired"], "partial" in told) == ({"login_code": 1000}, False)
    monkeypatch.setattr(expirations, "MAX_PAGES", 2)
    assert ran(box, "1s")["partial"] is True
    assert execute(box, "due")["more"] is True


def test_every_kind_of_record_that_expires_is_declared() -> None:
    """A kind of records either tells of its end, or is known to have none that anybody notices."""
    endless = {
        *(
            "Authorization",
            "BusinessTokens",
            "Comment",
            "Delivery",
            "DeliveryCount",
            "Following",
            "KilledToken",
            "Ladder",
        ),
        "AppLinkCount",
        *("LinkCount", "Message", "OpenTickets", "OwnTemplates", "PageKey", "QrCount"),
        *("Account", "Book", "BookPage", "LatestOrder", "Order", "Payee", "SpoiltNumber"),
        *("PushedOrder", "Refund", "PlatformNumber", "Settlement", "TradeOrder"),
        *("Merchant", "MerchantNumber", "ShareReturn", "Statement", "StatementPage", "Withdrawal"),
        *("RuleCount", "SecretCount", "Sent", "ShareCount", "Shelf", "Subscription", "Thread"),
        *("AppletTemplate", "CardList", "RetainCard", "SameTemplate"),
        *("EntryApplication", "EntryCount", "FanGroup", "FanGroups", "GroupMember", "GroupTalk"),
        *("LifeStock", "PendingEntry", "Prepared", "SealedCode"),
        *("Resource", "ResourceAttempt", "ResourcePage", "ResourceShelf"),
        *("Uploads", "UserStorage", "Video", "WaitingSheet"),
    }
    unnoticed = {"Allowance", "BankVerdict", "ForcedFailure", "OrderFate", "Window"}
    unnoticed.add("StableToken")  # it is an AppToken as well
    sandbox()

    kinds: dict[str, type[Record]] = codec.kinds()
    known = {name for name, kind in kinds.items() if kind.__module__.startswith("mockdouyin.")}
    declared = {kind.TABLE for kind in EXPIRING}
    assert known - endless - unnoticed == declared


def test_the_same_over_http(server: ThreadedServer) -> None:
    """Both clients give typed answers, whose keys are those of the JSON."""
    execute(server.sandbox, "freeze_clock", body={"at": NOON})
    phone(server.sandbox, "login")
    remote = HttpControl(server.url)
    for control in (LocalControl(server.sandbox), remote):
        page = control.call(due.due, due.DueQuery(limit=1))
        assert page.due[0].in_ == page.due[0]["in"] == 300
        assert "in_" not in page.due[0]
        assert control.call(due.credentials, due.CredentialsQuery()).credentials == []
        moved = control.call(clock.advance_clock, clock.Advance("1s")).ran
        assert moved
        assert moved["from"] == moved.from_ == NOON
        execute(server.sandbox, "freeze_clock", body={"at": NOON})
    remote.close()


def test_answers_go_on_while_it_reads(box: Sandbox) -> None:
    """Whoever asks what falls due holds no lock while tables are read."""
    frozen(box)
    phone(box, "login")
    reads, may_go_on = threading.Event(), threading.Event()

    def pace(things: Any) -> Any:
        reads.set()
        assert may_go_on.wait(20)
        return things

    world, found = box.default, []
    search = world.transact(lambda: expirations.Expirations(world, world.clock.now(), pace=pace))
    thread = threading.Thread(target=lambda: found.extend(search.soonest(5)))
    thread.start()
    assert reads.wait(20)
    answer = phone(box, "login")
    is_reading = thread.is_alive()
    may_go_on.set()
    thread.join()
    assert ("code" in answer, is_reading, len(found) > 0) == (True, True, True)


def test_an_order_that_waits_is_named() -> None:
    """Of several orders that can be paid, each is told by its own number."""
    scene = Scene()
    ordered(scene, "CART-1")
    ordered(scene, "CART-2", valid_time=600)

    for language, says in (
        ("en", "order {number} of mini_program times out unpaid"),
        ("zh", "mini_program 的订单 {number} 支付超时"),
    ):
        found = execute(scene.box, "due", language=language)["due"]
        expected = [says.format(number=each) for each in ("CART-2", "CART-1")]
        assert [each["says"] for each in found] == expected
