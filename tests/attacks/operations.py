"""Every operation of the control API that takes a body, with valid bodies and their types."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from msgspec import inspect

from mockdouyin import Sandbox
from mockdouyin.control import (
    apps,
    clock,
    execute,
    handle,
    merchants,
    people,
    receiver_check,
    resending,
    rules,
    scenarios,
    sheets,
    signatures,
    webhooks,
    worlds,
)
from mockdouyin.core.outbox import Attempt, Delivery
from mockdouyin.core.people import PersonSpec
from mockdouyin.core.settings import Settings
from mockdouyin.domain.share_signatures import JsCall
from mockdouyin.phone import consent, sharing, social
from mockdouyin.redis_store import SharedSandbox
from mockdouyin.sandbox.deliveries import NullDeliverer, done, record
from mockdouyin.sandbox.phone_calls import call_phone
from mockdouyin.sandbox.worlds import World
from mockdouyin.scenario.rule import Rule
from tests.support.helpers import PROGRAM, WEB, get

Data = dict[str, Any]


@dataclass
class Sample:
    """A valid call of one operation."""

    kind: type
    good: Data
    path: Data = field(default_factory=dict)
    more: dict[str, Data] = field(default_factory=dict)
    """Values of fields that have no type of their own."""


_SHARE = {"schema": "a link that was built before"}
_HOOK = {"url": "http://127.0.0.1:9/hook", "secret": "s", "events": ["authorize"]}
_TEMPLATE = {"kind": "one_time", "fields": ["快递派送"], "title": "快递", "quota": 2}
_SIGNED = {"nonce_str": "n", "timestamp": 1, "url": "https://a.test/", "signature": "x"}
_SENT = {
    "method": "POST",
    "path": "/api/apps/v2/jscode2session",
    "query": "a=b",
    "headers": [("content-type", "application/json")],
    "body": base64.b64encode(b'{"appid": "x"}').decode(),
    "host": "developer.toutiao.com",
}
_RULE = {
    "on": "code_to_session",
    "when": {"code": "x*"},
    "reply": {"status": 200, "json": {"a": 1}, "headers": {"X-A": "b"}},
    "times": 3,
    "ttl": "5m",
}
_ADDED = {"name": "店", "client_key": "tt1", "webhook": _HOOK, "verify": False}

SAMPLES: dict[str, list[Sample]] = {
    "create_world": [
        Sample(worlds.NewWorld, {"name": "other", "seed": 3, "settings": {"webhook_copies": 2}}),
        Sample(
            worlds.NewWorld,
            {"scenario": {"people": {"甲": {"city": "a"}}, "rules": [_RULE], "apps": {"店": {}}}},
        ),
    ],
    "add_rule": [
        Sample(Rule, _RULE),
        Sample(Rule, {"on": "client_token", "patch": {"data.expires_in": 60}, "delay": "1s"}),
        Sample(Rule, {"on": ["notify"], "error": 40018, "every": 2, "chance": 0.5, "id": "mine"}),
    ],
    "check_rule": [Sample(Rule, _RULE)],
    "switch_rule": [Sample(rules.RuleChange, {"off": True}, {"id": "rule-1"})],
    "use_scenario": [
        Sample(scenarios.WantedScenario, {"scenario": "trial-app"}),
        Sample(
            scenarios.WantedScenario,
            {"scenario": {"people": {"甲": {"city": "a"}}, "rules": [_RULE], "apps": {"店": {}}}},
        ),
    ],
    "add_app": [
        Sample(apps.NewApp, {**_ADDED, "templates": {"T": _TEMPLATE}}),
        Sample(apps.NewApp, {"kind": "web", "scopes": ["user_info"], "testers": ["小明"]}),
    ],
    "change_app": [
        Sample(apps.NewApp, {"webhook": _HOOK, "verify": False}, {"key": "web"}),
        Sample(apps.NewApp, {"developer": "d", "trial": True}, {"key": "mini_program"}),
    ],
    "review_merchant": [
        Sample(
            merchants.ReviewDecision,
            {"decision": "refuse", "reason": "照片不清晰"},
            {"id": PROGRAM.payment.merchant_uid},
        )
    ],
    "add_person": [Sample(people.NewPerson, {"name": "丁", "phone": "1", "latitude": 1.5})],
    "change_person": [Sample(PersonSpec, {"city": "上海", "longitude": 3}, {"name": "小明"})],
    "phone": [
        Sample(dict, {"person": "小明", "app": "mini_program"}, {"api": "login"}),
        Sample(dict, {"tmplIds": [PROGRAM.template]}, {"api": "requestSubscribeMessage"}),
        Sample(dict, {"fail": "network unavailable"}, {"api": "login"}),
    ],
    "answer_sheet": [
        Sample(sheets.SheetAnswer, {"allow": True, "person": "小明"}),
        Sample(sheets.SheetAnswer, {"errNo": 10502}),
    ],
    "act": [
        Sample(social.SocialAct, {"text": "你好"}, {"act": "message"}),
        Sample(social.SocialAct, {"person": "小红"}, {"act": "follow"}),
        Sample(social.SocialAct, {"media": "image"}, {"act": "message"}),
    ],
    "authorize": [Sample(consent.Consent, {"state": "s", "scope": "user_info", "tick": ["a"]})],
    "scan": [
        Sample(consent.QrScan, {"token": "a code that was shown before", "decision": "allow"})
    ],
    "revoke": [Sample(consent.Revocation, {})],
    "build_share": [Sample(sharing.NewLink, {"title": "t", "hashtag_list": ["a"]})],
    "verify_share": [Sample(sharing.OpenedLink, _SHARE)],
    "publish_share": [Sample(sharing.OpenedLink, _SHARE)],
    "verify_js": [Sample(JsCall, {"client_key": WEB.client_key, **_SIGNED})],
    "check_signature": [
        Sample(
            signatures.SignatureToCheck,
            {"text": json.dumps({"app_id": PROGRAM.client_key, "sign": "x"}), "signed": "a"},
        ),
        Sample(
            signatures.SignatureToCheck,
            {"text": "curl http://a.test/ -d sign=x", "kind": "ecpay", "key": "k", "entry": 2},
        ),
    ],
    "send_event": [
        Sample(
            webhooks.NewEvent,
            {"event": "authorize", "to": "http://127.0.0.1:9/", "content": {"n": 1}},
        ),
        Sample(webhooks.NewEvent, {"event": "x", "to": "http://127.0.0.1:9/", "raw": "{}"}),
    ],
    "check_receiver": [
        Sample(receiver_check.ReceiverToCheck, {"url": "http://127.0.0.1:9/", "only": ["spaces"]}),
        Sample(
            receiver_check.ReceiverToCheck,
            {"kind": "ecpay", "url": "http://127.0.0.1:9/", "order": "A", "amount": 1990},
        ),
    ],
    "send_push": [Sample(webhooks.NewPush, {"to": "http://127.0.0.1:9/", "token": "t"})],
    "replay": [Sample(dict, {}, {"id": f"{WEB.client_key}-1"})],
    "resend": [
        Sample(resending.Edited, {"content": {"n": 2}}, {"id": f"{WEB.client_key}-1"}),
        Sample(resending.Edited, {"raw": "{}", "secret": "s"}, {"id": f"{WEB.client_key}-1"}),
    ],
    "advance_clock": [Sample(clock.Advance, {"by": "5m"})],
    "freeze_clock": [Sample(clock.Freeze, {"at": "2026-11-20T12:00:00+08:00"})],
    "resume_clock": [Sample(dict, {})],
    "return_clock": [Sample(dict, {})],
    "change_settings": [Sample(Settings, {"limits": "enforce", "webhook_delay": "5s"})],
    "handle": [Sample(handle.RequestData, _SENT)],
    "take_snapshot": [Sample(dict, {})],
    "restore_snapshot": [Sample(dict, {}, {"id": "snapshot-1"})],
    "reset": [Sample(dict, {})],
}
"""Valid calls by the operation's name."""


