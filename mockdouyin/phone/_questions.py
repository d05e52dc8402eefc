"""What the sheets of tt APIs ask a person."""

from __future__ import annotations

from typing import Any

from mockdouyin.core.texts import text
from mockdouyin.domain import subscriptions
from mockdouyin.domain.orders import Order
from mockdouyin.phone._handset import Handset, Question

PROFILE = text("sheet_profile", zh="获取你的昵称、头像", en="use your nickname and avatar")
PHONE_NUMBER = text("sheet_phone_number", zh="获取你的手机号", en="use your phone number")
LOCATION = text("sheet_location", zh="获取你的位置信息", en="use your location")
ADDRESS = text("sheet_address", zh="获取你的收货地址", en="use your delivery address")
TEMPLATES = text("sheet_templates", zh="给你发送以下消息", en="send you these messages")
CASHIER = text(
    "sheet_cashier", zh="为“{subject}”付款 {amount} 元", en='pay {amount} yuan for "{subject}"'
)
SCOPES = text("sheet_scopes", zh="获取以下授权", en="get these permissions")


def profile(phone: Handset) -> Question:
    """Ask for nickname and avatar."""
    return Question(PROFILE(), {"nickname": phone.profile.nickname})


def phone_number(phone: Handset) -> Question:
    """Ask for the phone number, and show most of it hidden, as the real sheet does."""
    number = phone.profile.phone
    shown = f"{number[:3]}****{number[-4:]}" if len(number) > 7 else "****"
    return Question(PHONE_NUMBER(), {"phone": shown})


def location(phone: Handset) -> Question:
    """Ask where the person is."""
    return Question(LOCATION())


def address(phone: Handset) -> Question:
    """Ask for a delivery address."""
    return Question(ADDRESS())


def wanted_templates(phone: Handset) -> Any:
    """Return the ids of the templates that the call names, by default the app's first one."""
    known = subscriptions.templates_of(phone.unit, phone.app)
    return phone.args.get("tmplIds", list(known)[:1])


def templates(phone: Handset) -> Question:
    """Ask for messages, template by template."""
    known = subscriptions.templates_of(phone.unit, phone.app)
    shown = [
        {"id": each, "title": known[each].title, "kind": known[each].kind}
        for each in wanted_templates(phone)
    ]
    return Question(TEMPLATES(), {"templates": shown})


def cashier(order: Order) -> Question:
    """Show the cashier of an order: what it costs, and the ways to pay."""
    amount = f"{order.total_amount // 100}.{order.total_amount % 100:02}"
    shown = {
        "order_id": order.order_id,
        "out_order_no": order.out_order_no,
        "subject": order.subject,
        "total_amount": order.total_amount,
        "ways": list(order.ways),
    }
    says = CASHIER(subject=order.subject, amount=amount)
    return Question(says, {"cashier": shown}, pins={"order_id": order.order_id})


def scopes(requested: dict[str, bool | None]) -> Question:
    """Ask for scopes: of an optional one with whether it is ticked at first, else with None."""
    shown = [
        {"scope": scope, "optional": ticked is not None, "ticked": ticked is not False}
        for scope, ticked in requested.items()
    ]
    return Question(SCOPES(), {"scopes": shown})
