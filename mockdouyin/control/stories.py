"""Operations on a world's stories: logins, consents, shares, … with all that belongs to each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from mockdouyin.control._error_texts import NO_STORY
from mockdouyin.control._operations import OperationCall, OperationQuery, operation
from mockdouyin.control._pages import every_entry
from mockdouyin.control._shown import Shown
from mockdouyin.control._steps import After, Step
from mockdouyin.control._story_steps import StepShown, show_step
from mockdouyin.control._turns import in_turns, paced
from mockdouyin.control.rows import moment
from mockdouyin.core.clock import iso
from mockdouyin.core.errors import NotFoundError
from mockdouyin.core.outbox import Delivery
from mockdouyin.core.texts import Language
from mockdouyin.sandbox import deliveries
from mockdouyin.sandbox.stories import Story, join
from mockdouyin.sandbox.worlds import World

MAX_STORIES = 200
"""Stories in one answer, at most; `before` fetches earlier ones."""


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
        steps=in_turns(steps, lambda step: show_step(step, mask, language)),
        more_steps=more,
    )
