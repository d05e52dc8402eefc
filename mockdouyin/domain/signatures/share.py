"""The signatures of H5 share links and of pages with the JS SDK: MD5 with a ticket."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from itertools import islice, permutations
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import quote, unquote

from mockdouyin.core.http import Request
from mockdouyin.core.texts import NOTHING, Text, text
from mockdouyin.domain import _share_texts as texts
from mockdouyin.domain.signatures._mistyped import mistyped, placeholders
from mockdouyin.domain.signatures._recipe import (
    RARE,
    Keys,
    Kind,
    Params,
    Signed,
    Signer,
    recipe_of,
    why,
)
from mockdouyin.domain.tickets import JsTicket, OpenTickets, held_open_tickets

TICKET = "<TICKET>"


class TicketPlan(NamedTuple):
    """How a ticket signs; as it stands, as the platform wants it."""

    parts: dict[str, str]
    """What is signed, by the name that it has in the text."""
    ticket_name: str
    wrong_name: tuple[str, str]
    """A name in the text, and the wrong one that is often written for it."""
    url: str = ""
    """A page's address as it was given, with its fragment."""
    rest: Mapping[str, str] = MappingProxyType({})
    """The other parameters of the request."""
    other_tickets: tuple[tuple[Text, str], ...] = ()
    order: tuple[str, ...] = ()
    """The order of the names; they are sorted if it is empty."""
    whole: str | None = None
    """What is signed, if it is put together otherwise."""
    digest: str = "md5"
    cost: int = 1
    why: Text = NOTHING

    def signature(self) -> str:
        """Make the signature."""
        text = self._text(self.parts) if self.whole is None else self.whole
        message = text.encode(errors="replace")
        if self.digest.startswith("hmac-"):
            key = self.parts.get(self.ticket_name, "").encode(errors="replace")
            return hmac.new(key, message, self.digest[5:]).hexdigest()
        if self.digest in ("base64", "short"):
            md5 = hashlib.md5(message)
            is_short = self.digest == "short"
            return md5.hexdigest()[8:24] if is_short else base64.b64encode(md5.digest()).decode()
        return hashlib.new(self.digest, message).hexdigest()

    def shown(self) -> str:
        """Return what is signed, without the ticket."""
        return self._text({**self.parts, self.ticket_name: TICKET})

    def _text(self, parts: dict[str, str]) -> str:
        names = [name for name in self.order if name in parts] or sorted(parts)
        return "&".join(f"{name}={parts[name]}" for name in names)

    def renamed(self, right: str, wrong: str) -> dict[str, str]:
        """Return the parts with a wrong name in the place of the right one."""
        return {wrong if name == right else name: value for name, value in self.parts.items()}


def _cost(*values: str) -> int:
    return 1 + sum(map(len, values)) // 256 * 32


def share_plan(ticket: str, nonce: str, stamp: str) -> TicketPlan:
    """Return the plan of a share link."""
    parts = {"nonce_str": nonce, "ticket": ticket, "timestamp": stamp}
    cost = _cost(nonce, stamp)
    return TicketPlan(parts, "ticket", ("ticket", "jsapi_ticket"), cost=cost)


def page_plan(ticket: str, nonce: str, stamp: str, url: str) -> TicketPlan:
    """Return the plan of a page: its address is signed without its fragment."""
    page = url.partition("#")[0]
    parts = {"jsapi_ticket": ticket, "nonce_str": nonce, "timestamp": stamp, "url": page}
    cost = _cost(nonce, stamp, url)
    return TicketPlan(parts, "jsapi_ticket", ("nonce_str", "noncestr"), url, cost=cost)


def find(kind: Kind[TicketPlan], signature: str, plan: TicketPlan) -> Text:
    """Return the mistake that leads to this signature; NOTHING if none is known."""
    return why(kind.diagnose(signature, (plan,)))


_SIGNED = {"nonce_str", "timestamp", "signature"}


def _is_share(request: Request, params: Params) -> bool:
    return params.keys() >= _SIGNED and "url" not in params


def _is_page(request: Request, params: Params) -> bool:
    return params.keys() >= _SIGNED | {"url"}


def _field(params: Params, name: str) -> str:
    value = params.get(name)
    return "" if value is None else str(value)


MAX_REST = 40
"""How many other parameters are tried as signed, and how long each may be."""


def _rest(params: Params) -> dict[str, str]:
    known = (*_SIGNED, "url", "ticket", "jsapi_ticket")
    others = {name: _field(params, name) for name in params if name not in known}
    fits = len(others) <= MAX_REST and all(len(value) < 2000 for value in others.values())
    return others if fits else {}