def _nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = {"a": [value]} if depth % 2 else [value]
    return value


TEXTS = ["", " ", "x" * 300, "a\nb", "\x00", "a\r\nX-B: c", "\u2028", "😀", "小明", "a/b"]
TEXTS += ["\ud800", "a\udfffb", "..", "*", "mini_program", "web", "90s", "5m", "99999999999d"]
TEXTS += ["2026-11-20T12:00:00+08:00", "9999-12-31T23:59:59-12:00", "nan", "1e999", "%zz", "{}"]
NUMBERS = [0, 1, 2, 200, 204, 599, 2**31, 2**53, 2**63 - 1, 2**63, 2**64 - 1, 2**64, 10**30]
NUMBERS += [-1, -(2**63), -(2**63) - 1, 10**400]
FLOATS = [0.0, 0.5, -0.0, 1e-320, 1e308, 1e17, 252e9, math.nan, math.inf, -math.inf]
FREE: list[Any] = [None, True, {}, [], {"a": 10**30}, {"\ud800": 1}, {"a": "\ud800"}]
FREE += [{"a": math.nan}, {"a": {"b": [1.5, "x", None]}}, {"\x00": "\x00"}, {1: 2}]
FREE += [_nested(40), _nested(99), _nested(101), _nested(600)]
ANYTHING = st.sampled_from([*TEXTS, *NUMBERS, *FLOATS, *FREE])


def like(kind: inspect.Type, depth: int = 0) -> st.SearchStrategy[Any]:
    """Return values of a type, extreme ones included, and sometimes of another type."""
    return st.one_of(*[_like(kind, depth)] * 5, ANYTHING)


