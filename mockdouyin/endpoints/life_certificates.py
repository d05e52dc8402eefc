"""What calls about certificates of 本地生活 do; the catalogue has their parameters and replies."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from mockdouyin.core.calls import Call
from mockdouyin.core.clock import day_begins, day_of
from mockdouyin.core.errors import DouyinError
from mockdouyin.domain import life_certificates as rules
from mockdouyin.domain.life_certificates import Prepared
from mockdouyin.endpoints import _life_texts as texts
from mockdouyin.endpoints._life_shop import Sent, Shop, behind
from mockdouyin.endpoints.declared.operation import Operation
from mockdouyin.endpoints.declared.resources import View

Outcomes = dict[str, Any]


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
    rows, _ = behind(found, sent)
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
