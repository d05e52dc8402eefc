"""Operations on a world's stories: logins, consents, shares, … with all that belongs to each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from mockdouyin.control._error_texts import NO_STORY
from mockdouyin.control._operations import OperationCall, OperationQuery, operation
from mockdouyin.control._pages import every_entry
from mockdouyin.control._shown import Shown
from mockdouyin.control._steps import After, Step
from mockdouyin.control._turns import in_turns, paced
from mockdouyin.control.rows import RowShown, moment, show_row
from mockdouyin.core.clock import iso
from mockdouyin.core.errors import NotFoundError
from mockdouyin.core.outbox import Delivery
from mockdouyin.core.texts import Language
from mockdouyin.sandbox import deliveries
from mockdouyin.sandbox.stories import Story, StoryStep, join
from mockdouyin.sandbox.worlds import World

MAX_STORIES = 200
"""Stories in one answer, at most; `before` fetches earlier ones."""


class AttemptMade(Shown, kw_only=True):
    """One attempt to deliver, without the receiver's body.

    一次投递的尝试，不含接收端返回的 body。
    """

    time: str
    status: int | None
    """Null if no answer came.

    没有响应则是 null。"""
    error: str | None
    problem: str | None
    """Why it does not count as delivered.

    为什么不算收到。"""
    took_ms: int


class StepShown(Shown, kw_only=True):
    """One step of a story; which fields it has depends on its kind.

    其中的一步；有哪些字段取决于种类。
    """

    kind: Literal["act", "exchange", "delivery"]
    id: int | str
    """The number of an act or exchange; the id of a delivery.

    操作或请求的编号，或投递的 id。"""
    time: str
    app: str
    person: str
    links: list[str]
    act: str | UnsetType = UNSET
    """An act's kind, such as `phone.login`.

    操作的种类，如 `phone.login`。"""
    says: str | UnsetType = UNSET
    """What the act was.

    操作是什么。"""
    endpoint: str | UnsetType = UNSET
    """An exchange's endpoint.

    请求的接口。"""
    method: str | UnsetType = UNSET
    path: str | UnsetType = UNSET
    verdict: str | UnsetType = UNSET
    """`ok` or `refused`; of an exchange also `bent`, `fault`, `unknown` or `error`.

    `ok` 或 `refused`；请求还有 `bent`、`fault`、`unknown`、`error`。"""
    status: int | UnsetType = UNSET
    code: int | UnsetType = UNSET
    """The number of the error with which the platform refused it.

    平台拒绝时的错误码。"""
    error: str | UnsetType = UNSET
    """The error's name.

    错误的名称。"""
    fault: str | UnsetType = UNSET
    why: str | UnsetType = UNSET
    """Why it was refused.

    为什么被拒绝。"""
    rule: str | UnsetType = UNSET
    """The id of the rule that decided.

    起作用的规则的 id。"""
    took_ms: float | UnsetType = UNSET
    times: int | UnsetType = UNSET
    """How many equal exchanges followed one another, of which this is the first.

    连续几次相同的请求，这是第一次。"""
    last: int | UnsetType = UNSET
    """The number of the last of them.

    其中最后一次的编号。"""
    delivery: str | UnsetType = UNSET
    """The id of the delivery that an act sends again.

    操作重发了哪个投递：它的 id。"""
    event: str | UnsetType = UNSET
    """A delivery's event.

    投递的事件。"""
    url: str | UnsetType = UNSET
    state: str | UnsetType = UNSET
    """A delivery's state: `waiting`, `held` (sent by hand), `delivered` or `failed`.

    投递的状态：`waiting`、`held`（手动发送）、`delivered` 或 `failed`。"""
    attempts: list[AttemptMade] | UnsetType = UNSET
    cause: int | UnsetType = UNSET
    """The number of what a delivery tells of.

    投递说的是哪件事：它的编号。"""
    born: str | UnsetType = UNSET
    next_try: str | None | UnsetType = UNSET

    def __post_init__(self) -> None:
        """Do nothing: no field holds plain dictionaries."""


class StoryShown(Shown, kw_only=True):
    """What belongs together: one login, consent, share, … from the phone to the receiver.

    一个流程：一次登录、授权、支付、分享等，从手机到接收端。
    """

    id: str
    kind: str
    """`login`, `consent`, `share`, `subscription`, `message`, `comment`, `webhook`, `event`, …

    `login`、`consent`、`share`、`subscription`、`message`、`comment`、`webhook`、`event` 等。"""
    number: int
    """Which one it is of its kind, of its person and app; 0 if they are not numbered.

    是这个用户和应用的第几个；不编号的则是 0。"""
    person: str
    """Whom it is about.

    和哪个用户有关。"""
    app: str
    """The client_key.

    应用的 client_key。"""
    started: str
    ended: str
    verdict: str
    """`failed` or `waiting` if a delivery is; else that of what did not end well, or `ok`.

    有投递失败或等待，就是 `failed` 或 `waiting`；否则看没有成功的那一步，都成功则是 `ok`。"""
    latest: int
    """The number of the latest thing that happened in it.

    其中最后一件事的编号。"""
    links: list[str]
    steps: list[StepShown]
    more_steps: int
    """Steps in the middle of a long story that are left out.

    太长而省略的中间步骤数。"""


class StoriesShown(Shown):
    """Stories; the one in which something happened last is the last.

    世界里的流程；最近还有动静的在最后。
    """

    stories: list[StoryShown]
    more: bool
    """Whether there are earlier ones.

    之前是否还有。"""


class StoriesQuery(OperationQuery):
    """Which stories to list.

    列出哪些流程。
    """

    since: int = 0
    """Those in which something happened after this number.

    在这个编号之后还有事情发生的。"""
    before: int = 0
    """Those whose latest number is below this one.

    最后一个编号小于它的。"""
    from_: str = msgspec.field(name="from", default="")
    """Those in which something happened since this moment, or since `5m` ago.

    在这个时刻之后还有事情发生的，或往前多久，如 `5m`。"""
    person: str = ""
    """Those in which this person takes part.

    有这个用户参与的。"""
    app: str = ""
    """A client_key or name.

    client_key 或应用名。"""
    kind: str = ""
    """Those of this kind: `login`, `consent`, `share`, …

    这一类的：`login`、`consent`、`share` 等。"""
    verdict: str = ""
    """Those that ended so: `ok`, `refused`, `failed`, `waiting`, …

    结果是它的：`ok`、`refused`、`failed`、`waiting` 等。"""
    limit: int = 50
    """At most so many, and never more than 200.

    最多这么多，不超过 200。"""


@operation("GET", "/stories", long=True)
def stories(call: OperationCall[StoriesQuery]) -> Step[StoriesShown]:
    """List what belongs together: logins, consents, shares, … with every step of each.

    An answer has the newest 200 at most of those that are asked for; `more` says whether there
    are earlier ones.

    列出流程：登录、授权、支付、分享等，每一步都在内。
    """
    given, world = call.given, call.world
    limit = min(given.limit or MAX_STORIES, MAX_STORIES)
    person = world.people.find(given.person) if given.person else ""
    app = world.find_app(given.app).client_key if given.app else ""
    earliest = moment(given.from_, world.clock.now()) if given.from_ else 0.0

    def is_wanted(story: Story) -> bool:
        return (
            story.latest > given.since
            and (not given.before or story.latest < given.before)
            and (not person or story.names(person))
            and (not app or story.app == app)
            and story.ended >= earliest
            and given.kind in ("", story.kind)
            and given.verdict in ("", story.verdict)
        )

    def page() -> StoriesShown:
        found = [story for story in paced(_read(world)) if is_wanted(story)]
        mask, language = world.mask(), call.language
        shown = in_turns(found[-limit:], lambda story: _show(story, mask, language))
        return StoriesShown(stories=shown, more=len(found) > limit)

    return After(page)


@operation("GET", "/stories/{id}", long=True)
def story(call: OperationCall[None]) -> Step[StoryShown]:
    """Show one story, by its id, the number of anything in it, or a delivery's id.

    查看一个流程：用它的 id、其中任何一项的编号，或投递的 id。
    """
    id = call.path["id"]

    def find() -> StoryShown:
        found = _find(call, id)
        if found is None:
            raise NotFoundError(NO_STORY(id=id, world=call.world.name))
        return found

    return After(find)


def story_with(
    call: OperationCall[Any], *, number: int = 0, delivery: str = ""
) -> StoryShown | None:
    """Return the story of an entry or of a delivery; None if it belongs to none.

    It is read in transactions of its own, so it is called after the operation's, in `After`.
    """
    return _find(call, delivery or str(number))


def _find(call: OperationCall[Any], id: str) -> StoryShown | None:
    found = next((each for each in paced(_read(call.world)) if each.has(id)), None)
    return None if found is None else _show(found, call.world.mask(), call.language)


def _read(world: World) -> list[Story]:
    """Return every story that the journal and the deliveries tell."""

    def copy() -> tuple[list[Delivery], int]:
        return deliveries.listed(world), world.journal.total

    # The deliveries first: what is read after them has the causes of all of them.
    sent, total = world.transact(copy)
    return join(every_entry(world, total + 1), sent, paced)


def _show(story: Story, mask: Callable[[str], str], language: Language) -> StoryShown:
    steps, more = story.steps()
    return StoryShown(
        id=story.id,
        kind=story.kind,
        number=story.number,
        person=story.person,
        app=story.app,
        started=iso(story.started),
        ended=iso(story.ended),
        verdict=story.verdict,
        latest=story.latest,
        links=[link.id for link in story.links],
        steps=in_turns(steps, lambda step: _show_step(step, mask, language)),
        more_steps=more,
    )


_OF_ROW = tuple(name for name in RowShown.__struct_fields__ if name not in ("type", "kind"))


def _show_step(step: StoryStep, mask: Callable[[str], str], language: Language) -> StepShown:
    if isinstance(step.of, Delivery):
        return _show_delivery(step.of, mask, language)
    row = show_row(step.of, mask, language)
    of_row = {name: value for name in _OF_ROW if (value := getattr(row, name)) not in (None, "")}
    shown = StepShown(
        **{"app": "", "person": "", **of_row},
        kind="exchange" if row.type == "exchange" else "act",
        act=row.kind or UNSET,
    )
    if step.times > 1:
        shown.times, shown.last = step.times, step.last
    return shown


def _show_delivery(
    delivery: Delivery, mask: Callable[[str], str], language: Language
) -> StepShown:
    return StepShown(
        kind="delivery",
        id=delivery.id,
        time=iso(delivery.born),
        app=delivery.app,
        person=delivery.person,
        links=[link.id for link in delivery.links],
        event=delivery.event,
        url=mask(delivery.url),
        state=delivery.state,
        attempts=[
            AttemptMade(
                time=iso(attempt.time),
                status=attempt.status,
                error=mask(attempt.error.render(language)) or None,
                problem=mask(attempt.problem.render(language)) or None,
                took_ms=attempt.took_ms,
            )
            for attempt in delivery.attempts
        ],
        cause=delivery.cause,
        born=iso(delivery.born),
        next_try=iso(delivery.due) if delivery.state == "waiting" else None,
    )
