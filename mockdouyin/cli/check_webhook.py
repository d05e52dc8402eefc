"""`check-webhook`: examine a webhook's receiver."""

from __future__ import annotations

from pathlib import Path

import click

from mockdouyin.cli._commands import command
from mockdouyin.cli._error_texts import JUNIT_FOLDER
from mockdouyin.cli._help import option
from mockdouyin.cli._options import Finite, allow_host
from mockdouyin.core.errors import MockDouyinError


@command(
    "check-webhook",
    zh="用正确的和伪造的消息，检验 webhook 或支付回调的接收端。\n\n"
    "依次发送签名正确和错误的消息，每条都打印发了什么、收到什么、说明什么。有一项"
    "不通过，退出码就是 1。不需要运行中的服务。接收端会处理它接受的消息，不要检验"
    "正在使用的接收端。",
    en="Examine a webhook's receiver as an unfriendly platform would.\n\n"
    "It posts messages with right and wrong signatures, and prints for each what"
    " was sent, what came back and what that means. Receivers of payment"
    " callbacks are examined with --kind ecpay. The exit code is 1 if a probe"
    " fails. No running server is needed. The receiver acts on what it accepts:"
    " do not examine one that is in use.",
    example="mockdouyin check-webhook http://127.0.0.1:9000/hook --secret …",
)
@click.argument("url")
@option(
    "--kind",
    metavar="KIND",
    default="app",
    show_default=True,
    zh="接收端的用途：`app` 是应用的 webhook 事件，`ecpay` 是担保支付的回调。",
    en="What the receiver is for: `app`, events of an app's webhook, or `ecpay`,"
    " callbacks of guaranteed payment.",
)
@option(
    "--secret",
    metavar="S",
    zh="app：接收端用来验签的密钥，即 client_secret，或小程序的 webhook 密钥。",
    en="app: the secret that the receiver checks signatures with: its client_secret,"
    " or a mini-app's webhook secret.",
)
@option(
    "--token",
    metavar="T",
    zh="ecpay：支付设置里的 Token，回调用它签名（不是 SALT）。",
    en="ecpay: the Token of the payment settings, which signs callbacks (it is not the SALT).",
)
@option(
    "--client-key",
    "--app-id",
    "--app",
    metavar="K",
    zh="消息里写的应用。演示应用可以写名称，不用再写它的密钥。  [默认：该类型的演示应用]",
    en="The app that the messages name; a demo app by its name, too, whose secret need not be"
    " given.  [default: the demo app of that kind]",
)
@option(
    "--order",
    metavar="OUT_ORDER_NO",
    zh="ecpay：接收端已有的一个待支付订单；检验之后它会变成已支付。",
    en="ecpay: an order that the receiver has and that waits to be paid; it will count as paid.",
)
@option(
    "--amount",
    metavar="FEN",
    type=click.IntRange(1),
    zh="ecpay：这个订单的金额，单位分。",
    en="ecpay: the price of that order, in fen (0.01 yuan).",
)
@option(
    "--order-id",
    metavar="ID",
    zh="ecpay：这个订单的平台单号。",
    en="ecpay: the platform's number of that order.",
)
@option(
    "--only",
    "names",
    metavar="PROBE",
    multiple=True,
    zh="只跑这一项检查；可重复。",
    en="Run only this probe; may be repeated.",
)
@option(
    "--junit",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    zh="另外把结果写成 JUnit XML，给 CI 用。",
    en="Also write the results as JUnit XML, for CI.",
)
@allow_host
@option(
    "--timeout",
    metavar="SECONDS",
    type=Finite(0.01, 60),
    default=5.0,
    show_default=True,
    zh="等待接收端响应的时间；抖音等 5 秒就断开。",
    en="How many seconds the receiver may take; Douyin hangs up after 5.",
)
def check_webhook(
    *,
    url: str,
    kind: str,
    names: tuple[str, ...],
    junit: Path | None,
    allowed: tuple[str, ...],
    timeout: float,
    **options: str | int | None,
) -> int:
    """Examine a webhook's receiver as an unfriendly platform would."""
    from mockdouyin.cli._examination import Examination, run

    if junit is not None and not junit.parent.is_dir():
        raise MockDouyinError(JUNIT_FOLDER(path=str(junit)))
    return run(Examination(url, kind, options, names, allowed, timeout), junit)
