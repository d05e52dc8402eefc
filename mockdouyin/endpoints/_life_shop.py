"""The orders, certificates and verifications of an app's merchants in 本地生活."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from mockdouyin.core.calls import Call
from mockdouyin.core.clock import DAY, day_begins, day_of
from mockdouyin.domain import life_certificates as rules
from mockdouyin.domain.life_certificates import LifeStock, Offer, Prepared, SealedCode
from mockdouyin.endpoints.declared.operation import Operation
from mockdouyin.endpoints.declared.resources import Shelf, View

Sent = dict[str, Any]

_SEALED_HEAD = bytes.fromhex("0a0c080110")
"""What all encrypted codes begin with: `CgwIARD` in base64."""

_SHOWN = (
    *("verify_id", "certificate_id", "verify_time", "can_cancel", "verify_type"),
    *("verifier_unique_id", "poi_id", "times_card_serial_num"),
)
"""What a certificate tells of its verifications."""


def behind(views: list[View], sent: Sent) -> tuple[list[View], bool]:
    """Return the page behind the record whose id is the cursor, and whether more follow it."""
    keys = [view.key for view in views]
    start = keys.index(sent["cursor"]) + 1 if sent["cursor"] in keys else 0
    end = start + sent["size"]
    return views[start:end], end < len(views)


class Shop:
    """The orders, certificates and verifications of an app's merchants."""

    def __init__(self, call: Call[Any], operation: Operation, owner: str) -> None:
        self.unit, self.now, self.ids = call.unit, call.now, call.world.ids
        self.owner = owner
        self.orders, self.certificates, self.verifications = (
            Shelf(call.world, call.unit, operation.named_resource(name), owner)
            for name in ("order", "certificate", "verification")
        )
        if self.unit.read(LifeStock, owner) is None:
            self.unit.write(owner, LifeStock())
            for offer in rules.OFFERS:
                self._sell(offer)

    def _sell(self, offer: Offer) -> None:
        paid = int(self.now) - (1 + self.ids.number(int(5 * DAY), self.owner, offer.title))
        account = "7" + self.ids.digits(18, "life account", self.owner)
        sku = {
            "sku_id": "17" + self.ids.digits(14, self.owner, offer.title, "sku"),
            "title": offer.title,
            "groupon_type": offer.groupon_type,
            "market_price": offer.market_price,
            "account_id": account,
            "third_sku_id": "",
            "sold_start_time": paid - int(10 * DAY),
        }
        order = self.orders.create(
            {
                "account_id": account,
                "sku_id": sku["sku_id"],
                "sku_name": offer.title,
                "third_sku_id": "",
                "count": offer.copies,
                "order_type": offer.order_type,
                "original_amount": offer.market_price * offer.copies,
                "pay_amount": offer.pay_amount * offer.copies,
                "create_order_time": paid - 5,
                "pay_time": paid,
                "prepared": 0,
            }
        )
        made = [self._issue(order.key, number, offer, sku, paid) for number in range(offer.copies)]
        self.orders.change(order.key, {"certificate_ids": made})

    def _issue(self, order: str, number: int, offer: Offer, sku: Sent, paid: int) -> str:
        key = "7" + self.ids.digits(18, self.owner, order, number)
        sealed = _SEALED_HEAD + self.ids.raw(50, self.owner, key, "sealed")
        encrypted = b64encode(sealed).decode()
        expires = int(day_begins(day_of(paid))) + int(90 * DAY) - 1
        amount = {
            "original_amount": offer.market_price,
            "pay_amount": offer.pay_amount,
            "list_market_amount": offer.market_price,
            "coupon_pay_amount": offer.pay_amount,
            "merchant_ticket_amount": 0,
            "payment_discount_amount": 0,
            "platform_discount_amount": 0,
        }
        fields = {
            "order_id": order,
            "code": rules.code_of(key),
            "encrypted_code": encrypted,
            "status": rules.UNUSED,
            "start_time": paid,
            "expire_time": expires,
            "start_time_ms": paid * 1000,
            "expire_time_ms": expires * 1000,
            "sku": sku,
            "amount": amount,
            "times_count": offer.times,
            "times_used": 0,
            "verify_ids": [],
        }
        self.certificates.create(fields, key)
        self.unit.write(f"{self.owner} {encrypted}", SealedCode(certificate_id=key))
        return key

    def find(self, code: str) -> View | None:
        """Return the certificate that has a code, encrypted or plain."""
        sealed = self.unit.read(SealedCode, f"{self.owner} {code}")
        if sealed is not None:
            return self.certificates.find(sealed.certificate_id)
        return self.certificates.find_also(code)

    def of_order(self, order_id: str) -> list[View]:
        """Return an order's certificates."""
        order = self.orders.find(order_id)
        keys = order.fields["certificate_ids"] if order else []
        return [view for key in keys if (view := self.certificates.find(key)) is not None]

    def prepare(self, order_id: str, certificates: tuple[str, ...]) -> str:
        """Return a new verify_token for an order's certificates."""
        order = self.orders.find(order_id)
        count = order.fields["prepared"] if order else 0
        token = self.ids.uuid("verify_token", self.owner, order_id, count)
        self.orders.change(order_id, {"prepared": count + 1})
        made = Prepared(
            expires=self.now + rules.TOKEN_LIFETIME,
            order_id=order_id,
            certificate_ids=certificates,
        )
        self.unit.write(f"{self.owner} {token}", made)
        return token

    def order_now(self, view: View) -> View:
        """Return an order with the state of its certificates."""
        items = [self._item(each) for each in self.of_order(view.key)]
        is_done = all(item["item_status"] == 1 for item in items)
        told = {
            "order_status": rules.ORDER_DONE if is_done else rules.ORDER_OPEN,
            "update_order_time": max(item["item_update_time"] for item in items),
            "certificate": items,
        }
        return View(view.key, {**view.fields, **told})

    def _item(self, view: View) -> Sent:
        found = [self.verifications.find(key) for key in view.fields["verify_ids"]]
        times = [each.fields["verify_time"] for each in found if each is not None]
        return {
            "certificate_id": view.key,
            "order_item_id": view.fields["order_item_id"],
            "item_status": rules.ITEM_STATUS[view.fields["status"]],
            "item_update_time": max(times, default=view.fields["start_time"]),
            "refund_amount": 0,
            "refund_time": 0,
        }

    def use(self, certificate: View, poi_id: str) -> View:
        """Use a certificate once; return the verification."""
        used = certificate.fields["times_used"] + 1
        made = self.verifications.create(
            {
                "certificate_id": certificate.key,
                "order_id": certificate.fields["order_id"],
                "verify_time": int(self.now),
                "poi_id": poi_id,
                "status": rules.VERIFIED,
                "cancel_token": "",
                "times_card_serial_num": used if certificate.fields["times_count"] else 0,
            }
        )
        ids = [*certificate.fields["verify_ids"], made.key]
        self._used(certificate, used, ids)
        return made

    def take_back(self, verification: View, token: str) -> None:
        """Take a verification back."""
        certificate = self.certificates.find(verification.fields["certificate_id"])
        if certificate is None:
            return
        taken = {"status": rules.TAKEN_BACK, "cancel_time": int(self.now), "cancel_token": token}
        self.verifications.change(verification.key, taken)
        ids = [key for key in certificate.fields["verify_ids"] if key != verification.key]
        self._used(certificate, certificate.fields["times_used"] - 1, ids)

    def _used(self, certificate: View, used: int, ids: list[str]) -> None:
        status = rules.status_after(used, certificate.fields["times_count"])
        fields = {"times_used": used, "status": status, "verify_ids": ids}
        self.certificates.change(certificate.key, fields)

    def told(self, view: View) -> View:
        """Return a certificate with its verifications, and its code once that is of no use."""
        found = (self.verifications.find(key) for key in view.fields["verify_ids"])
        records = [self.record(each).fields for each in found if each is not None]
        shown = [{name: each[name] for name in _SHOWN} for each in records]
        is_over = bool(records) and not any(each["can_cancel"] for each in records)
        told = {
            "verify": shown[-1] if shown else None,
            "verify_records": shown if shown and view.fields["times_count"] else None,
            "shown_code": view.fields["code"] if is_over else None,
            "time_card": _time_card(view.fields),
        }
        return View(view.key, {**view.fields, **told})

    def record(self, view: View) -> View:
        """Return a verification as it is now."""
        fields = view.fields
        certificate = self.certificates.find(fields["certificate_id"])
        of_certificate = certificate.fields if certificate else {}
        is_open = rules.can_cancel(fields["status"], fields["verify_time"], self.now)
        told = {
            "can_cancel": is_open,
            "cursor": view.key,
            "cancel_time": fields["cancel_time"] if fields["status"] == rules.TAKEN_BACK else None,
            "code": of_certificate.get("encrypted_code"),
            "sku": of_certificate.get("sku"),
            "amount": of_certificate.get("amount"),
            "certificate_status": of_certificate.get("status"),
        }
        return View(view.key, {**fields, **told})


def _time_card(certificate: Sent) -> Sent | None:
    """Return how far a card of several times is; None for any other certificate."""
    times = certificate["times_count"]
    if not times:
        return None
    amount = {name: value // times for name, value in certificate["amount"].items()}
    return {
        "times_count": times,
        "times_used": certificate["times_used"],
        "serial_amount_list": [{"serial_numb": n + 1, "amount": amount} for n in range(times)],
    }
