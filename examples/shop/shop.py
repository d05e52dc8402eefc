"""A shop with guaranteed payment: order, callback, refund, and what to do when one does not come.

    mockdouyin run -- python examples/shop/shop.py 9000
    curl -X POST http://127.0.0.1:9000/orders/CART-1 -d '{"item": "coffee"}'
    mockdouyin phone pay
    curl http://127.0.0.1:9000/orders/CART-1

The cart's number is the order's: whoever asks twice gets the same order. With ECPAY_HOST, APP_ID,
SALT and TOKEN it is a shop of your own app.
"""

import os
import sys

import ecpay
import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route
from store import Store

PRICES = {"coffee": ("咖啡", 1990), "cake": ("蛋糕", 3200)}  # in fen: the client names no price
PAID_WITHIN = 900  # seconds

store = Store(os.environ.get("SHOP_DB", ":memory:"))
PORT = int(sys.argv[1]) if len(sys.argv) > 1 else 9000
NOTIFY = os.environ.get("NOTIFY_URL", f"http://127.0.0.1:{PORT}/notify")


async def make_order(request):
    """Make an order, or find it again; the answer is what tt.pay takes."""
    number, item = request.path_params["number"], (await request.json()).get("item")
    if item not in PRICES:
        return JSONResponse({"error": f"no {item!r}: there is {', '.join(PRICES)}"}, 404)
    title, amount = PRICES[item]
    store.add_order(number, item, amount)  # first: a callback may be here before the answer
    order = store.order(number)
    if (order["item"], order["amount"]) != (item, amount):
        return JSONResponse({"error": f"order {number} is of {order['item']}"}, 409)
    answer = await ecpay.call(  # the same number again gives the same order
        "create_order",
        out_order_no=number,
        total_amount=amount,
        subject=title,
        body=title,
        valid_time=PAID_WITHIN,
        notify_url=NOTIFY,
    )
    return JSONResponse(answer["data"])


async def show_order(request):
    """Show an order; as long as it is not paid here, ask the platform: a callback can be lost."""
    number = request.path_params["number"]
    order = store.order(number)
    if order is None:
        return JSONResponse({"error": "no such order"}, 404)
    if order["status"] == "new":
        found = (await ecpay.call("query_order", out_order_no=number))["payment_info"]
        if found["order_status"] == "SUCCESS":
            store.pay_order(number, found["total_fee"])
        elif found["order_status"] in ("TIMEOUT", "FAIL"):
            store.close_order(number)
    return JSONResponse(dict(store.order(number)))


async def make_refund(request):
    """Give an order's money back, under a number that is the same when this is asked again."""
    number = request.path_params["number"]
    order, refund = store.order(number), f"{number}-R"
    if order is None or order["status"] not in ("paid", "refunded"):
        return JSONResponse({"error": "not paid"}, 409)
    store.add_refund(refund, number, order["amount"])
    answer = await ecpay.call(  # accepted: how it ends comes by callback
        "create_refund",
        out_order_no=number,
        out_refund_no=refund,
        refund_amount=order["amount"],
        reason="七天无理由",
        notify_url=NOTIFY,
    )
    return JSONResponse({"refund": refund, "refund_no": answer["refund_no"]})


async def show_refund(request):
    """Show a refund; as long as it has not ended here, ask the platform."""
    number = f"{request.path_params['number']}-R"
    refund = store.refund(number)
    if refund is None:
        return JSONResponse({"error": "no such refund"}, 404)
    if refund["status"] == "asked":
        found = (await ecpay.call("query_refund", out_refund_no=number))["refundInfo"]
        note_refund(number, found["refund_status"])
    return JSONResponse(dict(store.refund(number)))


def note_refund(number, status):
    """Note a refund that has ended, by the platform's word for it."""
    if status == "PROCESSING":
        return True
    return store.end_refund(number, "done" if status == "SUCCESS" else "failed")


async def notify(request):
    """Take a callback: verify it, store it, and only then acknowledge it."""
    try:
        told = ecpay.opened(await request.json())
    except ValueError:
        told = None
    if told is None:
        return JSONResponse({"err_no": 400, "err_tips": "the signature is wrong"}, 400)
    kind, msg = told
    known = True
    if kind == "payment" and msg["status"] == "SUCCESS":
        known = store.pay_order(msg["cp_orderno"], msg["total_amount"])
    elif kind == "refund":
        known = note_refund(msg["cp_refundno"], msg["status"])
    if not known:  # the platform tries again: by then a colleague may have found out why
        return JSONResponse({"err_no": 404, "err_tips": "not ours"}, 404)
    return JSONResponse({"err_no": 0, "err_tips": "success"})


async def refused(request, error):
    """Tell the customer nothing of the platform's words; they are for the log."""
    print("ecpay:", repr(error), file=sys.stderr, flush=True)
    return JSONResponse({"error": "payment is not possible now"}, 502)


app = Starlette(
    routes=[
        Route("/orders/{number}", make_order, methods=["POST"]),
        Route("/orders/{number}", show_order),
        Route("/orders/{number}/refund", make_refund, methods=["POST"]),
        Route("/orders/{number}/refund", show_refund),
        Route("/notify", notify, methods=["POST"]),
    ],
    exception_handlers={ecpay.RefusedError: refused, httpx.TransportError: refused},
)

if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=PORT, log_level="warning")
