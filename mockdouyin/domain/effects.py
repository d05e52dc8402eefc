"""State changes that a rule applies just before a call is answered: expiry, use, revocation."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.store import Record, Unit
from mockdouyin.domain import orders, trade_orders, withdrawals
from mockdouyin.domain.business_tokens import BusinessRefreshToken
from mockdouyin.domain.cashiers import find_named
from mockdouyin.domain.forced_failures import force
from mockdouyin.domain.grants import (
    RENEWALS,
    AuthCode,
    BusinessToken,
    RefreshToken,
    UserToken,
    revoke,
)
from mockdouyin.domain.logins import LoginCode, PhoneCode, log_in
from mockdouyin.domain.order_fates import foretell, of_new
from mockdouyin.domain.subscriptions import use_up
from mockdouyin.domain.tokens import AppToken, StableToken, issue, issue_stable
from mockdouyin.domain.withdrawals import BankEnding

if TYPE_CHECKING:
    from mockdouyin.core.world import WorldState

CallParameters = Mapping[str, Any]
"""A call's parameters, by their names on the wire."""


class Effect(StrEnum):
    """A state change that a rule applies to a call's credentials before the endpoint runs.

    No-op if the call does not carry the credential.

    接口执行之前，规则对这次调用的凭证做的改变；调用没有带这种凭证就什么都不做。
    """

    CODE_EXPIRES = "code_expires"
    """The code expires.

    code 过期。"""
    CODE_IS_USED = "code_is_used"
    """Somebody else exchanges the code first.

    code 先被别人用掉。"""
    TOKEN_EXPIRES = "token_expires"
    """The access_token, the app's or a person's, expires.

    access_token 过期，应用的或用户的。"""
    TOKEN_IS_SUPERSEDED = "token_is_superseded"
    """Another server of the app asks for two newer tokens, which ends the app's token.

    同一应用的另一台服务器又取了两次 token，手里的这个失效。"""
    REFRESH_TOKEN_EXPIRES = "refresh_token_expires"
    """The refresh_token expires.

    refresh_token 过期。"""
    RENEWALS_ARE_USED_UP = "renewals_are_used_up"
    """The refresh_token has been renewed five times.

    refresh_token 已经续期五次。"""
    PERSON_LOGS_IN_AGAIN = "person_logs_in_again"
    """The person's phone calls tt.login once more: a new session_key seals from now on.

    用户的手机又调了一次 tt.login，此后用新的 session_key 加密。"""
    PERSON_REVOKES = "person_revokes"
    """The person revokes what they granted the app.

    用户取消对应用的授权。"""
    MESSAGES_ARE_USED_UP = "messages_are_used_up"
    """The messages of this template that the person allowed have all been sent.

    用户订阅的这个模板的消息已经发完。"""
    WITHDRAW_FAILS = "withdraw_fails"
    """The bank refuses the withdrawal that is asked for: FAIL, and the money is there again.

    银行拒绝这笔提现：FAIL，钱退回余额。"""
    WITHDRAW_IS_GIVEN_BACK = "withdraw_is_given_back"
    """The bank gives the withdrawal back that is asked for: REEXCHANGE.

    银行退票：REEXCHANGE。"""
    REFUND_FAILS = "refund_fails"
    """The refund is accepted, and fails.

    退款已受理，最终失败。"""
    SETTLE_FAILS = "settle_fails"
    """The settlement is accepted, and fails.

    分账已受理，最终失败。"""
    ORDER_IS_PAID = "order_is_paid"
    """The order is paid before the answer: the callback may overtake it.

    响应之前订单已经支付，回调可能先到。"""
    PAYMENT_FAILS = "payment_fails"
    """The payment channel refuses the order when the person pays: tt.pay hands code 2.

    用户支付时支付渠道拒绝：tt.pay 返回 code 2。"""
    ORDER_TIMES_OUT = "order_times_out"
    """The person stays at the cashier until the order times out: tt.pay hands code 1.

    用户停在收银台，直到订单超时：tt.pay 返回 code 1。"""
    CALLBACK_IS_LOST = "callback_is_lost"
    """The callback of the order's payment is never sent: only a query finds it.

    这个订单的支付回调不发，只能查单得知。"""
    CALLBACK_COMES_TWICE = "callback_comes_twice"
    """The callback of the order's payment is sent twice.

    这个订单的支付回调发两次。"""
    CALLBACK_AMOUNT_DIFFERS = "callback_amount_differs"
    """The callback of the order's payment tells 1 fen more than the order's amount.

    支付回调里的金额比订单多 1 分。"""