def _like(kind: inspect.Type, depth: int) -> st.SearchStrategy[Any]:
    if isinstance(kind, inspect.UnionType):
        return st.one_of(*(_like(each, depth) for each in kind.types))
    if isinstance(kind, inspect.StructType):
        fields = {each.encode_name: like(each.type, depth + 1) for each in kind.fields}
        needed = {each.encode_name for each in kind.fields if each.required}
        optional = sorted(set(fields) - needed)
        some = st.lists(st.sampled_from(optional), max_size=3) if optional else st.just([])
        return some.flatmap(
            lambda names: st.fixed_dictionaries({name: fields[name] for name in {*needed, *names}})
        )
    if isinstance(kind, inspect.DictType):
        keys = st.sampled_from(["a", "code", "data.expires_in", "X-A", *TEXTS])
        return st.dictionaries(keys, like(kind.value_type, depth + 1), max_size=2)
    if isinstance(kind, inspect.VarTupleType | inspect.ListType):
        return st.lists(like(kind.item_type, depth + 1), max_size=2)
    if isinstance(kind, inspect.LiteralType):
        return st.sampled_from(list(kind.values))
    if isinstance(kind, inspect.EnumType):
        return st.sampled_from([each.value for each in kind.cls])
    return st.sampled_from(list(_leaves(kind)))


def _leaves(kind: inspect.Type) -> Iterator[Any]:
    if isinstance(kind, inspect.StrType | inspect.BytesType):
        yield from TEXTS
    elif isinstance(kind, inspect.IntType):
        yield from NUMBERS
    elif isinstance(kind, inspect.FloatType):
        yield from (*FLOATS, *NUMBERS)
    elif isinstance(kind, inspect.BoolType):
        yield from (True, False)
    elif isinstance(kind, inspect.CustomType):
        yield from ("90s", "0s", 1.5, "99999999999d", 252e9, *FLOATS, *NUMBERS)
    else:
        yield from FREE


@st.composite
def operation_calls(draw: st.DrawFn, names: list[str]) -> tuple[str, Data, Data]:
    """Return an operation with its path and a body, in which up to two fields have any value."""
    name = draw(st.sampled_from(names))
    taken = draw(st.sampled_from(SAMPLES[name]))
    body = dict(taken.good)
    kind = inspect.type_info(taken.kind)
    if isinstance(kind, inspect.StructType):
        fields = {each.encode_name: each.type for each in kind.fields}
        for each in draw(st.lists(st.sampled_from(sorted(fields)), max_size=2, unique=True)):
            body[each] = draw(like(fields[each]))
    else:
        known = ["person", "app", "fail", "tmplIds", "answers", "keyList", "SDKVersion", "x"]
        for each in draw(st.lists(st.sampled_from(known), max_size=2, unique=True)):
            body[each] = draw(ANYTHING)
    return name, taken.path, body


def prepare(box: Sandbox, name: str, body: Data) -> Data:
    """Create what an operation refers to, and return its body with that."""
    if name == "revoke":
        execute(box, "authorize")
    elif name in ("replay", "resend"):
        execute(box, "send_event", body=SAMPLES["send_event"][0].good)
    elif name == "switch_rule":
        execute(box, "add_rule", body=SAMPLES["add_rule"][0].good)
    elif name == "answer_sheet":
        rule = {"on": "phone.getLocation", "sheet": "ask", "times": 1}
        execute(box, "add_rule", body=rule)
        call_phone(box.default, "getLocation", None, "小明", {})
        timeout = body.get("timeout")
        waits = isinstance(timeout, int | float) and timeout > 0
        return {**body, "timeout": 0} if waits else body
    elif name == "restore_snapshot" and not isinstance(box, SharedSandbox):
        execute(box, "take_snapshot")
    elif name.endswith("_share") and body.get("schema") == _SHARE["schema"]:
        return {**body, "schema": execute(box, "build_share")["schema"]}
    elif name == "scan" and body.get("token") == SAMPLES["scan"][0].good["token"]:
        query = {"client_key": WEB.client_key, "scope": "user_info", "next": "http://127.0.0.1/"}
        return {**body, "token": get(box, "/oauth/get_qrcode/", query)["data"]["token"]}
    return body


class Answering(NullDeliverer):
    """Posts nothing: every receiver accepts what it is sent and echoes the challenge."""

    def try_now(self, world: World, delivery: Delivery) -> Future[Delivery]:
        """Record the answer of a receiver that accepts it."""
        return done(lambda: record(world, delivery, self.post(delivery).result()))

    def post(self, delivery: Delivery) -> Future[Attempt]:
        """Return the answer of a receiver that accepts it."""
        body = delivery.body.decode("utf-8", "replace")
        return done(lambda: Attempt(status=200, body=body, content_type="application/json"))
