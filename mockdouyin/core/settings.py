"""The settings of a world, with their defaults."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from mockdouyin.core.clock import DAY, HOUR, MINUTE, format_duration, parse_duration
from mockdouyin.core.errors import MockDouyinError


class Duration(float):
    """A number of seconds, written as `5m` in YAML and JSON."""


def decode(kind: type, value: Any) -> Any:
    """Decode our own types; msgspec's `dec_hook`."""
    if kind is Duration:
        try:
            return Duration(parse_duration(value))
        except MockDouyinError as error:
            raise ValueError(str(error)) from None
    raise NotImplementedError(kind)


def encode(value: Any) -> Any:
    """Encode our own types; msgspec's `enc_hook`."""
    if isinstance(value, Duration):
        return format_duration(value)
    raise NotImplementedError(type(value))


CensoredWord = Annotated[str, Meta(min_length=1, max_length=50)]
"""A word, or a pattern, of content that is not allowed."""


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A world's settings. Where Douyin's behaviour is not established, a setting chooses it.

    一个世界的设置。抖音的行为没有定论时，由设置选定。
    """

    unknown_apps: Literal["reject", "accept"] = "reject"
    """Register an app on first sight of its key, whatever its secret.

    没见过的 app key：拒绝（reject），还是见到就登记（accept，不论 secret）。"""
    unknown_codes: Literal["reject", "accept"] = "reject"
    """Admit a code of tt.login or of a consent that was never issued here, as a person's.

    不是这里签发的 code（tt.login 或授权）：拒绝，还是当作某个用户的。"""
    unknown_people: Annotated[int, Meta(ge=1, le=10_000)] = 1
    """Over how many people unknown codes are spread, by hash.

    未知 code 按哈希分给几个用户。"""
    limits: Literal["off", "enforce"] = "off"
    """Enforce frequency limits and daily quotas.

    是否执行频率限制和每日配额：off 不执行，enforce 执行。"""
    calls_per_second: Annotated[int, Meta(ge=0)] = 1000
    """An app's calls of one endpoint in a second, where limits are enforced.

    执行限流时，一个应用每秒可调一个接口几次。"""
    daily_quota: Annotated[int, Meta(ge=0)] = 10000
    """An app's calls for one scope in a day, which begins at midnight in Beijing, where enforced.

    执行限流时，一个应用每天每个权限可调几次（北京时间零点重新计）。"""
    login_code_lifetime: Duration = Duration(300)
    """How long a tt.login code lives: 5m by the mini-program docs, 3m by the mini-game docs.

    tt.login 的 code 有效多久（小程序文档 5m，小游戏文档 3m）。"""
    auth_code_lifetime: Duration = Duration(10 * MINUTE)
    """How long the code of a consent lives.

    授权得到的 code 有效多久。"""
    app_token_lifetime: Duration = Duration(2 * HOUR)
    """How long an app token (/api/apps/v2/token) lives.

    小程序 access_token（/api/apps/v2/token）有效多久。"""
    client_token_lifetime: Duration = Duration(2 * HOUR)
    """How long a client token (/oauth/client_token/) lives.

    client_token（/oauth/client_token/）有效多久。"""
    user_token_lifetime: Duration = Duration(15 * DAY)
    """How long a user token lives, and for how long a refresh prolongs it.

    用户 access_token 有效多久，刷新后也按它延长。"""
    refresh_token_lifetime: Duration = Duration(30 * DAY)
    """How long a refresh token lives, and one that replaces it by renewal.

    refresh_token 有效多久，续期换来的也一样。"""
    ticket_lifetime: Duration = Duration(2 * HOUR)
    """How long a JS ticket or an open ticket lives.

    jsb_ticket 和 open_ticket 有效多久。"""
    redirect_check: Literal["exact", "domain", "loopback"] = "loopback"
    """How a redirect_uri must fit: exactly up to `#`; by domain; or exactly or on this machine.

    redirect_uri 怎样算对：完全一致、同域名，或一致及本机地址。"""
    auto_consent: str = "off"
    """Answer consent at once: `allow` or `deny` in the visitor's name, or allow by this person.

    自动回答授权页：allow 或 deny，或者以某个用户的名字同意。"""
    on_denial: Literal["page", "redirect"] = "page"
    """After a denial: stay on a page, or go back with `error=access_denied` and the state.

    拒绝授权后：停在页面上，或带 error=access_denied 跳回。"""
    visitor: str = ""
    """Who opens Douyin's pages unless it is said otherwise; the world's first person.

    没有指明时，谁打开抖音的页面；空着是第一个用户。"""
    qr_code_lifetime: Duration = Duration(5 * MINUTE)
    """How long the QR code of /oauth/get_qrcode/ can be scanned and answered.

    /oauth/get_qrcode/ 的二维码有效多久。"""
    douyin_version: Annotated[str, Meta(pattern=r"^[0-9]{1,4}(\.[0-9]{1,4}){0,3}$")] = "30.0.0"
    """The version of the Douyin app that opens shares; 30.5.0 and newer want a second scope.

    打开分享链接的抖音版本；30.5.0 起要多一项权限。"""
    lenient_names: bool = False
    """Accept camelCase twins of parameter names, such as anonymousCode.

    参数名写成驼峰（如 anonymousCode）也接受。"""
    error_generation: Literal["documented", "old", "new"] = "documented"
    """Which numbers token errors have: each page's own, all 2190xxx, or all 28001xxx.

    token 类错误用哪一代错误码：按各页文档、一律 2190xxx、一律 28001xxx。"""
    token_style: Literal["short", "long"] = "short"
    """Tokens of 64 characters, or of about 190 as issued since 2023.

    token 的长度：64 个字符，或 2023 年起的约 190 个字符。"""
    refresh_prolongs: bool = False
    """Each refresh gives the refresh_token its 30 days again, as for specially configured apps.

    每次刷新都把 refresh_token 再延 30 天（特殊配置的应用才有）。"""
    webhook_order: Literal["in_order", "reversed", "concurrent"] = "in_order"
    """How deliveries that are due together reach a receiver: in turn, backwards, or at once.

    同时到期的投递：依次、倒序，还是一起发。"""
    webhook_copies: Annotated[int, Meta(ge=1, le=10)] = 1
    """How often each delivery is sent, with the same Msg-Id and bytes.

    每个投递发几遍（Msg-Id 和字节都相同）。"""
    webhook_delay: Duration = Duration(0)
    """How much later than it happened an event is delivered, in the world's time.

    事件发生后晚多久投递（虚拟时间）。"""
    webhook_newline: bool = False
    """End each body with a newline, which is signed too, as one page of the docs says.

    body 末尾加换行，并计入签名（有一页文档这样写）。"""
    webhook_unsubscribe_after: Annotated[int, Meta(ge=0)] = 0
    """After so many failed deliveries in a row the webhook is given up; 0 is never.

    连续失败几次后放弃这个 webhook；0 是从不。"""
    payment_environment: Literal["production", "sandbox"] = "production"
    """The environment of a payment call whose host does not tell; open-sandbox.douyin.com does.

    支付接口的域名看不出环境时按哪个算；open-sandbox.douyin.com 一定是沙盒。"""
    refund_takes: Duration = Duration(1)
    """How long a refund is PROCESSING, until its callback.

    退款处理多久（虚拟时间），之后才有结果和回调。"""
    settle_takes: Duration = Duration(1)
    """How long a settlement, or a return of shares, is PROCESSING.

    分账、退分账处理多久。"""
    settle_after: Duration = Duration(0)
    """How long after its payment an order can be settled: 7d (T+7) by the docs.

    支付后多久才能分账；官方文档是 7d（T+7）。"""
    settle_needs_fulfilment: bool = False
    """Whether an order has to be pushed as used (已核销) before it can be settled.

    订单同步为已核销之后才能分账。"""
    rake: Annotated[float, Meta(ge=0, le=0.5)] = 0.006
    """The share of a settlement that is the platform's fee, rounded half up to 0.01 yuan.

    分账时平台收的技术服务费费率，四舍五入到分。"""
    share_limit: Annotated[float, Meta(ge=0, le=1)] = 1.0
    """How much of an order its receivers may get together: 0.3 by the docs of 2021; 1 is all.

    分账比例上限：一个订单的分账方合计最多可分的比例；2021 年的文档为 0.3，1 表示不限。"""
    many_stores: bool = True
    """Whether store_uid says who sells; the platform ignores it but for apps on a white list.

    store_uid 是否决定收款商户；平台只对白名单应用生效，其他应用传了也忽略。"""
    strict_urls: bool = False
    """Refuse a callback's URL that is not https at port 443, as the platform does.

    支付回调地址必须是 https 443 端口，和线上一样。"""
    strict_payments: bool = False
    """Refuse at guaranteed payment what the platform may not accept.

    These are numbers sent as text, and a sign made over the JSON text of nested values.

    担保支付拒收平台不一定接受的写法：数字写成字符串；对嵌套值的 JSON 文本签名。"""
    withdraw_takes: Duration = Duration(1)
    """How long a merchant's withdrawal is on its way to the bank; one to three days in fact.

    提现多久到账；线上是一到三天。"""
    merchant_review_takes: Duration = Duration(MINUTE)
    """How long the review of a merchant lasts; at the sandbox there is none.

    商户进件审核多久；沙盒不审核。"""
    audit_takes: Duration = Duration(10 * MINUTE)
    """How long the platform's audits last: of aliases, cards, materials and the like.

    平台的审核要多久：别名、卡片、素材等。"""
    audit_result: Literal["passed", "refused"] = "passed"
    """How these audits end.

    这些审核的结果。"""
    censored_words: Annotated[tuple[CensoredWord, ...], Meta(max_length=100)] = (
        "测试违规词",
        "mock-antidirt",
    )
    """Words that content security (内容安全) finds in a text, in any case.

    内容安全判为违规的词，不分大小写；多个用逗号隔开。"""
    censored_images: Annotated[tuple[CensoredWord, ...], Meta(max_length=100)] = (
        "*mock-violation*",
    )
    """Patterns of the addresses of images that it finds: see content-security.md.

    内容安全判为违规的图片：地址符合其中一个模式（* 代表任意文字）。"""
    link_quota: Annotated[int, Meta(ge=0)] = 1_000_000
    """How many links of each kind an app may have made: URL links, short and long schemas.

    一个应用每种链接最多生成几个：URL Link、短期 schema、长期 schema。"""
    journal_exchanges: Annotated[int, Meta(ge=1, le=1_000_000)] = 10_000
    """How many exchanges the journal keeps; the acts between them are kept too.

    保留多少次请求的记录，其间的操作也保留。"""
    journal_bytes: Annotated[int, Meta(ge=64 * 1024, le=2**30)] = 32 * 1024 * 1024
    """How many bytes of memory the journal holds at most, if that is fewer exchanges.

    记录最多占多少字节内存。"""
    seed: int = 0
    """What every id, code, token and generated person derives from.

    种子：所有 id、code、token 和随机用户都由它推导；建成后不能改。"""
