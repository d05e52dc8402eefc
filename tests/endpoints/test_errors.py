"""Every documented error of every endpoint, provoked through the real endpoint."""

from __future__ import annotations

import json
import re

import pytest
from click.testing import CliRunner

from mockdouyin import Rule
from mockdouyin.cli import cli
from mockdouyin.core.endpoint import Endpoint
from mockdouyin.core.errors import SYSTEM, ErrorCase
from mockdouyin.core.http import Reply
from mockdouyin.endpoints import WRITTEN
from tests.endpoints.calls import JSON, Ask, Scene, good, kind_of
from tests.endpoints.provoke import PROVOCATIONS, provoke
from tests.endpoints.wire import refusal, tells_code

TEXT = "text/plain; charset=utf-8"

EVERY = [(endpoint, case) for endpoint in WRITTEN for case in endpoint.errors]
NATURAL = [(endpoint, case) for endpoint, case in EVERY if case.cause != SYSTEM]


def ids(cases: list[tuple[Endpoint, ErrorCase]]) -> list[str]:
    """Name a case by its endpoint, number and name."""
    return [f"{endpoint.full_name}-{case.code}-{case.name}" for endpoint, case in cases]


every_error = pytest.mark.parametrize(("endpoint", "case"), EVERY, ids=ids(EVERY))


def refused(
    scene: Scene, reply: Reply, endpoint: Endpoint, case: ErrorCase, detail: str = ""
) -> None:
    """Check that a reply says no in the family's own way, to the byte."""
    headers = {name.decode(): value.decode() for name, value in reply.headers}
    log_id = headers.pop("x-tt-logid")
    kind = TEXT if endpoint.is_page else JSON
    told = {"bd-tt-error-code": str(case.code)} if tells_code(endpoint) else {}
    assert (reply.status, headers, reply.fault) == (200, {"content-type": kind, **told}, None)
    assert re.fullmatch(r"20\d{12}[0-9A-F]{20}", log_id)
    now = scene.world.clock.now()
    assert reply.body.decode() == refusal(endpoint, case, detail, log_id, now).decode()
    last = list(scene.world.journal)[-1]
    assert (last.endpoint, last.error, last.verdict) == (endpoint, case, "refused")
    assert last.why


def names_its_app(scene: Scene, endpoint: Endpoint) -> None:
    """Check that the journal knows which app made the last call, though nothing looked at it."""
    last = list(scene.world.journal)[-1]
    assert last.app == scene.app(kind_of(endpoint)).client_key


def succeeds(scene: Scene, ask: Ask) -> None:
    """Check that a call is answered with what it asks for."""
    scene.send(ask)
    last = list(scene.world.journal)[-1]
    assert last.verdict == "ok", last.why


@pytest.mark.parametrize(("endpoint", "case"), NATURAL, ids=ids(NATURAL))
def test_a_natural_cause_is_refused_and_changes_nothing(
    endpoint: Endpoint, case: ErrorCase
) -> None:
    """The error's own cause leads to it, changes no record, and spoils no good call."""
    provoked = provoke(endpoint, case)
    before = provoked.scene.state()

    reply = provoked.scene.send(provoked.ask)

    detail = provoked.detail if case.name == "bad_params" else ""
    refused(provoked.scene, reply, endpoint, case, detail)
    assert provoked.scene.state() == before
    if provoked.good is not None:
        succeeds(provoked.scene, provoked.good)


@every_error
def test_the_negative_test_header_asks_for_it(endpoint: Endpoint, case: ErrorCase) -> None:
    """Douyin's own header refuses a good call with any error, and the call is still good then."""
    scene = Scene()
    ask = good(scene, endpoint.full_name)

    reply = scene.send(ask.under(aweme_negative_test=case.name))

    refused(scene, reply, endpoint, case)
    names_its_app(scene, endpoint)
    succeeds(scene, ask)


@every_error
def test_a_rule_asks_for_it(endpoint: Endpoint, case: ErrorCase) -> None:
    """A rule refuses one good call with any error, and the call is still good then."""
    scene = Scene()
    ask = good(scene, endpoint.full_name)
    scene.world.rules.add(Rule(on=endpoint.full_name, times=1, error=case.name))

    reply = scene.send(ask)

    refused(scene, reply, endpoint, case)
    names_its_app(scene, endpoint)
    succeeds(scene, ask)


CHOSEN = (
    *("code", "open_id", "openid", "msg_id", "refresh_token"),
    *("grant_type", "template_id", "state", "out_order_no", "merchant_id", "merchant_uid"),
    *("sub_merchant_id", "sign", "thirdparty_component_id", "person", "link", "image_type"),
    *("out_refund_no", "out_settle_no", "out_return_no"),
)


@every_error
def test_a_magic_value_asks_for_it(endpoint: Endpoint, case: ErrorCase) -> None:
    """A client that can choose a value, and no more, provokes any error by it."""
    scene = Scene()
    ask = good(scene, endpoint.full_name)
    magic = f"mock-error-{case.name}"
    fields = endpoint.types.fields.__struct_fields__
    name = next((name for name in CHOSEN if name in fields), None)

    reply = scene.send(ask.having(**{name: magic}) if name else ask.with_token(magic))

    refused(scene, reply, endpoint, case)
    if name:
        names_its_app(scene, endpoint)
    succeeds(scene, ask)


@every_error
def test_a_number_names_an_error(endpoint: Endpoint, case: ErrorCase) -> None:
    """The bare number asks for the error that is first in the endpoint's table with it."""
    scene = Scene()
    first = next(other for other in endpoint.errors if other.code == case.code)

    ask = good(scene, endpoint.full_name).under(aweme_negative_test=str(case.code))

    refused(scene, scene.send(ask), endpoint, first)


def test_the_command_lists_what_is_provoked_here() -> None:
    """`mockdouyin errors --json` names exactly the errors that are provoked here, of functions."""
    printed = CliRunner().invoke(cli, ["errors", "--json"], catch_exceptions=False)

    errors = json.loads(printed.stdout)["errors"]
    listed = [
        (e["endpoint"], e["code"], e["name"]) for e in errors if e["endpoint"] in WRITTEN.endpoints
    ]
    assert listed == [(e.full_name, case.code, case.name) for e, case in EVERY]


def test_an_unknown_case_is_our_own_complaint() -> None:
    """A case that the endpoint does not have is our own complaint, and no answer of Douyin's."""
    scene = Scene()
    ask = good(scene, "mini_program.code_to_session").under(aweme_negative_test="bad_cod")

    reply = scene.send(ask)

    assert reply.status == 400
    assert reply.body.startswith(b"mockdouyin: ")
    assert b"did you mean bad_code?" in reply.body


def test_every_provocation_is_used() -> None:
    """No provocation is left over for an error that no endpoint has."""
    names: set[str | tuple[str, str]] = {case.name for _, case in NATURAL}
    names |= {(endpoint.full_name, case.name) for endpoint, case in NATURAL}
    names |= {(endpoint.family.name, case.name) for endpoint, case in NATURAL}

    assert set(PROVOCATIONS) <= names