def can_apply(effect: Effect, parameters: Collection[str]) -> bool:
    """Whether an effect can apply to calls that may carry these parameters."""
    return any(set(needs.split()) <= set(parameters) for needs in _NEEDS[effect])


def apply_effect(effect: Effect, world: WorldState, unit: Unit, given: CallParameters) -> None:
    """Apply an effect to the credentials of a call."""
    _EFFECTS[effect](world, unit, given)


_CODES: tuple[type[Record], ...] = (LoginCode, PhoneCode, AuthCode)


def _codes(unit: Unit, given: CallParameters) -> list[tuple[str, Any]]:
    sent = [given.get("code"), given.get("anonymous_code")]
    pairs = [(code, unit.read(kind, code)) for code in sent if code for kind in _CODES]
    return [(code, record) for code, record in pairs if record is not None]


def _code_expires(world: WorldState, unit: Unit, given: CallParameters) -> None:
    found = _codes(unit, given)
    for code, record in found:
        unit.write(code, _expired(record, unit))
    if not found:
        _mark_unknown_code_used(world, unit, given)


def _code_is_used(world: WorldState, unit: Unit, given: CallParameters) -> None:
    found = _codes(unit, given)
    for code, record in found:
        unit.write(code, msgspec.structs.replace(record, used=True))
    if not found:
        _mark_unknown_code_used(world, unit, given)


def _mark_unknown_code_used(world: WorldState, unit: Unit, given: CallParameters) -> None:
    """Record a code that was not issued here as used: a world that accepts any would accept it."""
    code, app = given.get("code"), given.get("appid") or given.get("app_id")
    if code and app and unit.find(LoginCode, code) is None:
        until = unit.now + world.settings.login_code_lifetime
        person = world.people.first
        login = LoginCode(app=app, person=person, session_key="", used=True, expires=until)
        unit.write(code, login)
    client_key = given.get("client_key")
    if code and client_key and unit.find(AuthCode, code) is None:
        until = unit.now + world.settings.auth_code_lifetime
        person = world.people.first
        auth = AuthCode(
            app=client_key, person=person, scopes=(), number=0, used=True, expires=until
        )
        unit.write(code, auth)


def _expired(record: Any, unit: Unit) -> Any:
    return msgspec.structs.replace(record, expires=unit.now)


def _token_expires(world: WorldState, unit: Unit, given: CallParameters) -> None:
    token = given.get("access_token", "")
    for kind in (UserToken, BusinessToken):
        record = unit.read(kind, token)
        if record is not None:
            unit.write(token, _expired(record, unit))
    app_token = unit.read(AppToken, token)
    if app_token is not None:
        unit.write(token, _expired(app_token, unit))
        # A stable token has a second record: it would be returned again if that did not expire.
        key, stable = _stable(unit, app_token)
        if stable is not None and stable.token == token:
            unit.write(key, _expired(stable, unit))


def _stable(unit: Unit, token: AppToken) -> tuple[str, StableToken | None]:
    key = f"{token.kind} {token.app}"
    return key, unit.read(StableToken, key)


