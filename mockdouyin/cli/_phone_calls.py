"""What `code` and `phone` share: whose phone it is, and how a tt API is called on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mockdouyin.cli._commands import Remote
from mockdouyin.cli._help import option

_Function = Callable[..., Any]


def with_app_and_person(function: _Function) -> _Function:
    app = option(
        "--app",
        metavar="KEY",
        zh="哪个应用，写 key 或名称。  [默认：小程序]",
        en="The app, by key or name.  [default: the mini-program]",
    )
    person = option(
        "--person",
        metavar="NAME",
        zh="哪个用户，写用户名或 open_id。  [默认：第一个]",
        en="The person, by name or open_id.  [default: the first]",
    )
    return app(person(function))


def call_phone(
    remote: Remote, api: str, args: dict[str, Any], app: str | None, person: str | None
) -> dict[str, Any]:
    who = {"app": app, "person": person}
    body = {**args, **{name: value for name, value in who.items() if value is not None}}
    return remote.operation("phone", path={"api": api.removeprefix("phone.")}, body=body)


def has_failed(result: dict[str, Any]) -> bool:
    """Whether the API passed this result to `fail`."""
    return ":fail" in str(result.get("errMsg", ""))
