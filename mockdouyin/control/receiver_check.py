"""The operation that examines the receiver of a webhook or of callbacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from mockdouyin.control._delivery_texts import APP_LACKS_RECEIVER
from mockdouyin.control._operations import OperationCall, operation
from mockdouyin.control._shown import Shown
from mockdouyin.control._steps import Step, Waiting
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.outbox import Attempt, Delivery
from mockdouyin.domain import act_texts
from mockdouyin.domain.orders import Order
from mockdouyin.domain.owned_records import find_anywhere

if TYPE_CHECKING:
    from concurrent.futures import Future

    from mockdouyin.core.apps import App
    from mockdouyin.core.texts import Language
    from mockdouyin.sandbox.deliveries import Deliverer
    from mockdouyin.webhook_check.exam import ProbeResult, Report
    from mockdouyin.webhook_check.kinds import Exam
    from mockdouyin.webhook_check.probe import ProbeExchange

TOTAL = 60.0
"""Seconds after which no further probe is sent."""


class ReceiverToCheck(msgspec.Struct, forbid_unknown_fields=True):
    """The body of `check_receiver`: whose receiver, or which other one.

    check_receiver 的请求体：检验谁的接收端，或另一个接收端。
    """

    kind: str = "app"
    """What the receiver is for: `app` or `ecpay`.

    接收什么：`app` 是应用的 webhook，`ecpay` 是支付回调。"""
    app: str | None = None
    """Whose receiver, by client_key or name.

    谁的接收端：client_key 或应用名。"""
    url: str = ""
    """A receiver other than the app's own of this kind.

    另一个接收端地址，不用应用自己的。"""
    secret: str = ""
    """What webhooks are signed with, if that is not the app's own secret.

    webhook 的签名密钥，默认是应用自己的。"""
    token: str = ""
    """What payment callbacks are signed with, if that is not the app's own Token.

    支付回调的签名 Token，默认是应用自己的。"""
    order: str = ""
    """The out_order_no of an order that the receiver has; of this world's, all else is known.

    接收端有的一个订单的 out_order_no；这个世界里的订单，其余信息都已知。"""
    amount: int = 0
    """What that order costs, in fen.

    这个订单的金额，单位分。"""
    only: list[str] = []
    """Names of probes; all if it is empty.

    检查项的名称，空着就是全部。"""


class ProbeMessageShown(Shown, kw_only=True):
    """A message of a probe, with the receiver's answer.

    检查发出的一条消息，以及接收端的响应。
    """

    about: str
    genuine: bool
    """Whether it was signed as Douyin would sign it.

    签名是否和抖音的一样。"""
    signature_header: str
    """The header that carries the signature; empty if it is in the body.

    签名在哪个请求头里；在 body 里则是空的。"""
    headers: dict[str, str]
    body: str
    status: int | None
    """Null if no answer came.

    没有响应则是 null。"""
    answer: str
    error: str | None
    took_ms: int


class ProbeShown(Shown, kw_only=True):
    """A probe with its verdict.

    一项检查和它的结论。
    """

    probe: str
    about: str
    verdict: str
    """`pass`, `fail` or `advice`.

    `pass` 通过，`fail` 失败，`advice` 建议。"""
    explanation: str
    messages: list[ProbeMessageShown]


class ReceiverChecked(Shown, kw_only=True):
    """The results of an examination.

    检查的结果。
    """

    kind: str
    url: str
    client_key: str
    passed: int
    failed: int
    advice: int
    probes: list[ProbeShown]
    unsent: list[str]
    """Probes that were not sent because the examination ended early.

    提前结束而没有发送的检查项。"""
    ended: str
    """Why it ended early.

    为什么提前结束。"""


@operation("POST", "/check-webhook")
def check_receiver(call: OperationCall[ReceiverToCheck]) -> Step[ReceiverChecked]:
    """Examine a receiver with the probes of check-webhook for its kind, one after the other.

    The receiver acts on what it accepts, as on any event.

    按接收端的种类，用 check-webhook 的检查项逐个检验它。
    """
    from mockdouyin.webhook_check.kinds import find_kind  # loaded late: few ask for it

    given, kind = call.given, find_kind(call.given.kind)
    app = call.world.find_app(given.app, kind.app_kind)
    registered, options = kind.registered(app)
    url = given.url or registered
    if not url:
        what = "notify_url" if kind.name == "ecpay" else "webhook"
        raise MockDouyinError(APP_LACKS_RECEIVER(app=app.name, what=what))
    exam = kind.exam({**options, **_order(call, app), **_options(given)}, given.only)
    call.note("webhook.check", act_texts.RECEIVER_CHECKED(url=url), app=app.client_key)
    deliverer = call.sandbox.deliverer
    return Waiting(
        lambda: _start(deliverer, url, exam),
        lambda report: _show_report(report, url, app.client_key, call.language),
    )


def _options(given: ReceiverToCheck) -> dict[str, str | int]:
    """Return what the caller says of the receiver, by the names of the kinds' options."""
    names = ("secret", "token", "order", "amount")
    return {name: value for name in names if (value := getattr(given, name))}