def _read(
    plan: Callable[[str, Params], TicketPlan],
) -> Callable[[Request, Params, Keys], Signed[TicketPlan]]:
    def read(request: Request, params: Params, keys: Keys) -> Signed[TicketPlan]:
        rest = _rest(params)
        plans = (
            plan(ticket, params)._replace(other_tickets=keys.others, rest=rest)
            for ticket in keys.right
        )
        return Signed(_field(params, "signature"), tuple(plans))

    return read


def _of_share(ticket: str, params: Params) -> TicketPlan:
    return share_plan(ticket, _field(params, "nonce_str"), _field(params, "timestamp"))


def _of_page(ticket: str, params: Params) -> TicketPlan:
    nonce, stamp = _field(params, "nonce_str"), _field(params, "timestamp")
    return page_plan(ticket, nonce, stamp, _field(params, "url"))


MAX_TICKETS = 100
"""How many of an app's valid tickets are tried, and how many of those that were superseded."""

OPEN_TICKET = text(
    "ticket_is_open_ticket",
    zh="/open/getticket/ 的 ticket，网页应使用 /js/getticket/ 的 ticket",
    en="an open ticket; pages need /js/getticket/'s",
)
JS_TICKET = text(
    "ticket_is_js_ticket",
    zh="/js/getticket/ 的 ticket，分享应使用 /open/getticket/ 的 ticket",
    en="a JS ticket; a share needs /open/getticket/'s",
)
OLD_TICKET = text(
    "ticket_is_old",
    zh="已失效的 ticket：过期，或者被后来获取的 ticket 取代",
    en="a ticket that is no longer valid: it has expired, or a later one superseded it",
)


def _open_tickets(signer: Signer) -> tuple[str, ...]:
    held = islice(held_open_tickets(signer.unit, signer.app), MAX_TICKETS)
    return tuple(ticket for ticket, _ in held)


def _js_tickets(signer: Signer) -> tuple[list[str], list[str]]:
    """Return the app's JS tickets: those that are valid, and those that were."""
    last = signer.unit.find(JsTicket, signer.app.client_key)
    if last is None:
        return [], []
    every = [(last.ticket, last.expires), *last.older]
    valid = [ticket for ticket, end in every if end > signer.unit.now]
    return valid, [ticket for ticket, _ in every if ticket not in valid]


def _share_keys(signer: Signer) -> Keys:
    right = _open_tickets(signer)
    valid, old = _js_tickets(signer)
    count = signer.unit.find(OpenTickets, signer.app.client_key)
    newest = count.count - 1 if count else -1
    numbers = range(newest, max(-1, newest - MAX_TICKETS), -1)
    past = [signer.world.ids.open_ticket(signer.app.client_key, number) for number in numbers]
    others = [(JS_TICKET(), ticket) for ticket in (*valid, *old)]
    return Keys(
        right, (*others, *((OLD_TICKET(), ticket) for ticket in past if ticket not in right))
    )


def _page_keys(signer: Signer) -> Keys:
    valid, old = _js_tickets(signer)
    others = [(OPEN_TICKET(), ticket) for ticket in _open_tickets(signer)]
    return Keys(tuple(valid), (*others, *((OLD_TICKET(), ticket) for ticket in old)))


SHARE: Kind[TicketPlan] = Kind(
    "share",
    text(
        "sign_kind_share",
        zh="H5 分享链接的 signature：nonce_str、ticket、timestamp 按参数名排序写成 key=value，"
        "取 MD5",
        en="`signature` of an H5 share link: MD5 over nonce_str, ticket and timestamp as"
        " key=value, sorted by name",
    ),
    key=text(
        "sign_key_open_ticket",
        zh="/open/getticket/ 的 ticket",
        en="ticket of /open/getticket/",
    ),
    recognises=_is_share,
    read=_read(_of_share),
    keys=_share_keys,
    app_kinds=("web", "mini_program"),
    upper_case=texts.SIGNATURE_UPPER_CASE,
    in_pairs=True,
)
JS: Kind[TicketPlan] = Kind(
    "js",
    text(
        "sign_kind_js",
        zh="网页 JS SDK 的 signature：jsapi_ticket、nonce_str、timestamp、url（# 之前）"
        "按参数名排序写成 key=value，取 MD5",
        en="`signature` of a page with the JS SDK: MD5 over jsapi_ticket, nonce_str, timestamp"
        " and url (up to its #) as key=value, sorted by name",
    ),
    key=text("sign_key_js_ticket", zh="/js/getticket/ 的 ticket", en="ticket of /js/getticket/"),
    recognises=_is_page,
    read=_read(_of_page),
    keys=_page_keys,
    app_kinds=("web",),
    upper_case=texts.SIGNATURE_UPPER_CASE,
    in_pairs=True,
)

TicketPlans = Iterator[TicketPlan]

_recipe = recipe_of(SHARE, JS)


