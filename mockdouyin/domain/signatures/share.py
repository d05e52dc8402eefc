"""The signatures of H5 share links and of pages with the JS SDK: MD5 with a ticket."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from itertools import islice, permutations
from typing import NamedTuple
from urllib.parse import quote

from mockdouyin.core.http import Request
from mockdouyin.core.texts import NOTHING, Text, TextTemplate, text
from mockdouyin.domain import _share_texts as texts
from mockdouyin.domain.signatures._recipe import (
    Keys,
    Kind,
    Params,
    Recipe,
    Signed,
    Signer,
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
    other_tickets: tuple[tuple[Text, str], ...] = ()
    order: tuple[str, ...] = ()
    """The order of the names; they are sorted if it is empty."""
    digest: str = "md5"
    cost: int = 1
    why: Text = NOTHING

    def signature(self) -> str:
        """Make the signature."""
        return hashlib.new(self.digest, self._text(self.parts).encode()).hexdigest()

    def shown(self) -> str:
        """Return what is signed, without the ticket."""
        return self._text({**self.parts, self.ticket_name: TICKET})

    def _text(self, parts: dict[str, str]) -> str:
        return "&".join(f"{name}={parts[name]}" for name in self.order or sorted(parts))

    def renamed(self) -> dict[str, str]:
        """Return the parts with the wrong name in the place of the right one."""
        right, wrong = self.wrong_name
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


def _read_share(request: Request, params: Params, keys: Keys) -> Signed[TicketPlan]:
    nonce, stamp = _field(params, "nonce_str"), _field(params, "timestamp")
    plans = (
        share_plan(ticket, nonce, stamp)._replace(other_tickets=keys.others)
        for ticket in keys.right
    )
    return Signed(_field(params, "signature"), tuple(plans))


def _read_page(request: Request, params: Params, keys: Keys) -> Signed[TicketPlan]:
    nonce, stamp = _field(params, "nonce_str"), _field(params, "timestamp")
    url = _field(params, "url")
    plans = (
        page_plan(ticket, nonce, stamp, url)._replace(other_tickets=keys.others)
        for ticket in keys.right
    )
    return Signed(_field(params, "signature"), tuple(plans))


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
    read=_read_share,
    keys=_share_keys,
    app_kinds=("web", "mini_program"),
    upper_case=texts.SIGNATURE_UPPER_CASE,
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
    read=_read_page,
    keys=_page_keys,
    app_kinds=("web",),
    upper_case=texts.SIGNATURE_UPPER_CASE,
)

TicketPlans = Iterator[TicketPlan]
Vary = Callable[[TicketPlan], Iterable[TicketPlan]]


def _recipe(about: TextTemplate, **shown: str) -> Callable[[Vary], Vary]:
    """Declare a recipe of both kinds."""

    def declare(vary: Vary) -> Vary:
        for kind in (SHARE, JS):
            kind.add(Recipe(vary.__name__, about(**shown), vary))
        return vary

    return declare


@_recipe(texts.SIGNATURE_SHA1)
def sha1(plan: TicketPlan) -> TicketPlans:
    """SHA1, with the names of Douyin or of WeChat."""
    yield plan._replace(digest="sha1")
    yield plan._replace(digest="sha1", parts=plan.renamed())


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
    """A name as WeChat has it, in any order."""
    right, wrong = plan.wrong_name
    said = texts.SIGNATURE_OTHER_NAME(wrong=wrong, right=right)
    renamed = plan.renamed()
    for order in permutations(renamed):
        yield plan._replace(parts=renamed, order=order, why=said)


@_recipe(
    text(
        "signature_other_timestamp",
        zh="签名用的 timestamp 单位与发送的不一致：都用秒",
        en="it was signed over the timestamp in another unit than was sent; use seconds in both",
    )
)
def other_timestamp(plan: TicketPlan) -> TicketPlans:
    """In seconds where milliseconds are sent, or with every millisecond of its second."""
    stamp = plan.parts["timestamp"]
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


@JS.recipe(texts.SIGNATURE_WITH_FRAGMENT)
def with_fragment(plan: TicketPlan) -> TicketPlans:
    """The whole address."""
    yield plan._replace(parts={**plan.parts, "url": plan.url})
