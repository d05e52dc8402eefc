"""The page of a merchant: it is onboarded there (进件), and its account is looked at.

The platform's own page asks for papers. This one asks for a name and channels, and lets a tester
end the review, as the platform's people would.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from urllib.parse import urlencode

from mockdouyin.core.calls import Call, Fields
from mockdouyin.core.clock import format_duration
from mockdouyin.core.envelopes import PlainText
from mockdouyin.core.errors import DouyinError
from mockdouyin.core.http import Page
from mockdouyin.core.pages import (
    ChannelLine,
    MerchantPage,
    MerchantProblem,
    Redirect,
    is_from_elsewhere,
    language_of,
)
from mockdouyin.core.parameters import query_pairs
from mockdouyin.domain import merchants, withdrawals
from mockdouyin.domain.ledger import Place, Purse, held, yuan
from mockdouyin.domain.merchant_reviews import begin_review, end_review
from mockdouyin.domain.merchants import CHANNELS, Acting, Form, Merchant, MerchantLink
from mockdouyin.domain.withdrawals import NewWithdrawal
from mockdouyin.endpoints import _merchant_texts as texts
from mockdouyin.endpoints.ecpay import ecpay
from mockdouyin.endpoints.error_tables import merchants as tables
from mockdouyin.endpoints.merchant_links import PAGE_PATH

MAX_NAME = 64
"""Characters of a merchant's name."""

MAX_REASON = 120


class MerchantPageFields(Fields, kw_only=True):
    """The link's own fields, and those of the page's form."""

    app_id: str = ""
    link: str = ""
    lang: str = ""
    decision: str = ""
    """`submit`, `approve`, `refuse`, `freeze`, `thaw` or `withdraw`."""
    name: str = ""
    channel: str | list[str] = ""
    reason: str = ""
    amount: str = ""
    """In yuan."""


@ecpay.endpoint(
    "GET POST",
    PAGE_PATH,
    doc="mini-app/develop/server/payment/ecpay/page-links/apply/in",
    basis="assumed",
    errors=tables.PAGE,
    envelope=PlainText(),
)
def merchant_page(call: Call[MerchantPageFields]) -> Page | Redirect:
    """Have a merchant fill in its application, and a tester end its review."""
    merchant, link = _opened(call)
    if call.request.method != "POST" or not call.fields.decision:
        return _page(call, merchant, link, "")
    if is_from_elsewhere(call.request):
        raise DouyinError("bad_params", texts.FROM_ELSEWHERE())
    problem = _decide(call, merchant, link)
    if problem:
        return _page(call, merchant, link, problem)
    given = dict(query_pairs(call.request.query))
    return Redirect("?" + urlencode(given))


def _opened(call: Call[MerchantPageFields]) -> tuple[Merchant, MerchantLink]:
    app = call.known_app(call.fields.app_id, "bad_appid")
    call.need("bad_params", "link")
    found = merchants.find_link(call.unit, app.client_key, call.fields.link)
    if found is None:
        raise DouyinError("bad_params", texts.LINK_UNKNOWN())
    link, merchant = found
    if link.expires <= call.now:
        ago = format_duration(int(call.now - link.expires))
        raise DouyinError("bad_params", texts.LINK_EXPIRED(ago=ago))
    return merchant, link


def _decide(
    call: Call[MerchantPageFields], merchant: Merchant, link: MerchantLink
) -> MerchantProblem:
    """Do what a button asks for; return what is wrong with what was filled in."""
    unit, decision = call.unit, call.fields.decision
    reason = call.fields.reason.strip()[:MAX_REASON]
    if link.shows_balance:
        return _withdraw(call, merchant) if decision == "withdraw" else ""
    if decision == "submit":
        return _submit(call, merchant)
    if merchant.form is None:
        return ""
    if decision in ("approve", "refuse"):
        refused = decision == "refuse"
        end_review(call.world, unit, merchant, refused=refused, reason=reason)
    elif decision in ("freeze", "thaw"):
        merchants.freeze(unit, merchant, frozen=decision == "freeze", reason=reason)
    return ""


def _ticked(call: Call[MerchantPageFields]) -> tuple[str, ...]:
    # A form repeats the field for each checkbox, and fields keep one of the values.
    pairs = query_pairs(call.request.body)
    given = {value for name, value in pairs if name == "channel"}
    return tuple(channel for channel in CHANNELS if channel in given)


def _submit(call: Call[MerchantPageFields], merchant: Merchant) -> MerchantProblem:
    name, channels = call.fields.name.strip(), _ticked(call)
    if not name or len(name) > MAX_NAME or not name.isprintable():
        return "no_name"
    if not channels:
        return "no_channel"
    begin_review(call.world, call.unit, merchant, Form(name=name, channels=channels))
    return ""


def _withdraw(call: Call[MerchantPageFields], merchant: Merchant) -> MerchantProblem:
    world, unit = call.world, call.unit
    try:
        amount = Decimal(call.fields.amount.strip()[:20]) * 100
    except InvalidOperation:
        return "bad_amount"
    if not amount.is_finite() or amount != amount.to_integral_value() or amount < 1:
        return "bad_amount"
    if amount > held(unit, Purse(Place.BALANCE, merchant.id, merchant.sandbox)):
        return "too_much"
    app = world.apps[merchant.app]
    is_own = merchant.owner != app.client_key
    provider = merchant.owner if is_own else ""
    acts = Acting(app, provider, is_own=is_own, sandbox=merchant.sandbox)
    number = "PAGE" + world.ids.digits(16, "withdrawal.page", world.journal.next_number)
    channel = merchant.form.channels[0] if merchant.form is not None else CHANNELS[0]
    new = NewWithdrawal(
        out_order_id=number, merchant=merchant.id, channel=channel, amount=int(amount)
    )
    withdrawals.ask(world, unit, acts, new)
    return ""


def _page(
    call: Call[MerchantPageFields],
    merchant: Merchant,
    link: MerchantLink,
    problem: MerchantProblem,
) -> Page:
    language = language_of(call.request)
    query = dict(query_pairs(call.request.query, blank=True))
    form = merchant.form
    is_filled = bool(problem) and not link.shows_balance
    ticked = _ticked(call) if is_filled else form.channels if form is not None else CHANNELS
    places = (Place.TRANSIT, Place.BALANCE, Place.FROZEN, Place.WITHDRAWN)
    amounts = {
        str(place): yuan(held(call.unit, Purse(place, merchant.id, merchant.sandbox)))
        for place in places
    }
    content = MerchantPage(
        app=call.world.apps[merchant.app].name,
        sandbox=merchant.sandbox,
        merchant_id=merchant.id,
        own_number=merchant.sub_merchant_id,
        shows_account=link.shows_balance,
        standing=merchant.standing(call.now).name.lower(),
        name=call.fields.name if is_filled else form.name if form is not None else "",
        channels=tuple(ChannelLine(channel, channel in ticked) for channel in CHANNELS),
        reason=merchant.reason,
        review_left=format_duration(max(1, round(merchant.review_ends - call.now))),
        amounts=amounts,
        amount=call.fields.amount if problem else "",
        problem=problem,
        turned=urlencode({**query, "lang": "en" if language == "zh" else "zh"}),
    )
    return Page("merchant", language, content)