@_recipe(texts.SIGNATURE_SHA1)
def sha1(plan: TicketPlan) -> TicketPlans:
    """SHA1, with the names of Douyin or of WeChat."""
    yield plan._replace(digest="sha1")
    yield plan._replace(digest="sha1", parts=plan.renamed(*plan.wrong_name))


@_recipe(texts.SIGNATURE_UNSORTED, names="…")
def unsorted(plan: TicketPlan) -> TicketPlans:
    """The parts in any other order."""
    for order in permutations(plan.parts):
        yield plan._replace(order=order, why=texts.SIGNATURE_UNSORTED(names=list(order)))


@_recipe(texts.SIGNATURE_URL_ENCODED)
def url_encoded(plan: TicketPlan) -> TicketPlans:
    """Each value encoded."""
    yield plan._replace(parts={name: quote(value, "") for name, value in plan.parts.items()})


@_recipe(texts.SIGNATURE_OTHER_NAME, wrong="noncestr / jsapi_ticket", right="nonce_str / ticket")
def other_name(plan: TicketPlan) -> TicketPlans:
    """A name as WeChat has it, or in camel case, in any order."""
    every = [plan.wrong_name, *((right, wrong) for right in plan.parts for wrong in _WRONG[right])]
    for right, wrong in dict.fromkeys(every):
        said = texts.SIGNATURE_OTHER_NAME(wrong=wrong, right=right)
        renamed = plan.renamed(right, wrong)
        for order in permutations(renamed):
            yield plan._replace(parts=renamed, order=order, why=said)


_WRONG: Mapping[str, tuple[str, ...]] = defaultdict(
    tuple,
    {
        "nonce_str": ("noncestr", "nonceStr", "nonce"),
        "ticket": ("jsapi_ticket", "open_ticket"),
        "jsapi_ticket": ("ticket", "js_ticket", "jsapiTicket"),
        "timestamp": ("timeStamp", "ts"),
    },
)
"""The names that are often written for others."""


@_recipe(
    text(
        "signature_more_signed",
        zh="其他参数也参与了签名（如分享链接里的其余参数），只签 nonce_str、ticket、timestamp"
        "（网页还有 url）",
        en="other parameters were signed too, such as the rest of a share link; only nonce_str,"
        " ticket and timestamp are, and the url of a page",
    )
)
def more_signed(plan: TicketPlan) -> TicketPlans:
    """All parameters of the request, empty ones too or not."""
    for rest in (plan.rest, {name: value for name, value in plan.rest.items() if value}):
        if rest:
            yield plan._replace(parts={**plan.parts, **rest})


@_recipe(
    text(
        "signature_other_timestamp",
        zh="签名用的 timestamp 单位与发送的不一致：都用秒",
        en="it was signed over the timestamp in another unit than was sent; use seconds in both",
    ),
    rank=RARE,
)
def other_timestamp(plan: TicketPlan) -> TicketPlans:
    """In seconds where milliseconds are sent, or with every millisecond of its second."""
    stamp = plan.parts.get("timestamp", "")
    if not stamp:
        return
    if len(stamp) > 10:
        others, said = [stamp[:10]], texts.SIGNATURE_OF_SECONDS()
    else:
        others = [f"{stamp}{fraction:03}" for fraction in range(1000)]
        said = texts.SIGNATURE_OF_MILLISECONDS()
    for other in others:
        yield plan._replace(parts={**plan.parts, "timestamp": other}, why=said)


OTHER_TICKET = text("ticket_other", zh="签名用的是{key}", en="it is signed with {key}")


@_recipe(OTHER_TICKET, key="…")
def other_ticket(plan: TicketPlan) -> TicketPlans:
    """A ticket of the other kind, or one that is no longer valid."""
    for what, ticket in plan.other_tickets:
        parts = {**plan.parts, plan.ticket_name: ticket}
        yield plan._replace(parts=parts, why=OTHER_TICKET(key=what))


MISTYPED = text(
    "ticket_mistyped",
    zh="ticket 没有原样使用：{how}",
    en="the ticket is not used as it is: {how}",
)


@_recipe(MISTYPED, how="…")
def ticket_mistyped(plan: TicketPlan) -> TicketPlans:
    """The ticket with more around it, with less of it, or in another case."""
    name = plan.ticket_name
    for how, ticket in mistyped(plan.parts.get(name, "")):
        yield plan._replace(parts={**plan.parts, name: ticket}, why=MISTYPED(how=how))


UNSET = text(
    "ticket_unset",
    zh="ticket 的位置上是 {value!r}：没有取到值，或还是示例里的占位文字",
    en="{value!r} stands in the place of the ticket: a value that was not there, or an example's"
    " word for it",
)


@_recipe(UNSET, value="null / None / undefined / ticket")
def ticket_unset(plan: TicketPlan) -> TicketPlans:
    """What languages print where there is no value, or a word that was to be replaced."""
    name = plan.ticket_name
    for value in (*placeholders("ticket"), "[object Object]") if name in plan.parts else ():
        yield plan._replace(parts={**plan.parts, name: value}, why=UNSET(value=value))