def _order(call: OperationCall[ReceiverToCheck], app: App) -> dict[str, str | int]:
    """Return what callbacks say of an order of this world's."""
    if not call.given.order:
        return {}
    unit = call.world.store.unit(call.world.clock.now())
    order = find_anywhere(unit, Order, app.client_key, call.given.order)
    if order is None:
        return {}
    return {
        "order_id": order.order_id,
        "amount": order.total_amount,
        "cp_extra": order.cp_extra,
        "seller": order.seller,
    }


def _start(deliverer: Deliverer, url: str, exam: Exam) -> Future[Report]:
    """Run an examination in a thread of its own, and return its report to come."""
    import asyncio  # with threads and futures: 40 ms, which few runs need
    import threading
    from concurrent.futures import Future

    from mockdouyin.webhook_check.exam import Times, run_probes

    async def send(message: Delivery) -> Attempt:
        return await asyncio.wrap_future(deliverer.post(message))

    def run() -> None:
        try:
            report = asyncio.run(run_probes(send, url, exam, Times(total=TOTAL)))
        except Exception as error:  # noqa: BLE001 - it is raised by whoever asks for the result
            future.set_exception(error)
        else:
            future.set_result(report)

    future: Future[Report] = Future()
    future.set_running_or_notify_cancel()
    threading.Thread(target=run, name="check-webhook", daemon=True).start()
    return future


def _show_report(report: Report, url: str, client_key: str, language: Language) -> ReceiverChecked:
    return ReceiverChecked(
        kind=report.exam.kind.name,
        url=url,
        client_key=client_key,
        passed=len(report.of("pass")),
        failed=len(report.of("fail")),
        advice=len(report.of("advice")),
        probes=[_show_probe(each, language) for each in report.results],
        unsent=[each.name for each in report.unsent],
        ended=report.ended.render(language),
    )


def _show_probe(result: ProbeResult, language: Language) -> ProbeShown:
    return ProbeShown(
        probe=result.probe.name,
        about=result.probe.about.render(language),
        verdict=result.verdict,
        explanation=result.outcome.explanation.render(language),
        messages=[_show_message(each, language) for each in result.exchanges],
    )


def _show_message(exchange: ProbeExchange, language: Language) -> ProbeMessageShown:
    message, answer = exchange
    body = answer.body.encode("utf-8", "surrogateescape")
    return ProbeMessageShown(
        about=message.about.render(language),
        genuine=message.genuine,
        signature_header=message.signature_header,
        headers=message.headers,
        body=message.body.decode("utf-8", "replace"),
        status=answer.status,
        answer=body.decode("utf-8", "replace"),
        error=answer.error.render(language) or None,
        took_ms=answer.took_ms,
    )
