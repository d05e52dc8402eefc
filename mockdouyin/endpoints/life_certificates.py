"""What calls about certificates of 本地生活 do; the catalogue has their parameters and replies."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from msgspec.structs import replace

from mockdouyin.core.clock import DAY, day_begins, day_of
from mockdouyin.core.endpoint import Call
from mockdouyin.core.errors import DouyinError
from mockdouyin.domain import life_certificates as rules
from mockdouyin.domain.life_certificates import LifeStock, Offer, Prepared, SealedCode
from mockdouyin.endpoints import _life_texts as texts
from mockdouyin.endpoints.declared.operation import Operation
from mockdouyin.endpoints.declared.resources import Shelf, View

Outcomes = dict[str, Any]
Sent = dict[str, Any]

_SEALED_HEAD = bytes.fromhex("0a0c080110")
"""What all encrypted codes begin with: `CgwIARD` in base64."""

_SHOWN = (
    *("verify_id", "certificate_id", "verify_time", "can_cancel", "verify_type"),
    *("verifier_unique_id", "poi_id", "times_card_serial_num"),
)
"""What a certificate tells of its verifications."""


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


def prepare(call: Call[Any], operation: Operation, owner: str, sent: Sent) -> Outcomes:
    """Find an order by one of its codes; return what of it is unused, and a token to verify it."""
    shop = Shop(call, operation, owner)
    code = sent.get("code") or sent.get("encrypted_data") or ""
    certificate = shop.find(code) if code else None
    if certificate is None:
        raise DouyinError("bad_business_params", texts.NO_CERTIFICATE(code=code))
    order = certificate.fields["order_id"]
    unused = [v for v in shop.of_order(order) if v.fields["status"] == rules.UNUSED]
    if not unused:
        raise DouyinError("bad_business_params", texts.ALL_VERIFIED(order=order))
    token = shop.prepare(order, tuple(view.key for view in unused))
    shown = [shop.told(view) for view in unused]
    return {"certificate": shown, "order": View(order, {"order_id": order, "verify_token": token})}


def verify(call: Call[Any], operation: Operation, owner: str, sent: Sent) -> Outcomes:
    """Verify codes of what was prepared; tell of each code how it went."""
    return {"verification": _verified(Shop(call, operation, owner), sent, sent["poi_id"])}


def batch_verify(call: Call[Any], operation: Operation, owner: str, sent: Sent) -> Outcomes:
    """Verify codes of several preparations."""
    shop = Shop(call, operation, owner)
    lots = sent["certificate_batch_verify_list"]
    rows = [row for lot in lots for row in _verified(shop, lot, sent.get("poi_id") or "")]
    return {"verification": rows}


def _verified(shop: Shop, sent: Sent, poi_id: str) -> list[View]:
    token = sent["verify_token"]
    prepared = shop.unit.read(Prepared, f"{shop.owner} {token}")
    if prepared is None:
        raise DouyinError("bad_business_params", texts.NO_PREPARATION(token=token))
    timed = [each.get("code", "") for each in sent.get("code_with_time_list") or []]
    codes = [*(sent.get("encrypted_codes") or []), *(sent.get("codes") or []), *timed]
    if not codes:
        raise DouyinError("bad_params", texts.NO_CODES())
    is_first = prepared.verified is None
    rows = [_verify_one(shop, prepared, code, poi_id, is_first=is_first) for code in codes]
    if is_first:
        done = tuple(row.fields["certificate_id"] for row in rows if row.fields["result"] == 0)
        shop.unit.write(f"{shop.owner} {token}", replace(prepared, verified=done))
    return rows


def _verify_one(shop: Shop, prepared: Prepared, code: str, poi_id: str, *, is_first: bool) -> View:
    """Use a certificate, or tell why not; what the token verified before is told again."""
    certificate = shop.find(code)
    if certificate is None or certificate.key not in prepared.certificate_ids:
        return _row(code, rules.WRONG_CODE, {})
    fields = certificate.fields
    told = {
        "certificate_id": certificate.key,
        "order_id": fields["order_id"],
        "account_id": fields["sku"]["account_id"],
        "origin_code": fields["code"],
        "sealed": fields["encrypted_code"],
    }
    if is_first and fields["status"] == rules.UNUSED:
        return _row(code, rules.DONE, {**shop.use(certificate, poi_id).fields, **told})
    if fields["verify_ids"] and (is_first or certificate.key in (prepared.verified or ())):
        return _row(code, rules.AGAIN, {**told, "verify_id": fields["verify_ids"][-1]})
    return _row(code, rules.WRONG_CODE, told)


def _row(code: str, said: tuple[int, str], fields: Sent) -> View:
    return View(
        code, {**fields, "result": said[0], "msg": said[1], "code": fields.get("sealed", code)}
    )


def cancel(call: Call[Any], operation: Operation, owner: str, sent: Sent) -> Outcomes:
    """Take a verification back, and others of the same order with it."""
    shop = Shop(call, operation, owner)
    wanted = sent["verify_id"]
    first = shop.verifications.find(wanted)
    if first is None or first.fields["certificate_id"] != sent["certificate_id"]:
        raise DouyinError("not_found", texts.NO_VERIFICATION(verify_id=wanted))
    token = sent.get("cancel_token") or ""
    if not _is_cancelled(shop, first, token):
        raise DouyinError("wrong_state", texts.CANNOT_CANCEL(verify_id=wanted))
    rows = [_cancel_row(first, 0)]
    for key in (sent.get("batch_cancel_info") or {}).get("verify_id_list") or []:
        also = shop.verifications.find(key) if key != wanted else None
        if also is not None:
            rows.append(_cancel_row(also, 0 if _is_cancelled(shop, also, token) else 1))
    return {"verification": rows}


def _is_cancelled(shop: Shop, verification: View, token: str) -> bool:
    """Take a verification back if that is allowed; one that this token took back stays so."""
    fields = verification.fields
    if rules.can_cancel(fields["status"], fields["verify_time"], shop.now):
        shop.take_back(verification, token)
        return True
    return bool(token) and token == fields["cancel_token"]


def _cancel_row(view: View, result: int) -> View:
    said = {"result_code": result, "result_msg": "撤销失败" if result else "撤销成功"}
    return View(view.key, {**view.fields, **said})


def get_certificate(call: Call[Any], operation: Operation, owner: str, sent: Sent) -> Outcomes:
    """Return one certificate."""
    shop = Shop(call, operation, owner)
    certificate = shop.find(sent["encrypted_code"])
    if certificate is None:
        raise DouyinError("not_found", texts.NO_CERTIFICATE(code=sent["encrypted_code"]))
    return {"certificate": shop.told(certificate)}


def query_certificates(call: Call[Any], operation: Operation, owner: str, sent: Sent) -> Outcomes:
    """Return the certificate with a code, or those of an order."""
    shop = Shop(call, operation, owner)
    one = shop.find(sent["encrypted_code"]) if sent.get("encrypted_code") else None
    found = [one] if one else shop.of_order(sent.get("order_id") or "")
    if not found:
        code = sent.get("encrypted_code") or sent.get("order_id") or ""
        raise DouyinError("not_found", texts.NO_CERTIFICATE(code=code))
    return {"certificate": [shop.told(view) for view in found]}


def query_records(call: Call[Any], operation: Operation, owner: str, sent: Sent) -> Outcomes:
    """Return verifications, oldest first, behind the one whose id is the cursor."""
    shop = Shop(call, operation, owner)
    begin = float(sent.get("start_time") or day_begins(day_of(call.now)))
    end = float(sent.get("end_time") or call.now)
    found = [
        view
        for view in shop.verifications.views()
        if begin <= view.fields["verify_time"] <= end
        and view.fields["poi_id"] in (sent.get("poi_ids") or [view.fields["poi_id"]])
    ]
    keys = [view.key for view in found]
    start = keys.index(sent["cursor"]) + 1 if sent["cursor"] in keys else 0
    rows = found[start : start + sent["size"]]
    return {"verification": [shop.record(view) for view in rows], "total": len(found)}


def query_orders(call: Call[Any], operation: Operation, owner: str, sent: Sent) -> Outcomes:
    """Return a page of orders, with how far each of their certificates is."""
    shop = Shop(call, operation, owner)
    for name in ("create_order", "update_order"):
        if bool(sent.get(f"{name}_start_time")) != bool(sent.get(f"{name}_end_time")):
            raise DouyinError("bad_params", texts.TIMES_IN_PAIRS(name=name))
    found = [view for view in map(shop.order_now, shop.orders.views()) if _is_asked(view, sent)]
    size, number = sent.get("page_size") or 20, sent.get("page_num") or 1
    begins = (number - 1) * size
    return {"order": found[begins : begins + size], "total": len(found)}


def _is_asked(order: View, sent: Sent) -> bool:
    for name in ("order_id", "order_status", "open_id", "ext_order_id"):
        wanted = sent.get(name)
        if wanted not in (None, "") and str(order.fields[name]) != str(wanted):
            return False
    return all(
        float(sent.get(f"{name}_start_time") or 0)
        <= order.fields[f"{name}_time"]
        <= float(sent.get(f"{name}_end_time") or order.fields[f"{name}_time"])
        for name in ("create_order", "update_order")
    )


def decrypt_masked(call: Call[Any], operation: Operation, owner: str, sent: Sent) -> Outcomes:
    """Return of each ciphertext the phone number behind it, masked."""
    rows = [
        View(sealed, {"encrypted_data": sealed, "decrypted_data": _masked(call, sealed)})
        for sealed in sent["encrypted_data_list"]
    ]
    return {"sealed_text": rows}


def _masked(call: Call[Any], sealed: str) -> str:
    return f"138****{call.world.ids.digits(4, 'masked phone', sealed)}"