MISSING = text(
    "signature_part_missing",
    zh="{names} 没有参与签名",
    en="{names} is missing from what was signed",
)


@_recipe(MISSING, names="…")
def part_missing(plan: TicketPlan) -> TicketPlans:
    """Without one of the parts."""
    for missing in plan.parts:
        parts = {name: value for name, value in plan.parts.items() if name != missing}
        yield plan._replace(parts=parts, why=MISSING(names=[missing]))


@_recipe(
    text(
        "signature_values_alone",
        zh="只签了值，或没有用 & 连接，应写成 key=value 并以 & 连接",
        en="the values alone were signed, or not joined by &; sign key=value joined by &",
    )
)
def values_alone(plan: TicketPlan) -> TicketPlans:
    """Values in the order of their names or sorted, or pairs with something else between them."""
    ordered = sorted(plan.parts)
    values = [plan.parts[name] for name in ordered]
    pairs = [f"{name}={plan.parts[name]}" for name in ordered]
    for joint, written in (
        *(("", values), ("&", values), ("", sorted(values)), ("&", sorted(values))),
        *(("", pairs), (",", pairs), ("\n", pairs)),
    ):
        yield plan._replace(whole=joint.join(written))


@_recipe(
    text(
        "signature_other_hash",
        zh="签名算法不对（SHA256、HMAC 或 base64），平台用 MD5，小写十六进制",
        en="it is SHA256, an HMAC, or in base64; the platform's is MD5 in lower-case hex",
    )
)
def other_hash(plan: TicketPlan) -> TicketPlans:
    """Another digest, an HMAC with the ticket as its key, or the MD5 written otherwise."""
    for form in ("sha256", "hmac-md5", "hmac-sha1", "hmac-sha256", "base64", "short"):
        yield plan._replace(digest=form)


OTHER_URL = text(
    "signature_other_url",
    zh="签名的 url 与页面的不同：{change}，应签 location.href 中 # 之前的部分",
    en="the url was signed otherwise than the page has it: {change}; sign location.href up to its"
    " #",
)
WITHOUT_QUERY = text("url_without_query", zh="少了 ? 之后的部分", en="without its query")
ORIGIN_ALONE = text("url_origin_alone", zh="只有域名", en="its scheme and host alone")
PATH_ALONE = text("url_path_alone", zh="只有路径", en="its path alone")
SLASH_AT_END = text(
    "url_slash_at_end", zh="末尾多了或少了 /", en="with a slash more or less at its end"
)
OTHER_SCHEME = text(
    "url_other_scheme",
    zh="http 和 https 不一致（如在代理之后）",
    en="http for https, as behind a proxy, or the other way",
)
WITHOUT_SCHEME = text("url_without_scheme", zh="少了 https://", en="without its scheme")
WITHOUT_PORT = text("url_without_port", zh="少了端口", en="without its port")
ENCODED = text("url_encoded_whole", zh="做了 URL 编码", en="URL-encoded")
DECODED = text("url_decoded_whole", zh="做了 URL 解码", en="URL-decoded")
MAX_CHANGED = 4096
"""Characters of the longest url that is encoded."""


@JS.recipe(OTHER_URL, change="…")
def other_url(plan: TicketPlan) -> TicketPlans:
    """Without its query, its end or its scheme, with another scheme, encoded or decoded."""
    url = plan.parts.get("url", "")
    head, _, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    for change, other in (
        (WITHOUT_QUERY, url.partition("?")[0]),
        (ORIGIN_ALONE, f"{head}://{host}"),
        (ORIGIN_ALONE, f"{head}://{host}/"),
        (PATH_ALONE, slash + path),
        (PATH_ALONE, slash + path.partition("?")[0]),
        (SLASH_AT_END, url.rstrip("/")),
        (SLASH_AT_END, url + "/"),
        (OTHER_SCHEME, f"{'http' if head == 'https' else 'https'}://{rest}"),
        (WITHOUT_SCHEME, rest),
        (WITHOUT_PORT, f"{head}://{host.partition(':')[0]}{slash}{path}"),
        (ENCODED, quote(url[:MAX_CHANGED], "")),
        (ENCODED, quote(url[:MAX_CHANGED], ";,/?:@&=+$-_.!~*'()#%")),
        (DECODED, unquote(url)),
    ):
        parts = {**plan.parts, "url": other}
        yield plan._replace(parts=parts, why=OTHER_URL(change=change()))


@JS.recipe(texts.SIGNATURE_WITH_FRAGMENT)
def with_fragment(plan: TicketPlan) -> TicketPlans:
    """The whole address."""
    yield plan._replace(parts={**plan.parts, "url": plan.url})
