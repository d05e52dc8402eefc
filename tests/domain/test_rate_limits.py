"""Frequency limits and daily quotas, where a world enforces them."""

from __future__ import annotations

from typing import Any

from mockdouyin import Sandbox
from tests.support.helpers import (
    GAME_LOGIN,
    PROGRAM,
    PROGRAM_LOGIN,
    WEB_CLIENT,
    app_token,
    client_token,
    get,
    phone,
    post,
    sandbox,
)


def strict(**more: Any) -> Sandbox:
    """Make a sandbox that enforces limits."""
    return sandbox(settings={"limits": "enforce", **more})


CLIENT = {**WEB_CLIENT, "grant_type": "client_credential"}


def _client(box: Sandbox) -> int:
    return int(post(box, "/oauth/client_token/", CLIENT)["data"]["error_code"])


def _js(box: Sandbox, token: str) -> int:
    return int(get(box, "/js/getticket/", token=token)["data"]["error_code"])


def test_limits_are_off_by_default() -> None:
    """Without limits any number of calls is served."""
    box = sandbox()

    assert {_client(box) for _ in range(510)} == {0}


def test_client_tokens_are_500_in_five_minutes() -> None:
    """The 501st client token in five minutes is refused, and none for a refused call."""
    box = strict()

    assert {_client(box) for _ in range(500)} == {0}
    assert [_client(box), _client(box)] == [10020, 10020]
    box.default.clock.advance(300)
    assert _client(box) == 0


def test_a_wrong_secret_does_not_count() -> None:
    """Calls with a wrong secret use up nothing of an app's limit."""
    box = strict()
    for _ in range(501):
        post(box, "/oauth/client_token/", CLIENT | {"client_secret": "wrong"})

    assert _client(box) == 0


def test_calls_of_an_endpoint_in_a_second() -> None:
    """Calls beyond so many a second are refused until the second is over, for each app alone."""
    box = strict(calls_per_second=2)
    token = client_token(box)
    other = client_token(box, PROGRAM.client_key, PROGRAM.client_secret)

    assert [_js(box, token) for _ in range(3)] == [0, 0, 28003018]
    assert _js(box, other) == 0
    box.default.clock.advance(1)
    assert _js(box, token) == 0


def test_a_refused_call_counts() -> None:
    """A call that is refused for another reason is counted all the same."""
    box = strict(calls_per_second=1)
    headers = {"access-token": client_token(box)}
    path = "/api/notification/v2/subscription/delete_app_tpl/"

    assert [post(box, path, {}, headers)["err_no"] for _ in range(2)] == [28001038, 28003018]


def test_a_quota_is_one_for_each_scope_and_day() -> None:
    """Endpoints of one scope share its quota, which is new at midnight in Beijing."""
    box = strict(daily_quota=2)

    def call(path: str, fields: dict[str, Any]) -> int:
        token = client_token(box, PROGRAM.client_key, PROGRAM.client_secret)
        path = "/api/notification/v2/subscription/" + path
        return int(post(box, path, fields, {"access-token": token})["err_no"])

    assert [call("delete_app_tpl/", {}), call("add_app_tpl/", {})] == [28001038, 28001038]
    assert call("delete_app_tpl/", {}) == 28003017
    box.default.clock.advance(12 * 3600 - 1)
    assert call("create_tpl/", {}) == 28003017
    box.default.clock.advance(1)
    assert call("create_tpl/", {}) == 28001038


def notify(box: Sandbox, person: str) -> int:
    """Send a person a message."""
    world = box.default
    fields = {
        "access_token": app_token(box),
        "app_id": PROGRAM.client_key,
        "tpl_id": PROGRAM.template,
        "open_id": world.people.open_id(world.apps[PROGRAM.client_key], person),
        "data": {"快递派送": "SF1111111111"},
    }
    path = "/api/apps/subscribe_notification/developer/v1/notify"
    return int(post(box, path, fields)["err_no"])


def test_one_message_a_second_for_each_person() -> None:
    """The second message to one person in a second is refused, and uses up no consent."""
    box = strict()
    for person in ("小明", "小明", "小红"):
        phone(box, "requestSubscribeMessage", person=person)

    assert [notify(box, each) for each in ("小明", "小明", "小红")] == [0, 1010, 0]
    box.default.clock.advance(1)
    assert notify(box, "小明") == 0
    box.default.clock.advance(1)
    assert notify(box, "小明") == 28014043


def test_a_call_refused_by_one_limit_counts_for_the_other() -> None:
    """A message refused as the person's second is one of the app's calls in that second."""
    box = strict(calls_per_second=2)
    for person in ("小明", "小明", "小红"):
        phone(box, "requestSubscribeMessage", person=person)

    assert [notify(box, each) for each in ("小明", "小明", "小红")] == [0, 1010, 28006003]


def test_forced_stable_tokens_are_20_a_day() -> None:
    """The 21st forced refresh of a day is refused; the token that lives is still given."""
    box = strict()
    fields = {**GAME_LOGIN, "grant_type": "client_credential"}
    path = "/mgplatform/api/apps/stable_token"

    def ask(force: bool) -> int:
        return int(post(box, path, {**fields, "force_refresh": force})["err_no"])

    assert {ask(True) for _ in range(20)} == {0}
    assert [ask(True), ask(False)] == [28005139, 0]


def test_an_endpoint_without_such_an_error_has_no_limit() -> None:
    """Where the docs know no such refusal, calls are not counted."""
    box = strict(calls_per_second=0, daily_quota=0)

    assert post(box, "/api/apps/v2/token", {**PROGRAM_LOGIN, "grant_type": "client_credential"})
    assert _js(box, client_token(box)) == 28003018
