"""How entries and deliveries are joined to stories."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from mockdouyin import Sandbox
from mockdouyin.control import execute
from mockdouyin.core.acts import ATTEMPT, Act
from mockdouyin.core.http import Reply, Request
from mockdouyin.core.journal import Entry, Exchange
from mockdouyin.core.links import Link
from mockdouyin.core.outbox import Delivery
from mockdouyin.core.texts import Text
from mockdouyin.domain import act_texts
from mockdouyin.domain.effects import Effect
from mockdouyin.sandbox.stories import FIRST_STEPS, MAX_STEPS, Story, StoryStep, join
from tests.support.helpers import PROGRAM, PROGRAM_LOGIN, client_token, phone, post, sandbox

SAID: Text = act_texts.WORLD_RESET()
LOGIN, LATER = Link("login", "tt", "小明", 1), Link("login", "tt", "小明", 2)
GRANT, QR = Link("grant", "aw", "小明", 1), Link("qr", "aw", number=1)
COMMENT, OTHER = Link("comment", "", "小明", 1, "item"), Link("comment", "", "小明", 2, "item")


def act(number: int, *links: Link, kind: str = "phone.login", **given: Any) -> Act:
    """Return an act."""
    fields = {"time": float(number), "world": "w", "says": SAID, "person": "小明", **given}
    return Act(number=number, kind=kind, links=links, **fields)


def exchange(number: int, *links: Link, status: int = 200, **given: Any) -> Exchange:
    """Return an exchange."""
    request = Request("GET", "/x", b"", [], b"")
    fields: dict[str, Any] = {"time": float(number), "world": "w", "request": request, **given}
    return Exchange(number=number, reply=Reply(status, b""), links=links, **fields)


def delivery(id: str, cause: int, *links: Link, **given: Any) -> Delivery:
    """Return a delivery."""
    fields: dict[str, Any] = {"state": "delivered", "born": float(cause), **given}
    return Delivery(
        id=id,
        event="authorize",
        app="aw",
        person="小明",
        url="http://x",
        headers={},
        body=b"",
        cause=cause,
        links=links,
        **fields,
    )


def shown(story: Story) -> list[Any]:
    """Return the numbers and ids of a story's steps."""
    return [s.of.id if isinstance(s.of, Delivery) else s.of.number for s in story.steps()[0]]


def test_links_join() -> None:
    """Entries with a link in common are one story, and one with two links joins two."""
    entries: list[Entry] = [
        act(1, LOGIN),
        exchange(2, QR),
        act(3, LATER),
        exchange(4, LOGIN),
        exchange(5, GRANT),
        exchange(6),
        act(7, QR, GRANT),
        act(8, GRANT),
    ]

    stories = join(entries, [])

    assert [shown(story) for story in stories] == [[3], [1, 4], [2, 5, 7, 8]]
    assert [story.kind for story in stories] == ["login", "login", "consent"]
    assert [story.id for story in stories] == [LATER.id, LOGIN.id, QR.id]
    assert stories[-1].links == (QR, GRANT)


def test_the_narrowest_link_counts() -> None:
    """Calls with one token about two comments are two stories, and neither is the consent's."""
    entries: list[Entry] = [
        act(1, GRANT),
        exchange(2, GRANT, COMMENT),
        exchange(3, GRANT, OTHER),
        act(4, LOGIN, GRANT),
        act(5, COMMENT),
    ]

    stories = join(entries, [])

    assert [shown(story) for story in stories] == [[3], [1, 4], [2, 5]]
    assert [story.has(GRANT.id) for story in stories] == [False, True, False]


def test_a_delivery_belongs_to_its_cause() -> None:
    """Deliveries stand after their cause, with their attempts, whatever links those have."""
    entries: list[Entry] = [
        exchange(1, GRANT, COMMENT),
        act(2, GRANT),
        act(3, GRANT, kind=ATTEMPT, delivery="a-1"),
        act(4, GRANT, kind="delivery.replay", delivery="a-1"),
        exchange(5, COMMENT),
    ]
    deliveries = [delivery("a-1", 1, GRANT), delivery("a-2", 1, GRANT), delivery("a-3", 2, GRANT)]

    stories = join(entries, deliveries)

    assert [shown(story) for story in stories] == [[2, "a-3"], [1, "a-1", "a-2", 4, 5]]
    assert [story.latest for story in stories] == [2, 5]
    assert all(stories[1].has(id) for id in ("a-1", "a-2", "3", COMMENT.id))


