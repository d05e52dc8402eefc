"""Operations on what ends in a world: what falls due next, and the credentials that are valid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import UNSET, UnsetType

from mockdouyin.control._error_texts import NO_CREDENTIAL_KIND
from mockdouyin.control._operations import OperationCall, OperationQuery, operation
from mockdouyin.control._shown import Shown
from mockdouyin.control._steps import After, Step
from mockdouyin.control._turns import paced
from mockdouyin.core.clock import iso
from mockdouyin.core.errors import MockDouyinError, suggestion
from mockdouyin.core.texts import Language
from mockdouyin.domain.expiry import CREDENTIALS, EXPIRING, Expiring
from mockdouyin.sandbox.due import Due, DueSearch
from mockdouyin.sandbox.expirations import Expiration, Expirations

if TYPE_CHECKING:
    from mockdouyin.core.redaction import Mask

MAX_LISTED = 1000
"""Things in one answer, at most."""

_CREDENTIAL_KINDS = ("token", "ticket", "session", "code")

_HEAD = 4
"""Characters of a ticket that are shown: its form does not tell where a head would end."""


class DueShown(Shown, kw_only=True):
    """One thing that falls due.

    一件将要到期的事情。
    """

    at: str
    in_: float = msgspec.field(name="in")
    """Seconds until then by the world's clock.

    按世界的时钟还有几秒。"""
    kind: str
    """`delivery`, `event` (of the scenario), `rule`, or what expires: `code`, `token`, `ticket`,
    `session`, `share`, `link`, `upload`, `order`; or `merchant`, whose review ends.

    `delivery`、`event`（场景的）、`rule`，或过期的东西：`code`、`token`、`ticket`、`session`、
    `share`、`link`、`upload`、`order`；还有 `merchant`，指商户审核结束。"""
    name: str
    """The event, the rule's id, or what expires: `user_token`, `login_code`, …

    事件、规则的 id，或过期的东西：`user_token`、`login_code` 等。"""
    says: str
    """What will happen, in one sentence.

    会发生什么，一句话。"""
    app: str
    """The client_key.

    应用的 client_key。"""
    person: str
    id: str | None
    """The id of a delivery or a rule.

    投递或规则的 id。"""
    link: str | None
    """What it belongs to, such as `login:tt0123456789abcdef:小明:7`.

    属于什么，如 `login:tt0123456789abcdef:小明:7`。"""


class DueQuery(OperationQuery):
    """How much to list.

    列出多少。
    """

    limit: int = 20
    """At most so many, and never more than 1,000; 0 is as many as there may be.

    最多这么多，不超过 1,000；0 就按上限。"""


class DuePage(Shown):
    """What falls due, the soonest first.

    将要到期的事情，最早的在前。
    """

    now: str
    due: list[DueShown]
    more: bool
    """Whether there is more.

    是否还有更多。"""


@operation("GET", "/due", long=True)
def due(call: OperationCall[DueQuery]) -> Step[DuePage]:
    """List what falls due next by the world's clock, the soonest first.

    That is what waits to be sent, events of the scenario, rules with a `ttl`, and what expires:
    codes, tokens, tickets, sessions, shares, links and uploads.

    按世界的时钟列出接下来会到期的事情，最早的在前。
    """
    world, now = call.world, call.world.clock.now()
    search = DueSearch(world, _limit(call.given.limit), paced)

    def show() -> DuePage:
        found, mask = search.soonest(), world.mask()
        shown = [_show_due(each, now, mask, call.language) for each in found]
        return DuePage(now=iso(now), due=shown, more=search.more)

    return After(show)


def _limit(given: int) -> int:
    return min(max(given, 0) or MAX_LISTED, MAX_LISTED)


def _show_due(due: Due, now: float, mask: Mask, language: Language) -> DueShown:
    return DueShown(
        at=iso(due.at),
        in_=_left(due.at, now),
        kind=due.kind,
        name=due.name,
        says=mask(due.says.render(language)),
        app=due.app,
        person=due.person,
        id=due.id or None,
        link=due.link.id if due.link else None,
    )


def _left(at: float, now: float) -> float:
    return round(max(0.0, at - now), 3)


class CredentialShown(Shown, kw_only=True):
    """A token or ticket that is valid, or another credential that was asked for.

    有效的 token、ticket，或所要求的其他凭证。
    """

    kind: str
    """`token` or `ticket`; `session` or `code` if it was asked for.

    `token` 或 `ticket`；要求了就还有 `session`、`code`。"""
    name: str
    """`app_token`, `client_token`, `user_token`, `refresh_token`, `business_token`,
    `business_refresh_token`, `js_ticket` or `open_ticket`;
    `session_key`, `login_code`, `auth_code`, …

    `app_token`、`client_token`、`user_token`、`refresh_token`、`business_token`、
    `business_refresh_token`、`js_ticket`、`open_ticket`、`session_key`、`login_code`、
    `auth_code` 等。"""
    app: str
    """The client_key.

    应用的 client_key。"""
    person: str
    """Whose it is; empty if it is the app's own.

    属于哪个用户；应用自己的则是空的。"""
    scopes: list[str] | None
    """What the person granted; null if it is the app's own.

    用户授予了什么；应用自己的则是 null。"""
    expires: str
    left: float
    """Seconds until then by the world's clock.

    按世界的时钟还有几秒。"""
    lifetime: float
    """Seconds for which it counts: since it was issued, refreshed or superseded.

    总共有效几秒：从签发、刷新或被新的取代时算起。"""
    superseded: bool
    """Whether a newer one was issued, which leaves it some minutes.

    是否已有更新的，旧的还能用几分钟。"""
    head: str
    """How it begins.

    开头几个字符。"""
    value: str | UnsetType = UNSET
    """The whole of it, with `reveal=true`.

    完整的值，`reveal=true` 时才有。"""
    link: str | None
    """What it belongs to, such as `grant:tt0123456789abcdef:小明:1`.

    属于什么，如 `grant:tt0123456789abcdef:小明:1`。"""


class CredentialsQuery(OperationQuery):
    """Which credentials to list.

    列出哪些凭证。
    """

    app: str = ""
    """A client_key or a name.

    client_key 或应用名。"""
    person: str = ""
    """A name or an open_id.

    用户名或 open_id。"""
    kind: str = ""
    """Which of `token`, `ticket`, `session` and `code`, with commas between; by default tokens and
    tickets.

    `token`、`ticket`、`session`、`code` 中的哪几种，用逗号隔开；默认是 token 和 ticket。"""
    limit: int = 100
    """At most so many, and never more than 1,000; 0 is as many as there may be.

    最多这么多，不超过 1,000；0 就按上限。"""
    reveal: bool = False
    """Show the whole of each.

    完整显示，不打码。"""


class CredentialsPage(Shown):
    """Credentials that are valid, those that expire first at the beginning.

    有效的凭证，先过期的在前。
    """

    now: str
    credentials: list[CredentialShown]
    more: bool
    """Whether there are more.

    是否还有更多。"""


@operation("GET", "/credentials", long=True)
def credentials(call: OperationCall[CredentialsQuery]) -> Step[CredentialsPage]:
    """List the tokens and tickets that are valid, those that expire first at the beginning.

    With `kind`, also sessions, and codes that nobody has used.

    列出还有效的 token 和 ticket，先过期的在前。
    """
    given, world, now = call.given, call.world, call.world.clock.now()
    search = Expirations(
        world,
        now,
        pace=paced,
        kinds=_kinds(given.kind) if given.kind else CREDENTIALS,
        app=world.find_app(given.app).client_key if given.app else "",
        person=world.people.find(given.person) if given.person else "",
    )

    def show() -> CredentialsPage:
        found, mask = search.soonest(_limit(given.limit)), world.mask()
        shown = [_show_credential(each, now, mask, reveal=given.reveal) for each in found]
        return CredentialsPage(now=iso(now), credentials=shown, more=search.more)

    return After(show)


def _kinds(given: str) -> tuple[Expiring[Any], ...]:
    wanted = [each.strip() for each in given.split(",")]
    for each in wanted:
        if each not in _CREDENTIAL_KINDS:
            hint = suggestion(each, _CREDENTIAL_KINDS)
            raise MockDouyinError(NO_CREDENTIAL_KIND(kind=each[:60], hint=hint))
    return tuple(each for each in EXPIRING.values() if each.group in wanted)


def _show_credential(
    found: Expiration, now: float, mask: Mask, *, reveal: bool
) -> CredentialShown:
    ending, left = found.ending, _left(found.ending.at, now)
    return CredentialShown(
        kind=found.group,
        name=ending.name,
        app=found.app,
        person=found.person,
        scopes=None if ending.scopes is None else list(ending.scopes),
        expires=iso(ending.at),
        left=left,
        # A setting may have been changed since it was issued.
        lifetime=max(ending.lifetime, left),
        superseded=ending.superseded,
        head=head_of(ending.value, mask),
        value=ending.value if reveal else UNSET,
        link=ending.link.id if ending.link else None,
    )


def head_of(value: str, mask: Mask) -> str:
    """Return how a credential begins."""
    from mockdouyin.core.redaction import HIDDEN  # loaded late, as whatever masks

    head = mask(value)
    return value[:_HEAD] + HIDDEN if head == value else head
