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
    """A world's settings. Where Douyin's behaviour is not established, a setting chooses it."""

    unknown_apps: Literal["reject", "accept"] = "reject"
    """Register an app on first sight of its key, whatever its secret."""
    unknown_codes: Literal["reject", "accept"] = "reject"
    """Admit a code of tt.login or of a consent that was never issued here, as a person's."""
    unknown_people: Annotated[int, Meta(ge=1, le=10_000)] = 1
    """Over how many people unknown codes are spread, by hash."""
    limits: Literal["off", "enforce"] = "off"
    """Enforce frequency limits and daily quotas."""
    calls_per_second: Annotated[int, Meta(ge=0)] = 1000
    """An app's calls of one endpoint in a second, where limits are enforced."""
    daily_quota: Annotated[int, Meta(ge=0)] = 10000
    """An app's calls for one scope in a day, which begins at 08:00 in Beijing, where enforced."""
    login_code_lifetime: Duration = Duration(300)
    """How long a tt.login code lives: 5m by the mini-program docs, 3m by the mini-game docs."""
    auth_code_lifetime: Duration = Duration(10 * MINUTE)
    """How long the code of a consent lives."""
    app_token_lifetime: Duration = Duration(2 * HOUR)
    """How long an app token (/api/apps/v2/token) lives."""
    client_token_lifetime: Duration = Duration(2 * HOUR)
    """How long a client token (/oauth/client_token/) lives."""
    user_token_lifetime: Duration = Duration(15 * DAY)
    """How long a user token lives, and for how long a refresh prolongs it."""
    refresh_token_lifetime: Duration = Duration(30 * DAY)
    """How long a refresh token lives, and one that replaces it by renewal."""
    ticket_lifetime: Duration = Duration(2 * HOUR)
    """How long a JS ticket or an open ticket lives."""
    redirect_check: Literal["exact", "domain", "loopback"] = "loopback"
    """How a redirect_uri must fit: exactly up to `#`; by domain; or exactly or on this machine."""
    auto_consent: str = "off"
    """Answer consent at once: `allow` or `deny` in the visitor's name, or allow by this person."""
    on_denial: Literal["page", "redirect"] = "page"
    """After a denial: stay on a page, or go back with `error=access_denied` and the state."""
    visitor: str = ""
    """Who opens Douyin's pages unless it is said otherwise; the world's first person."""
    qr_code_lifetime: Duration = Duration(5 * MINUTE)
    """How long the QR code of /oauth/get_qrcode/ can be scanned and answered."""
    douyin_version: Annotated[str, Meta(pattern=r"^[0-9]{1,4}(\.[0-9]{1,4}){0,3}$")] = "30.0.0"
    """The version of the Douyin app that opens shares; 30.5.0 and newer want a second scope."""
    lenient_names: bool = False
    """Accept camelCase twins of parameter names, such as anonymousCode."""
    error_generation: Literal["documented", "old", "new"] = "documented"
    """Which numbers token errors have: each page's own, all 2190xxx, or all 28001xxx."""
    token_style: Literal["short", "long"] = "short"
    """Tokens of 64 characters, or of about 190 as issued since 2023."""
    refresh_prolongs: bool = False
    """Each refresh gives the refresh_token its 30 days again, as for specially configured apps."""
    webhook_order: Literal["in_order", "reversed", "concurrent"] = "in_order"
    """How deliveries that are due together reach a receiver: in turn, backwards, or at once."""
    webhook_copies: Annotated[int, Meta(ge=1, le=10)] = 1
    """How often each delivery is sent, with the same Msg-Id and bytes."""
    webhook_delay: Duration = Duration(0)
    """How much later than it happened an event is delivered, in the world's time."""
    webhook_newline: bool = False
    """End each body with a newline, which is signed too, as one page of the docs says."""
    webhook_unsubscribe_after: Annotated[int, Meta(ge=0)] = 0
    """After so many failed deliveries in a row the webhook is given up; 0 is never."""
    payment_environment: Literal["production", "sandbox"] = "production"
    """The environment of a payment call whose host does not tell; open-sandbox.douyin.com does."""
    refund_takes: Duration = Duration(1)
    """How long a refund is PROCESSING, until its callback."""
    settle_takes: Duration = Duration(1)
    """How long a settlement, or a return of shares, is PROCESSING."""
    settle_after: Duration = Duration(0)
    """How long after its payment an order can be settled: 7d (T+7) by the docs."""
    settle_needs_fulfilment: bool = False
    """Whether an order has to be pushed as used (已核销) before it can be settled."""
    rake: Annotated[float, Meta(ge=0, le=0.5)] = 0.006
    """The share of a settlement that is the platform's fee, rounded half up to 0.01 yuan."""
    share_limit: Annotated[float, Meta(ge=0, le=1)] = 1.0
    """How much of an order its receivers may get together: 0.3 by the docs of 2021; 1 is all."""
    many_stores: bool = True
    """Whether store_uid says who sells; the platform ignores it but for apps on a white list."""
    strict_urls: bool = False
    """Refuse a callback's URL that is not https at port 443, as the platform does."""
    withdraw_takes: Duration = Duration(1)
    """How long a merchant's withdrawal is on its way to the bank; one to three days in fact."""
    merchant_review_takes: Duration = Duration(MINUTE)
    """How long the review of a merchant lasts; at the sandbox there is none."""
    audit_takes: Duration = Duration(10 * MINUTE)
    """How long the platform's audits last: of aliases, cards, materials and the like."""
    audit_result: Literal["passed", "refused"] = "passed"
    """How these audits end."""
    censored_words: Annotated[tuple[CensoredWord, ...], Meta(max_length=100)] = (
        "测试违规词",
        "mock-antidirt",
    )
    """Words that content security (内容安全) finds in a text, in any case."""
    censored_images: Annotated[tuple[CensoredWord, ...], Meta(max_length=100)] = (
        "*mock-violation*",
    )
    """Patterns of the addresses of images that it finds: see content-security.md."""
    link_quota: Annotated[int, Meta(ge=0)] = 1_000_000
    """How many links of each kind an app may have made: URL links, short and long schemas."""
    journal_exchanges: Annotated[int, Meta(ge=1, le=1_000_000)] = 10_000
    """How many exchanges the journal keeps; the acts between them are kept too."""
    journal_bytes: Annotated[int, Meta(ge=64 * 1024, le=2**30)] = 32 * 1024 * 1024
    """How many bytes of memory the journal holds at most, if that is fewer exchanges."""
    seed: int = 0
    """What every id, code, token and generated person derives from."""