def test_a_cause_that_is_gone() -> None:
    """A delivery whose cause was dropped belongs by its links, else it is a story with its kin."""
    entries: list[Entry] = [exchange(7, GRANT), exchange(8, GRANT)]
    deliveries = [
        delivery("a-1", 3, GRANT, QR),
        delivery("a-2", 4),
        delivery("a-3", 4),
        delivery("a-4", 5, COMMENT),
    ]

    stories = join(entries, deliveries)

    assert [shown(story) for story in stories] == [["a-2", "a-3"], ["a-4"], ["a-1", 7, 8]]
    assert [story.id for story in stories] == ["a-2", COMMENT.id, GRANT.id]
    assert [story.kind for story in stories] == ["event", "comment", "consent"]
    assert [story.started for story in stories] == [4.0, 5.0, 7.0]
    assert stories[-1].links == (GRANT, QR)


def test_an_attempt_whose_delivery_is_gone() -> None:
    """It is a step of its own: it is all that is left."""
    [story] = join([act(1, GRANT), act(2, GRANT, kind=ATTEMPT, delivery="a-1", why=SAID)], [])

    assert shown(story) == [1, 2]
    assert story.verdict == "refused"


@pytest.mark.parametrize(
    ("entry", "kind"),
    [
        pytest.param(act(1, kind="webhook.handshake"), "webhook", id="handshake"),
        pytest.param(act(1, kind="event.send"), "event", id="by hand"),
        pytest.param(act(1, kind="timeline.event"), "event", id="timeline"),
        pytest.param(act(1, kind="push.send"), "push", id="push"),
        pytest.param(act(1, kind="social.follow"), "social", id="social"),
        pytest.param(act(1, kind="consent.deny"), "consent", id="denied"),
        pytest.param(act(1, kind="phone.login", why=SAID), "login", id="login"),
        pytest.param(act(1, kind="phone.getPhoneNumber", why=SAID), "phone", id="phone"),
        pytest.param(exchange(1, denied=True), "consent", id="denied on the page"),
    ],
)
def test_what_is_a_story_alone(entry: Any, kind: str) -> None:
    """What a person does or refuses is a story without any link; its id is its number."""
    [story] = join([entry], [])

    assert (story.id, story.kind, story.number) == ("1", kind, 0)
    assert story.has("1")


def test_what_is_no_story() -> None:
    """Calls and acts that belong to nothing are in no story."""
    kinds = ("phone.getSystemInfo", "clock.advance", "rule.add", "app.change")

    assert join([exchange(1), *(act(n, kind=kind) for n, kind in enumerate(kinds, 2))], []) == []


STATES = {
    (): "ok",
    ("delivered",): "ok",
    ("delivered", "waiting"): "waiting",
    ("held",): "waiting",
    ("waiting", "failed"): "failed",
}


@pytest.mark.parametrize(("states", "verdict"), STATES.items(), ids=map(str, STATES))
def test_deliveries_decide_the_verdict(states: tuple[Any, ...], verdict: str) -> None:
    """One that was given up fails the story, and while one waits it is not over."""
    sent = [delivery(f"a-{n}", 1, state=state) for n, state in enumerate(states)]

    [story] = join([act(1, LOGIN)], sent)

    assert story.verdict == verdict


def test_the_latest_of_each_call_decides_the_verdict() -> None:
    """What was refused and done again is ok; what was not done again decides, the latest first."""
    profile = "phone.getUserProfile"
    entries: list[Entry] = [
        act(1, LOGIN),
        act(2, LOGIN, kind=profile, why=SAID),
        act(3, LOGIN, kind=profile),
        act(4, LOGIN, kind=profile, why=SAID),
        exchange(5, LOGIN, rule="r", status=500),
    ]

    verdicts = [join(entries[:count], [])[0].verdict for count in range(1, 6)]

    assert verdicts == ["ok", "refused", "ok", "refused", "bent"]


def test_polls_are_one_step() -> None:
    """Three equal exchanges in a row are one step, and two are two."""
    entries: list[Entry] = [
        exchange(1, QR),
        exchange(2, QR),
        act(3, QR),
        *(exchange(number, QR) for number in range(4, 9)),
        exchange(9, QR, rule="r"),
    ]

    [story] = join(entries, [])
    steps, more = story.steps()

    assert [step.of for step in steps] == [entries[at] for at in (0, 1, 2, 3, 8)]
    assert steps[3] == StoryStep(entries[3], 5, 8)
    assert more == 0
    assert story.has("6")