def _token_is_superseded(world: WorldState, unit: Unit, given: CallParameters) -> None:
    token = given.get("access_token", "")
    app_token = unit.read(AppToken, token)
    app = world.apps.get(app_token.app) if app_token is not None else None
    if app_token is None or app is None:
        return
    stable = _stable(unit, app_token)[1]
    if stable is not None and stable.token == token:
        issue_stable(world, unit, app, app_token.kind, force=True)
        return
    for _ in range(2):  # the first leaves the token five minutes, the second ends it
        issue(world, unit, app, app_token.kind)


def _refresh_token_expires(world: WorldState, unit: Unit, given: CallParameters) -> None:
    for kind in (RefreshToken, BusinessRefreshToken):
        token = unit.read(kind, given.get("refresh_token", ""))
        if token is not None:
            unit.write(given["refresh_token"], _expired(token, unit))


def _renewals_are_used_up(world: WorldState, unit: Unit, given: CallParameters) -> None:
    token = unit.read(RefreshToken, given.get("refresh_token", ""))
    if token is not None:
        unit.write(given["refresh_token"], msgspec.structs.replace(token, renewals=RENEWALS))


def _person_logs_in_again(world: WorldState, unit: Unit, given: CallParameters) -> None:
    if "person" in given:
        log_in(world, unit, world.find_app(given["app"]), given["person"])
        return
    login = unit.read(LoginCode, given.get("code", ""))
    app = world.apps.get(login.app) if login is not None else None
    if login is not None and app is not None:
        log_in(world, unit, app, login.person)


def _person_revokes(world: WorldState, unit: Unit, given: CallParameters) -> None:
    access, refresh = given.get("access_token", ""), given.get("refresh_token", "")
    token = (
        unit.read(UserToken, access)
        or unit.read(BusinessToken, access)
        or unit.read(RefreshToken, refresh)
        or unit.read(BusinessRefreshToken, refresh)
    )
    app = world.apps.get(token.app) if token is not None else None
    if token is not None and app is not None:
        revoke(world, unit, app, token.person)


def _messages_are_used_up(world: WorldState, unit: Unit, given: CallParameters) -> None:
    token = unit.read(AppToken, given.get("access_token", ""))
    app: App | None = world.apps.get(token.app) if token is not None else None
    person = world.people.owner(app, given.get("open_id", "")) if app is not None else None
    template = given.get("tpl_id") or given.get("msg_id")
    if app is not None and person is not None and template:
        use_up(unit, app, person, template)


def _bank_ends(ending: BankEnding) -> Callable[[WorldState, Unit, CallParameters], None]:
    def foretell(world: WorldState, unit: Unit, given: CallParameters) -> None:
        merchant, number = given.get("merchant_uid"), given.get("out_order_id")
        if merchant and number and given.get("withdraw_amount") is not None:
            withdrawals.foretell(unit, str(merchant), str(number), ending)

    return foretell


def _refund_fails(world: WorldState, unit: Unit, given: CallParameters) -> None:
    if number := given.get("out_refund_no"):
        force(unit, "refund", given.get("app_id", ""), number)


def _settle_fails(world: WorldState, unit: Unit, given: CallParameters) -> None:
    if number := given.get("out_settle_no"):
        force(unit, "settle", given.get("app_id", ""), number)


def _order_has(**fate: Any) -> Callable[[WorldState, Unit, CallParameters], None]:
    """Note what is to happen to the order that is made, or that a phone pays."""

    def apply(world: WorldState, unit: Unit, given: CallParameters) -> None:
        number = given.get("out_order_no")
        if given.get("api") in trade_orders.APIS:
            trade_orders.foretell_by(unit, world.find_app(given["app"]), given, fate)
        elif number is None and "app" in given:
            order = find_named(unit, world.find_app(given["app"]), given)
            if order is not None:
                foretell(unit, order.app, order.foretold_as, **fate)
        elif number:
            foretell(unit, given.get("app_id", ""), of_new(str(number)), **fate)

    return apply


