"""A rule as it is written in a scenario or sent to the control API."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from mockdouyin.core.clock import DAY
from mockdouyin.core.http import Fault
from mockdouyin.core.settings import Duration
from mockdouyin.domain.effects import Effect

HitCount = Annotated[int, Meta(ge=0)]
HttpStatus = Annotated[int, Meta(ge=200, le=599)]


class SheetDecision(StrEnum):
    """What a rule does with the sheet by which a phone asks the person.

    手机弹窗询问用户时，规则怎么处理。
    """

    ASK = "ask"
    """The sheet opens, and the call waits for the person's answer.

    弹窗打开，调用等用户回答。"""
    ALLOW = "allow"
    """The person allows at once, as without a rule.

    用户立即允许，和没有规则时一样。"""
    DENY = "deny"
    """The person denies at once.

    用户立即拒绝。"""


class StubReply(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A reply that is sent in place of Douyin's.

    代替抖音的响应。
    """

    status: HttpStatus = 200
    """The HTTP status.

    HTTP 状态码。"""
    json: Any = msgspec.UNSET
    """The body, sent as JSON with its keys in this order.

    响应 body，按这里的键顺序发成 JSON。"""
    text: str = ""
    """The body as text, if it is not JSON.

    不是 JSON 时的 body 文本。"""
    headers: dict[str, str] = {}
    """Additional headers; a content-type replaces the default one.

    附加的响应头；写了 content-type 就代替默认的。"""


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a call matches, change what happens to it. The first rule that is due is applied.

    Every matching rule counts the call. `error`, `status` and `reply` answer in Douyin's place,
    and the endpoint does not run. `patch`, `fault` and `delay` change the reply after the endpoint
    ran, so a lost reply is truly lost: its code is used up. `happens` takes effect before the
    endpoint runs. `sheet` is for phones, which ask the person. A rule only applies where it can:
    what lacks its error, the fields that it patches, or a sheet, is treated as if `on` did not
    name it.

    匹配到调用时，改变它的结果；多条规则同时轮到时，只有第一条生效。每条匹配的规则都会计数。error、
    status、reply 代替抖音响应，接口不执行；patch、fault、delay 在接口执行之后改变响应，所以丢了
    的响应真的丢了，code 已经用掉；happens 在接口执行之前生效；sheet 针对会询问用户的手机。规则只
    在能用的地方生效：没有那个错误、没有要改的字段、没有弹窗的接口，等于没写进 on。
    """

    on: str | tuple[str, ...]
    """An endpoint's full name, its bare name for every family that has it, `family.*`, `*`, a
    phone API such as `phone.login`, or a path with or without its method, such as
    `POST /api/tpapp/v2/template/add_tpl`. The path may be one that no endpoint serves.

    对哪些调用生效：接口全名（mini_program.code_to_session）、短名（每个接口族里的同名接口）、
    `family.*`、`*`、手机上的 tt API（phone.login），或者路径，可以带方法，如 `POST
    /api/tpapp/v2/template/add_tpl`；没有模拟的路径也可以写。可以是列表。"""
    off: bool = False
    """Match no calls and count none, until the rule is switched on.

    先停用：不匹配、不计数，直到启用。"""
    when: dict[str, str | int | float | bool] = {}
    """Parameters and the values they must have; in a text, `*` matches anything and `?` any
    character. `person` is whom the call's code, token or open_id belongs to, and `app` the name
    of its app, unless the endpoint has a parameter of that name.

    参数必须等于这些值，多个条件须同时满足；文本里 `*` 匹配任意文字，`?` 匹配一个字符。person 是
    code、token 或 open_id 所属的用户，app 是应用名，除非接口自己有同名参数。"""
    times: HitCount | None = None
    """Apply at most this many times.

    最多生效几次。"""
    after: HitCount = 0
    """Let this many matching calls pass first.

    先放过几次匹配的调用。"""
    every: Annotated[int, Meta(ge=1)] = 1
    """Apply to every n-th matching call.

    每匹配几次生效一次。"""
    chance: Annotated[float, Meta(ge=0, le=1)] | None = None
    """Apply with this probability, derived from the world's seed.

    按此概率生效，随机数由世界的种子决定，可以重现。"""
    error: int | str | None = None
    """Refuse with this error: its number or its name in `mockdouyin errors`.

    用这个错误拒绝：错误码，或 `mockdouyin errors` 里的名称。"""
    status: HttpStatus | None = None
    """Answer like a gateway in front of Douyin: this HTTP status and an HTML page.

    像抖音前面的网关那样响应：用这个 HTTP 状态码和一页 HTML。"""
    reply: StubReply | None = None
    """Send this reply.

    直接用这个响应代替抖音的。"""
    happens: Effect | None = None
    """Apply this effect to the call's credentials, then let Douyin answer.

    先改变这次调用的凭证，再由抖音照常响应。"""
    sheet: SheetDecision | None = None
    """What becomes of the sheet of a phone API that asks the person: `ask` has the call wait for
    their answer.

    tt API 的弹窗怎么处理：`ask` 让调用一直等用户回答，`allow`、`deny` 立即回答。"""
    patch: dict[str, Any] = {}
    """Change the reply's JSON: dotted paths and their new values.

    修改响应的 JSON：写点分路径和新值。"""
    fault: Fault | None = None
    """Make the connection fail in this way.

    让连接出这种故障。"""
    delay: Duration = Duration(0)
    """Delay the reply by this long, in real time.

    响应晚这么久（真实时间）。"""
    ttl: Duration | None = None
    """Stop applying after this long, by the world's clock: counted from when the rule was set, or
    the world began.

    过这么久（虚拟时间）就不再生效，从规则设定或世界开始时算起。"""
    set_by: str = ""
    """Who set the rule; the caller by default.

    规则是谁设的，默认是调用方。"""
    id: str = ""
    """The rule's id, used in the journal; generated by default.

    规则的 id，日志里用它指代，默认自动生成。"""

    @property
    def wait(self) -> float:
        """The delay in seconds, capped: no system can sleep for more than some hundred years."""
        return min(float(self.delay), 36500 * DAY)
