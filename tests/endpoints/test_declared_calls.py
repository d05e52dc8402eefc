"""Calls of declared operations: what is accepted, and by whose scopes."""

from __future__ import annotations

from typing import Any

from tests.endpoints.calls import Ask, Scene
from tests.endpoints.calls_user import PICTURE, Login, Upload

ORDERS = "/goodlife/v1/akte/order/query/"
ORDERS_SCOPE = "life.capacity.order.query"
"""A scope of apps, which no person grants."""


def by_program(scene: Scene) -> dict[str, str]:
    """Return the header with the demo mini-program's client token."""
    return {"access-token": scene.client_token("mini_program")}


def test_a_file_is_taken() -> None:
    """An operation that takes a file answers a form with one, and refuses a form without it."""
    scene, path = Scene(), "/api/apps/v2/file/upload_material/"
    fields = {"material_type": "1"}

    def answer(name: str) -> Any:
        return scene.ask(Upload("POST", path, fields, by_program(scene), None, name, PICTURE))

    assert answer("material_file")["err_no"] == 0
    assert answer("another")["err_msg"] == "material_file must have a value"


def test_an_id_of_another_length_is_no_mistake() -> None:
    """How long ids are in the docs' samples is no rule for those that a call names."""
    scene = Scene()
    fields = {"video_ids": ["7001", "7001234567890123456789"]}
    ask = Ask("POST", "/api/match/v2/taskbox/query_video_sum_data/", {}, by_program(scene), fields)

    assert scene.ask(ask)["err_no"] == 0


def test_a_scope_of_apps_is_not_asked_of_a_person() -> None:
    """With a user token, a scope that no person grants has to be the app's."""
    scene = Scene()
    ask = Login(scene).get(ORDERS, account_id="7001234567", page_num=1, page_size=10)
    assert scene.ask(ask)["extra"]["error_code"] == 0

    app = scene.app("web")
    scene.amend("web", scopes=tuple(each for each in app.scopes if each != ORDERS_SCOPE))

    assert scene.ask(ask)["extra"]["error_code"] == 2190004