def _order_is_paid(world: WorldState, unit: Unit, given: CallParameters) -> None:
    if "out_order_no" in given:
        _order_has(is_paid=True)(world, unit, given)
        return
    app = world.find_app(given["app"])
    order = find_named(unit, app, given)
    if order is not None and order.ways and order.status(unit.now) == "PROCESSING":
        orders.pay(world, unit, world.apps[order.app], order, given["person"], order.ways[0])


_EFFECTS: dict[Effect, Callable[[WorldState, Unit, CallParameters], None]] = {
    Effect.CODE_EXPIRES: _code_expires,
    Effect.CODE_IS_USED: _code_is_used,
    Effect.TOKEN_EXPIRES: _token_expires,
    Effect.TOKEN_IS_SUPERSEDED: _token_is_superseded,
    Effect.REFRESH_TOKEN_EXPIRES: _refresh_token_expires,
    Effect.RENEWALS_ARE_USED_UP: _renewals_are_used_up,
    Effect.PERSON_LOGS_IN_AGAIN: _person_logs_in_again,
    Effect.PERSON_REVOKES: _person_revokes,
    Effect.MESSAGES_ARE_USED_UP: _messages_are_used_up,
    Effect.WITHDRAW_FAILS: _bank_ends("FAIL"),
    Effect.WITHDRAW_IS_GIVEN_BACK: _bank_ends("REEXCHANGE"),
    Effect.REFUND_FAILS: _refund_fails,
    Effect.SETTLE_FAILS: _settle_fails,
    Effect.ORDER_IS_PAID: _order_is_paid,
    Effect.PAYMENT_FAILS: _order_has(payment="fail"),
    Effect.ORDER_TIMES_OUT: _order_has(payment="timeout"),
    Effect.CALLBACK_IS_LOST: _order_has(callback="lost"),
    Effect.CALLBACK_COMES_TWICE: _order_has(callback="twice"),
    Effect.CALLBACK_AMOUNT_DIFFERS: _order_has(callback="differs"),
}

_AN_UNPAID_ORDER = ("out_order_no valid_time", "app person orderInfo")

_AN_ORDER = (*_AN_UNPAID_ORDER, "app person goodsList", "app person outOrderNo")

_NEEDS: dict[Effect, tuple[str, ...]] = {
    Effect.CODE_EXPIRES: ("code",),
    Effect.CODE_IS_USED: ("code",),
    Effect.TOKEN_EXPIRES: ("access_token",),
    Effect.TOKEN_IS_SUPERSEDED: ("access_token",),
    Effect.REFRESH_TOKEN_EXPIRES: ("refresh_token",),
    Effect.RENEWALS_ARE_USED_UP: ("refresh_token",),
    Effect.PERSON_LOGS_IN_AGAIN: ("code anonymous_code", "app person"),
    Effect.PERSON_REVOKES: ("access_token", "refresh_token"),
    Effect.MESSAGES_ARE_USED_UP: ("access_token open_id tpl_id", "access_token open_id msg_id"),
    Effect.WITHDRAW_FAILS: ("merchant_uid out_order_id withdraw_amount",),
    Effect.WITHDRAW_IS_GIVEN_BACK: ("merchant_uid out_order_id withdraw_amount",),
    Effect.REFUND_FAILS: ("out_refund_no refund_amount",),
    Effect.SETTLE_FAILS: ("out_settle_no settle_params",),
    Effect.ORDER_IS_PAID: _AN_UNPAID_ORDER,
    Effect.PAYMENT_FAILS: _AN_ORDER,
    Effect.ORDER_TIMES_OUT: _AN_ORDER,
    Effect.CALLBACK_IS_LOST: _AN_ORDER,
    Effect.CALLBACK_COMES_TWICE: _AN_ORDER,
    Effect.CALLBACK_AMOUNT_DIFFERS: _AN_ORDER,
}
"""The parameters that an effect needs; each string is one alternative."""
