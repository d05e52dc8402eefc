"""`trigger` and `events`: send a signed webhook, with a running server or without one."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import click

from mockdouyin.cli import _texts
from mockdouyin.cli._commands import Remote, command, with_remote
from mockdouyin.cli._error_texts import (
    ALLOW_HOST_ALONE,
    BESIDE_CONTENT,
    FILE_NOT_UTF8,
    FILE_TOO_LONG,
    NOT_WITH_AGAIN,
    SET_FORM,
    WHICH_EVENT,
)
from mockdouyin.cli._help import option
from mockdouyin.cli._language import chosen_language
from mockdouyin.cli._options import allow_host
from mockdouyin.cli._output import (
    as_json_option,
    parse_pairs,
    parse_value,
    printable,
    show_json,
    table,
)
from mockdouyin.cli._texts import say
from mockdouyin.cli._usage_errors import UsageError
from mockdouyin.core.errors import MockDouyinError

MAX_FILE = 1024 * 1024
"""Bytes of the largest body that is read from a file."""

MAX_PRINTED = 100_000
"""Characters of a body that are printed, at most."""


@command(
    zh="列出 webhook 能收到的事件，以及 content 是对象还是字符串。\n\n"
    "名称以 ecpay_ 开头的是担保支付的回调，以 trade_ 开头的是交易系统的。",
    en="List the events that webhooks receive.\n\n"
    "The second column says whether the content is an object or a string. Those"
    " whose names begin with ecpay_ are callbacks of guaranteed payment, those with trade_"
    " of the trade system.",
    example="mockdouyin events",
)
@as_json_option
def events(*, as_json: bool) -> None:
    """List the events that webhooks receive."""
    import mockdouyin.endpoints  # noqa: F401 - it declares the callbacks
    from mockdouyin.control.webhooks import CALLBACKS
    from mockdouyin.domain.webhook_events import WEBHOOK_EVENTS

    known = (*WEBHOOK_EVENTS.values(), *CALLBACKS.values())
    rows = [(e.name, e.form, e.basis, e.about(chosen_language())) for e in known]
    if as_json:
        names = ("event", "content", "basis", "about")
        show_json([dict(zip(names, row, strict=True)) for row in rows])
    else:
        click.echo("\n".join(table(rows)))


@command(
    zh="向接收端发送一个签好名的事件或支付回调，输出响应。\n\n"
    "有 --to 和 --secret 时不需要运行中的服务。发给应用自己的 webhook 而没有被接"
    "受的，和其他事件一样按虚拟时间重试。--again 把一次投递的内容再发一遍，发给同"
    "一个接收端。接收端没有接受时退出码为 1。有哪些事件：`mockdouyin events`。",
    en="Send a signed event to a receiver, and print its answer.\n\n"
    "With --to and --secret no running server is needed. An event that the app's"
    " own webhook does not accept is retried as any event is, by the world's"
    " clock. --again sends what a delivery told once more, to the same receiver."
    " The exit code is 1 if the receiver does not accept the event. `mockdouyin"
    " events` lists the events.",
    example="mockdouyin trigger create_video --to http://127.0.0.1:9000/hook --secret S"
    " --set content.share_id=1767391659575207",
)
@click.argument("event", required=False)
@option(
    "--again",
    metavar="ID",
    zh="代替 EVENT：重发这次投递的内容，可以用 --set content.… 或 --raw 修改，重新签名。",
    en="Instead of EVENT: what this delivery told, edited by --set content.… or"
    " --raw, and signed anew.",
)
@option(
    "--to",
    metavar="URL",
    zh="发到哪里。  [默认：应用的 webhook 地址]",
    en="Where to send it.  [default: the app's webhook]",
)
@option(
    "--secret",
    "secret",
    metavar="S",
    zh="签名用的密钥；支付回调用 Token。  [默认：应用自己的]",
    en="The key to sign with; of a payment callback, the Token.  [default: the app's]",
)
@option(
    "--app",
    metavar="KEY",
    zh="哪个应用，写 key 或名称。  [默认：网站应用；支付回调是小程序]",
    en="The app, by key or name.  [default: the web app; of payments the mini-program]",
)
@option(
    "--person",
    metavar="NAME",
    zh="做这件事的用户。  [默认：第一个]",
    en="The person who acts.  [default: the first]",
)
@option(
    "--set",
    "settings",
    metavar="PATH=VALUE",
    multiple=True,
    zh="body 里的一个字段：content.share_id=1、from_user_id=…；是合法 JSON 就按 JSON"
    " 解析，否则当作字符串；可重复。",
    en="A field of the body: content.share_id=1, from_user_id=…; JSON if it is valid"
    " JSON, else text; may be repeated.",
)
@option(
    "--form",
    type=click.Choice(["object", "string"]),
    zh="content 以对象还是 JSON 字符串发送。  [默认：和抖音一样]",
    en="Send content as an object or as a JSON string.  [default: as Douyin does]",
)
@option(
    "--raw",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    zh="以这个文件的内容作为 body 发送。",
    en="Send the content of this file as the body, instead of Douyin's.",
)
@option(
    "--once",
    is_flag=True,
    zh="接收端没有接受也不重试。",
    en="Do not retry if the receiver does not accept it.",
)
@allow_host
@as_json_option
@with_remote
def trigger(
    remote: Remote,
    *,
    event: str | None,
    again: str | None,
    as_json: bool,
    allowed: tuple[str, ...],
    **given: Any,
) -> int:
    """Send a signed event to a receiver, and print its answer."""
    if (event is None) == (again is None):
        raise UsageError(WHICH_EVENT())
    body = _body(**given)
    without_server = again is None and given["to"] and given["secret"]
    if without_server:
        body["event"] = event
        delivery = _send_without_server(body, allowed)
    elif allowed:
        raise UsageError(ALLOW_HOST_ALONE())
    elif again is not None:
        delivery = remote.operation("resend", path={"id": again}, body=_edited(body))
    else:
        delivery = remote.operation("send_event", body={**body, "event": event})
    if as_json:
        show_json(delivery)
    else:
        _print(delivery)
    return 0 if delivery["state"] == "delivered" else 1


def _body(*, settings: tuple[str, ...], raw: Path | None, **given: Any) -> dict[str, Any]:
    body: dict[str, Any] = {"content": {}, "fields": {}}
    body.update((name, value) for name, value in given.items() if value is not None)
    for path, text in parse_pairs(settings, "--set", str).items():
        head, _, rest = path.partition(".")
        value = _value(path, text)
        if head != "content":
            body["fields"][path] = value
        elif "." in rest or not rest:
            raise UsageError(SET_FORM(path=str(path)))
        else:
            body["content"][rest] = value
    if raw is not None:
        body["raw"] = _read_raw(raw)
    return body


_AGAIN = ("content", "raw", "to", "secret", "once")
"""What can be given with --again; it is sent once anyway."""


def _edited(body: dict[str, Any]) -> dict[str, Any]:
    """Return what differs from a delivery that is sent again."""
    given = {name: value for name, value in body.items() if value not in ({}, False)}
    if others := [name for name in given if name not in _AGAIN]:
        what = BESIDE_CONTENT() if others[0] == "fields" else f"--{others[0]}"
        raise UsageError(NOT_WITH_AGAIN(what=what))
    given.pop("once", None)
    return given


def _read_raw(path: Path) -> str:
    """Read a body without translating line ends. A pipe works too: the size is limited."""
    with path.open("rb") as file:
        content = file.read(MAX_FILE + 1)
    if len(content) > MAX_FILE:
        raise MockDouyinError(FILE_TOO_LONG(path=str(path), most=MAX_FILE))
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MockDouyinError(FILE_NOT_UTF8(path=str(path), reason=error.reason)) from None


def _value(path: str, text: str) -> Any:
    """Parse a value; ids and keys are text on this platform, even if they look like numbers."""
    value = parse_value(text)
    return text if path.endswith(("_id", "_key")) and not isinstance(value, str) else value


def _send_without_server(body: dict[str, Any], allowed: tuple[str, ...]) -> dict[str, Any]:
    """Send the event from a sandbox of this process."""
    from mockdouyin.control import execute
    from mockdouyin.delivery import Dispatcher, checked_host
    from mockdouyin.sandbox import Sandbox

    hosts = tuple(map(checked_host, allowed))
    sandbox = Sandbox(deliverer=partial(Dispatcher, allowed_hosts=hosts))
    app = body.get("app")
    if app and app not in sandbox.default.apps:
        kinds = {each.name for each in sandbox.default.apps.values()}
        if app not in kinds:
            execute(sandbox, "add_app", body={"name": app, "client_key": app})
    try:
        return execute(sandbox, "send_event", body=body, language=chosen_language())
    finally:
        sandbox.deliverer.stop()


def _print(delivery: dict[str, Any]) -> None:
    click.echo(f"POST {printable(delivery['url'])}")
    for name, value in delivery["headers"].items():
        click.echo(f"  {name}: {value}")
    click.echo(f"\n  {printable(delivery['body'], MAX_PRINTED)}\n")
    attempt = delivery["attempts"][-1]
    if attempt["status"] is None:
        click.echo(say(_texts.NOTHING_CAME_BACK, error=printable(attempt["error"] or "")))
    else:
        was_accepted = delivery["state"] == "delivered"
        answer = {name: attempt[name] for name in ("status", "took_ms")}
        answered = _texts.ANSWER_ACCEPTED if was_accepted else _texts.ANSWER_NOT_ACCEPTED
        click.echo(say(answered, **answer, body=printable(attempt["body"][:500])))
        if 200 <= attempt["status"] < 300 and attempt["problem"]:
            click.echo(say(_texts.WANTS_ANOTHER, problem=printable(attempt["problem"])))
    if delivery["next_try"] is not None:
        click.echo(say(_texts.IS_RETRIED, time=delivery["next_try"]))
