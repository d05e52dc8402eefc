"""`worlds`, `apps` and `people`: what there is on a running server."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import click

from mockdouyin.cli import _texts
from mockdouyin.cli._commands import Remote, command, names_of_apps, with_remote
from mockdouyin.cli._help import option
from mockdouyin.cli._output import as_json_option, printable, show_json, table, wrapped_table
from mockdouyin.cli._texts import heading, say
from mockdouyin.core.redaction import HIDDEN
from mockdouyin.core.scopes import SCOPES
from mockdouyin.core.secret_names import is_credential

_MAX_VALUE = 10_000
"""Characters of one value that are printed of an app or a person in full."""

_limit = option(
    "--limit",
    metavar="N",
    type=click.IntRange(min=1),
    default=50,
    show_default=True,
    zh="最多显示几条。",
    en="Show at most this many.",
)


def _reveal(zh: str, en: str) -> Callable[[Any], Any]:
    return option("--reveal", is_flag=True, zh=f"{zh}不打码。", en=f"Do not mask {en}.")


@command(
    zh="列出服务上的世界。\n\n"
    "星号标出命令所用的世界：`default`，或 --world 指定的。各个世界互不影响，应"
    "用、用户、时钟和日志都是各自的。",
    en="List the worlds of a server.\n\n"
    "An asterisk marks the world that commands use: `default`, or that of"
    " --world. A server keeps its worlds apart: each has its own apps, people,"
    " clock and journal.",
    example="mockdouyin worlds --limit 200",
)
@_limit
@as_json_option
@with_remote
def worlds(remote: Remote, *, limit: int, as_json: bool) -> None:
    """List the worlds of a server."""
    answer = remote.operation("worlds", query={"limit": str(limit)})
    if as_json:
        show_json(answer)
        return
    fields = ("world", "scenario", "seed", "exchanges", "people")
    rows = [
        ("*" if each["world"] == remote.world else " ", *(str(each[name]) for name in fields))
        for each in answer["worlds"]
    ]
    _print_table(("", *map(heading, fields)), rows)
    if not _note_count(answer["count"], len(rows)):
        click.echo(say(_texts.WORLD_COUNT, count=len(rows)), err=True)


def _note_count(count: int, shown: int) -> bool:
    """Note on stderr that not all are shown; return whether that is so."""
    if shown < count:
        click.echo(say(_texts.SOME_SHOWN, count=count, shown=shown), err=True)
    return shown < count


@command(
    zh="列出世界里的应用，或查看其中一个。\n\n"
    "NAME 是应用名或 client_key。密钥默认打码，--json 也一样，除非加 --reveal。",
    en="List the apps of a world, or show one in full.\n\n"
    "NAME is an app's name or client_key. Secrets are masked, with --json too,"
    " unless --reveal is given.",
    example="mockdouyin apps web --reveal",
)
@click.argument("name", required=False, default="")
@_reveal("密钥", "secrets")
@as_json_option
@with_remote
def apps(remote: Remote, *, name: str, reveal: bool, as_json: bool) -> None:
    """List the apps of a world, or show one in full."""
    answer = remote.operation("apps", query={"app": name})
    shown = answer if reveal else _without_secrets(answer)
    if as_json:
        show_json(shown["apps"][0] if name else shown)
    elif name:
        _print_fields(_app_fields(shown["apps"][0]))
    else:
        fields = ("name", "kind", "client_key", "client_secret", "scopes")
        more = ("redirect_uris", "webhook", "templates")
        _print_table(map(heading, (*fields, *more)), map(_app_row, shown["apps"]))


def _app_row(app: dict[str, Any]) -> tuple[str, ...]:
    return (
        *(app[field] for field in ("name", "kind", "client_key", "client_secret")),
        str(len(app["scopes"])),
        _first_of(app["redirect_uris"]),
        _webhook(app),
        _first_of(list(app["templates"])),
    )


def _first_of(texts: list[str]) -> str:
    """Return the first of several texts, and how many there are."""
    if len(texts) < 2:
        return "".join(texts)
    return say(_texts.MORE, first=texts[0], more=len(texts) - 1)


def _webhook(app: dict[str, Any]) -> str:
    webhook = app["webhook"]
    if webhook is None or not webhook["url"]:
        return ""
    template = _texts.VERIFIED if webhook["verified"] else _texts.NOT_VERIFIED
    return say(template, url=webhook["url"])


def _app_fields(app: dict[str, Any]) -> list[tuple[str, str | list[str]]]:
    """Return each field of an app with its text, or with a list of texts."""
    webhook = app["webhook"] or {"secret": "", "events": []}
    events, remarks = webhook["events"], []
    if app["banned"]:
        remarks.append(say(_texts.BANNED))
    if app["trial"]:
        remarks.append(say(_texts.TRIAL, testers=app["testers"]))
    own = say(_texts.OWN_SECRET) if app["webhook"] else ""
    return [
        *((field, app[field]) for field in ("name", "kind", "client_key", "client_secret")),
        ("developer", app["developer"]),
        ("authorizer_token", app["authorizer_token"]),
        ("remarks", remarks),
        ("scopes", _scopes(app["scopes"])),
        ("redirect_uris", app["redirect_uris"]),
        ("webhook", _webhook(app)),
        ("webhook_secret", webhook["secret"] or own),
        ("webhook_events", say(_texts.ALL_EVENTS) if events is None else " ".join(events)),
        ("payment", [f"{name}  {value}" for name, value in app["payment"].items() if value]),
        ("templates", [_template(*each) for each in app["templates"].items()]),
        ("public_key", app["public_key"].splitlines()),
    ]


def _scopes(scopes: list[str]) -> list[str]:
    has_all = set(scopes).issuperset(SCOPES)
    return [say(_texts.ALL_SCOPES, count=len(scopes))] if has_all else scopes


def _template(template_id: str, template: dict[str, Any]) -> str:
    parts = (template_id, template["kind"], template["title"], *template["fields"])
    return "  ".join(filter(None, parts))


@command(
    zh="列出世界里的用户和 open_id，或查看其中一个。\n\n"
    "NAME 是用户名或任意一个 open_id。手机号默认打码，--json 也一样，除非加"
    " --reveal。",
    en="List the people of a world, or show one in full.\n\n"
    "Each has an open_id in every app. NAME is a person's name or one of their"
    " open_ids. Phone numbers are masked, with --json too, unless --reveal is"
    " given.",
    example="mockdouyin people 小明",
)
@click.argument("name", required=False, default="")
@_limit
@_reveal("手机号", "phone numbers")
@as_json_option
@with_remote
def people(remote: Remote, *, name: str, limit: int, reveal: bool, as_json: bool) -> None:
    """List the people of a world, or show one in full."""
    answer = remote.operation("people", query={"person": name, "limit": str(limit)})
    found = answer["people"]
    if not reveal:
        for person in found:
            person["phone"] = _masked_number(person["phone"])
    if as_json:
        show_json(found[0] if name else answer)
    elif name:
        _print_fields(_person_fields(found[0], names_of_apps(remote)))
    else:
        _print_people(found, names_of_apps(remote))
        _note_count(answer["count"], len(found))


def _print_people(found: list[dict[str, Any]], app_names: dict[str, str]) -> None:
    """Print a line for each person, and below it their open_id in each app."""
    fields = ("name", "nickname", "phone", "gender", "city")
    rows = [tuple(map(heading, fields)), *map(_person_row, found)]
    head, *lines = table([tuple(printable(cell) or "-" for cell in row) for row in rows])
    click.echo(head)
    ids = iter(table([pair for each in found for pair in _open_ids(each, app_names)], "    "))
    for line, person in zip(lines, found, strict=True):
        click.echo(line)
        for _ in person["open_ids"]:
            click.echo(next(ids))


def _person_row(person: dict[str, Any]) -> tuple[str, ...]:
    names = (person["name"], person["nickname"], _full_number(person))
    return (*names, say(_texts.GENDERS[person["gender"]]), person["city"])


def _full_number(person: dict[str, Any]) -> str:
    """Return a person's number, with the country code if it is not mainland China's."""
    number, code = person["phone"], person["country_code"]
    return f"+{code} {number}" if number and code != "86" else str(number)


def _open_ids(person: dict[str, Any], app_names: dict[str, str]) -> list[tuple[str, str]]:
    return [
        (printable(app_names.get(key, key)), open_id)
        for key, open_id in person["open_ids"].items()
    ]


def _person_fields(
    person: dict[str, Any], app_names: dict[str, str]
) -> list[tuple[str, str | list[str]]]:
    """Return each field of a person with its text, or with a list of texts."""
    row = _person_row(person)
    place = (person[field] for field in ("country", "province", "city", "district"))
    return [
        *zip(("name", "nickname", "phone", "gender"), row, strict=False),
        ("city", " ".join(filter(None, place))),
        ("address", person["address"]),
        ("position", f"{person['latitude']}, {person['longitude']}"),
        ("language", person["language"]),
        ("avatar", person["avatar"]),
        ("open_id", table(_open_ids(person, app_names))),
        ("union_id", [f"{whose}  {each}" for whose, each in person["union_ids"].items()]),
    ]


def _masked_number(number: str) -> str:
    """Mask a phone number; of a mobile number of mainland China both ends are left."""
    if len(number) == 11:
        return f"{number[:3]}****{number[-4:]}"
    return HIDDEN if number else ""


def _without_secrets(value: Any, name: str = "") -> Any:
    """Return JSON with `***` for every credential, judging by the names of fields."""
    if isinstance(value, dict):
        return {key: _without_secrets(each, key) for key, each in value.items()}
    if isinstance(value, list):
        return [_without_secrets(each) for each in value]
    is_hidden = is_credential(name) or name.endswith("token")
    return HIDDEN if value and is_hidden and isinstance(value, str) else value


def _print_table(head: Iterable[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows under a head; an empty cell is a dash, so that columns can be told apart."""
    cells = [tuple(printable(cell) or "-" for cell in row) for row in rows]
    for line in table([tuple(head), *cells]):
        click.echo(line)


def _print_fields(fields: Iterable[tuple[str, str | list[str]]]) -> None:
    """Print a line for each field that has a value, or several if it is a list."""
    rows = []
    for field, value in fields:
        for place, text in enumerate([value] if isinstance(value, str) else value):
            if text:
                rows.append(("" if place else heading(field), printable(text, _MAX_VALUE)))
    for line in wrapped_table(rows):
        click.echo(line)