def test_a_long_story_is_cut_in_its_middle() -> None:
    """A story shows its first steps and its newest, and says how many are between."""
    [story] = join([act(number, LOGIN) for number in range(1, 1001)], [])

    steps, more = story.steps()

    numbers = list(range(1, FIRST_STEPS + 1)) + list(range(1001 - MAX_STEPS + FIRST_STEPS, 1001))
    assert [step.of.number for step in steps if isinstance(step.of, Act)] == numbers
    assert more == 1000 - MAX_STEPS


class Hashed(str):
    """A word that counts how often it is hashed."""

    hashed = itertools.count()

    def __hash__(self) -> int:
        next(self.hashed)
        return super().__hash__()

    __eq__ = str.__eq__


def test_joining_is_linear() -> None:
    """Twice as many entries are twice the work, even where each joins the story before it."""

    def hashings(count: int) -> int:
        links = [Link("share", Hashed("aw"), number=number) for number in range(count + 1)]
        before = next(Hashed.hashed)
        stories = join((exchange(n + 1, *links[n : n + 2]) for n in range(count)), [])
        assert len(stories) == 1
        return next(Hashed.hashed) - before

    assert hashings(4000) <= 2.2 * hashings(2000)


# Links are written when things happen.


def told(box: Sandbox) -> list[Any]:
    """Return a world's stories."""
    stories: list[Any] = execute(box, "stories")["stories"]
    return stories


def test_an_effect_of_a_rule_has_its_cause() -> None:
    """A rule by which a person revokes sends its webhook in the name of the call that it met."""
    box = sandbox()
    hook = {"url": "http://127.0.0.1:9/hook"}
    execute(box, "change_app", path={"key": "web"}, body={"webhook": hook, "verify": False})
    web = box.default.find_app("web")
    code = execute(box, "authorize", body={"scope": "user_info"})["code"]
    key = {"client_key": web.client_key, "client_secret": web.client_secret}
    grant = {**key, "code": code, "grant_type": "authorization_code"}
    token = post(box, "/oauth/access_token/", grant)["data"]
    rule = {"on": "user_info", "happens": str(Effect.PERSON_REVOKES)}
    execute(box, "add_rule", body=rule)

    post(box, "/oauth/userinfo/", {each: token[each] for each in ("access_token", "open_id")})

    [story] = told(box)
    *_, met, sent = story["steps"]
    assert (met["endpoint"], met["verdict"]) == ("oauth.user_info", "refused")
    assert (sent["event"], sent["cause"]) == ("unauthorize", met["id"])


def test_a_call_that_a_rule_refused_is_linked() -> None:
    """A message that a rule refused belongs to the consent that it would have used."""
    box = sandbox()
    app = box.default.find_app("mini_program")
    template = next(iter(app.templates))
    phone(box, "requestSubscribeMessage", tmplIds=[template])
    execute(box, "add_rule", body={"on": "notify_user", "error": 28001019})
    token = client_token(box, PROGRAM.client_key, PROGRAM.client_secret)
    open_id = box.default.people.open_id(app, box.default.people.first)
    message = {"msg_id": template, "open_id": open_id, "data": {"快递派送": "1"}}

    path = "/api/notification/v2/subscription/notify_user/"
    post(box, path, message, {"access-token": token})

    [story] = told(box)
    assert [step["kind"] for step in story["steps"]] == ["act", "exchange"]
    assert (story["kind"], story["verdict"], story["person"]) == (
        "subscription",
        "refused",
        "小明",
    )


def test_two_codes_of_two_logins_in_one_call() -> None:
    """A call that carries the codes of two logins joins them, the older one first."""
    box = sandbox()
    first, second = phone(box, "login"), phone(box, "login")

    given = {"code": second["code"], "anonymous_code": first["anonymousCode"]}
    post(box, "/api/apps/v2/jscode2session", {**PROGRAM_LOGIN, **given})

    [story] = told(box)
    assert [step["id"] for step in story["steps"]] == [1, 2, 3]
    assert story["number"] == 1


def test_a_reset_ends_all_stories() -> None:
    """After a reset nothing is told of what was before it."""
    box = sandbox()
    phone(box, "login")
    execute(box, "reset")

    assert told(box) == []
