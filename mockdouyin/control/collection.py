"""A collection for API clients: Postman's format 2.1, which Apifox and others import too."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any
from urllib.parse import quote

import msgspec

from mockdouyin.control import _collection_texts as texts
from mockdouyin.control._collection_requests import FOLDERS, MADE
from mockdouyin.control._collection_types import ControlRequest, Folder, PlatformRequest
from mockdouyin.control._operations import OPERATIONS, OperationCall, OperationQuery, operation
from mockdouyin.control._steps import After, Step
from mockdouyin.core.apps import App, AppKind
from mockdouyin.core.catalogue import Catalogue
from mockdouyin.core.endpoint import Endpoint
from mockdouyin.core.texts import Language
from mockdouyin.sandbox.worlds import World

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"

_USUAL_ADDRESS = "http://127.0.0.1:8600"

Item = dict[str, Any]


class CollectionQuery(OperationQuery):
    """Where the collection's requests go.

    集合里的请求发到哪里。
    """

    base_url: str = ""
    """The address of this server; by default the one at which it was called.

    本服务的地址；默认是请求发到的地址。"""


@operation("GET", "/collection.json", long=True)
def collection(call: OperationCall[CollectionQuery]) -> Step[dict[str, Any]]:
    """Return the calls people use as a Postman collection, with this world's apps and people.

    把常用接口返回成 Postman 集合，填好这个世界的应用和用户；Apifox 也能导入。
    """
    base_url = call.given.base_url or call.address or _USUAL_ADDRESS
    values = _variables(call.world, base_url.rstrip("/"))
    catalogue, language = call.sandbox.catalogue, call.language
    return After(lambda: _Collection(catalogue, language).all(values))


def _variables(world: World, base_url: str) -> dict[str, str]:
    """Return the variables that a user may change; a world may lack an app or a person."""
    program, web = _first_app(world, "mini_program"), _first_app(world, "web")
    people = [*islice(world.people, 2), "", ""]
    in_sandbox = world.settings.payment_environment == "sandbox"
    salt = (
        (program.payment.sandbox_salt if in_sandbox else program.payment.salt) if program else ""
    )
    return {
        "base_url": base_url,
        "control_url": f"{base_url}/_mock/worlds/{quote(world.name, safe='')}",
        "control_token": "",
        "person": people[0],
        "other_person": people[1],
        "app_id": program.client_key if program else "",
        "app_secret": program.client_secret if program else "",
        "client_key": web.client_key if web else "",
        "client_secret": web.client_secret if web else "",
        "salt": salt,
        "template_id": next(iter(program.templates), "") if program else "",
        "webhook_url": "http://127.0.0.1:9000/hook",
        "notify_url": "http://127.0.0.1:9000/notify",
    }


def _first_app(world: World, kind: AppKind) -> App | None:
    return next((app for app in world.apps.values() if app.kind == kind), None)


class _Collection:
    """The collection in one language."""

    def __init__(self, catalogue: Catalogue, language: Language) -> None:
        self._endpoints = catalogue.endpoints
        self._language = language

    def all(self, values: dict[str, str]) -> dict[str, Any]:
        """Return the collection with these values of its variables."""
        saved = dict.fromkeys((n for f in FOLDERS for r in f.requests for n in r.saves), "")
        made = dict.fromkeys(MADE, "")
        return {
            "info": {
                "name": texts.COLLECTION().render(self._language),
                "description": texts.ABOUT().render(self._language),
                "schema": SCHEMA,
            },
            "item": [self._folder(each) for each in FOLDERS],
            "variable": [
                {"key": name, "value": value, "type": "string"}
                for name, value in {**values, **saved, **made}.items()
            ],
        }

    def _folder(self, folder: Folder) -> Item:
        items = [
            self._platform(each) if isinstance(each, PlatformRequest) else self._control(each)
            for each in folder.requests
            if isinstance(each, ControlRequest) or each.endpoint in self._endpoints
        ]
        return {"name": folder.name().render(self._language), "item": items}

    def _platform(self, each: PlatformRequest) -> Item:
        endpoint = self._endpoints[each.endpoint]
        method, fields = endpoint.methods[0], each.fields
        headers = {endpoint.token_headers[0]: f"{{{{{each.token}}}}}"} if each.token else {}
        body = None if method == "GET" else fields
        query = fields if method == "GET" else each.query
        request = _request(method, "{{base_url}}", endpoint.paths[0], headers, query, body)
        request["description"] = self._about(endpoint)
        name = each.name().render(self._language) if each.name else self._title(endpoint)
        checks = [f"pm.expect(reply.{path}).to.eql(0);" for path in _success_numbers(endpoint)]
        if each.expects:
            checks.append(_expecting(each.expects))
        events = [_script("test", self._test(checks, each.saves))]
        if each.before:
            events.insert(0, _script("prerequest", each.before))
        return {"name": name, "request": request, "event": events}

    def _title(self, endpoint: Endpoint) -> str:
        name = endpoint.name.replace("_", " ").capitalize()
        return endpoint.title if self._language == "zh" else name

    def _about(self, endpoint: Endpoint) -> str:
        hosts = texts.HOSTS(hosts=endpoint.family.hosts[0]).render(self._language)
        about = endpoint.about if self._language == "en" else ""  # it has no other language
        return "\n\n".join(filter(None, [about, hosts, endpoint.doc]))

    def _control(self, each: ControlRequest) -> Item:
        called = OPERATIONS[each.operation]
        base = "{{control_url}}" if called.in_world else "{{base_url}}/_mock"
        path = called.path.format_map(each.path)
        headers = {"Authorization": "Bearer {{control_token}}"}
        request = _request(called.method, base, path, headers, each.query, each.body)
        request["description"] = called.about(self._language)
        checks = ["pm.response.to.have.status(200);"]
        if each.expects:
            checks.append(_expecting(each.expects))
        test = _script("test", self._test(checks, each.saves))
        name = each.name().render(self._language)
        return {"name": name, "request": request, "event": [test]}

    def _test(self, checks: list[str], saves: dict[str, str]) -> str:
        """Return a script that checks a reply, then stores what later requests need."""
        kept = [f'pm.collectionVariables.set("{name}", {of});' for name, of in saves.items()]
        lines = "\n".join(f"  {line}" for line in [*checks, *kept])
        title = texts.SUCCEEDS().render(self._language)
        return f'const reply = pm.response.json();\npm.test("{title}", () => {{\n{lines}\n}});'


def _request(
    method: str, base: str, path: str, headers: Item, query: Item, body: Item | None
) -> Item:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    url: Item = {
        "raw": f"{base}{path}?{asked}" if asked else f"{base}{path}",
        "host": base.split("/")[:1],
        "path": [*base.split("/")[1:], *path.strip("/").split("/")],
    }
    if path.endswith("/"):
        url["path"].append("")
    if query:
        url["query"] = [{"key": name, "value": value} for name, value in query.items()]
    request: Item = {
        "method": method,
        "header": [{"key": name, "value": value} for name, value in headers.items()],
        "url": url,
    }
    if body is not None:
        request["header"].append({"key": "Content-Type", "value": "application/json"})
        raw = msgspec.json.format(msgspec.json.encode(body), indent=2).decode()
        request["body"] = {
            "mode": "raw",
            "raw": raw,
            "options": {"raw": {"language": "json"}},
        }
    return request


def _script(listen: str, source: str) -> Item:
    lines = source.strip().split("\n")
    return {"listen": listen, "script": {"type": "text/javascript", "exec": lines}}


def _expecting(condition: str) -> str:
    return f"pm.expect({condition}).to.eql(true);"


def _success_numbers(endpoint: Endpoint) -> list[str]:
    """Return where a success has the number 0, by the endpoint's envelope."""
    return list(_zeros(endpoint.envelope.schema(None)))


def _zeros(schema: Item) -> Iterator[str]:
    for part in schema.get("allOf", ()):
        yield from _zeros(part)
    for name, of in schema.get("properties", {}).items():
        if of.get("const") == 0:
            yield name
        else:
            yield from (f"{name}.{inner}" for inner in _zeros(of))
