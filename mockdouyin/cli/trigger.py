"""`trigger`: fires a signed webhook, with a running server or without one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from mockdouyin.cli._commands import Command, Remote, connected
from mockdouyin.cli._options import allow_host
from mockdouyin.cli._output import as_json_option, pairs, printable, read_value, show_json, table
from mockdouyin.core.errors import MockDouyinError

LARGEST = 1024 * 1024
"""Bytes of a body that is read from a file."""

WHOLE = 100_000
"""Characters of a body that are printed."""


@click.command(cls=Command, example="mockdouyin events")
@as_json_option
def events(*, as_json: bool) -> None:
    """List the events that a webhook is told of, and the form of each one's content."""
    from mockdouyin.core.events import EVENTS

    rows = [(e.name, e.form, e.basis, e.about) for e in EVENTS.values()]
    if as_json:
        names = ("event", "content", "basis", "about")
        show_json([dict(zip(names, row, strict=True)) for row in rows])
    else:
        click.echo("\n".join(table(rows)))


@click.command(
    cls=Command,
    example="mockdouyin trigger create_video --to http://127.0.0.1:9000/hook --secret S"
    " --set content.share_id=1767391659575207",
)
@click.argument("event")
@click.option("--to", metavar="URL", help="Where to.  [default: the app's webhook]")
@click.option("--secret", metavar="S", help="The key to sign with.  [default: the app's]")
@click.option("--app", metavar="KEY", help="The app, by key or name.  [default: the web app]")
@click.option("--person", metavar="NAME", help="Who acts.  [default: the first person]")
@click.option(
    "--set",
    "settings",
    metavar="PATH=VALUE",
    multiple=True,
    help="A field of the body: content.share_id=1, from_user_id=…; JSON where it is JSON.",
)
@click.option(
    "--form",
    type=click.Choice(["object", "string"]),
    help="Whether content is an object or a JSON string.  [default: as Douyin sends it]",
)
@click.option(
    "--raw",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The whole body, in place of Douyin's.",
)
@click.option("--once", is_flag=True, help="Do not try again what is not taken.")
@allow_host
@as_json_option
@connected
def trigger(
    remote: Remote, *, event: str, as_json: bool, allowed: tuple[str, ...], **given: Any
) -> int:
    """Send an event to a receiver, signed, and print what came back.

    With --to and --secret it needs no running server. What the app's own webhook does not take
    is tried again as any event is, by the world's clock. Exit code 1 when the receiver does not
    take the event. `mockdouyin events` names them all.
    """
    body = _body(event, **given)
    if given["to"] and given["secret"]:
        shown = _alone(body, allowed)
    elif allowed:
        raise click.UsageError(
            "--allow-host goes with --to and --secret; a running server was told its own:"
            " `mockdouyin serve --allow-host`"
        )
    else:
        shown = remote.order("send_event", body=body)
    if as_json:
        show_json(shown)
    else:
        _print(shown)
    return 0 if shown["state"] == "delivered" else 1


def _body(
    event: str, *, settings: tuple[str, ...], raw: Path | None, **given: Any
) -> dict[str, Any]:
    body: dict[str, Any] = {"event": event, "content": {}, "fields": {}}
    body.update((name, value) for name, value in given.items() if value is not None)
    for path, text in pairs(settings, "--set", str).items():
        head, _, rest = path.partition(".")
        value = _value(path, text)
        if head != "content":
            body["fields"][path] = value
        elif "." in rest or not rest:
            raise click.UsageError(f"--set takes content.NAME or a field beside it, not {path}")
        else:
            body["content"][rest] = value
    if raw is not None:
        body["raw"] = _read_raw(raw)
    return body


def _read_raw(path: Path) -> str:
    """Read a body as it is: the ends of its lines stay. A pipe is waited for, up to a limit."""
    with path.open("rb") as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise MockDouyinError(f"{path} has more than {LARGEST} bytes")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MockDouyinError(f"{path} is no UTF-8 text: {error.reason}") from None


def _value(path: str, text: str) -> Any:
    """Read a value; ids and keys are text on this platform, also where they look like numbers."""
    value = read_value(text)
    return text if path.endswith(("_id", "_key")) and not isinstance(value, str) else value


def _alone(body: dict[str, Any], allowed: tuple[str, ...]) -> dict[str, Any]:
    """Send from a sandbox of our own."""
    from mockdouyin.control import execute
    from mockdouyin.delivery import checked_host
    from mockdouyin.delivery.connection_pool import ConnectionPool
    from mockdouyin.delivery.dispatcher import Dispatcher
    from mockdouyin.sandbox import Sandbox

    sandbox, office = Sandbox(), ConnectionPool(map(checked_host, allowed))
    sandbox.deliverer = Dispatcher(lambda: iter(sandbox.worlds), office.post)
    app = body.get("app")
    if app and app not in sandbox.default.apps:
        kinds = {each.name for each in sandbox.default.apps.values()}
        if app not in kinds:
            execute(sandbox, "add_app", body={"name": app, "client_key": app})
    try:
        return execute(sandbox, "send_event", body=body)
    finally:
        office.close()


def _print(shown: dict[str, Any]) -> None:
    click.echo(f"POST {printable(shown['url'])}")
    for name, value in shown["headers"].items():
        click.echo(f"  {name}: {value}")
    click.echo(f"\n  {printable(shown['body'], WHOLE)}\n")
    attempt = shown["attempts"][-1]
    if attempt["status"] is None:
        click.echo(f"nothing came back: {printable(attempt['error'] or '')}")
    else:
        taken = "taken" if shown["state"] == "delivered" else "not taken"
        said = printable(attempt["body"][:500])
        click.echo(f"HTTP {attempt['status']} after {attempt['took_ms']} ms, {taken}: {said}")
    if shown["next_try"] is not None:
        click.echo(f"It is tried again at {shown['next_try']} of the world's time.")
