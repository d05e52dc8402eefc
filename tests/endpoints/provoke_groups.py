"""What leads to the errors of the calls about fan groups and cards for messages."""

from __future__ import annotations

from mockdouyin.core.endpoint import Endpoint
from tests.endpoints.calls import Scene, good
from tests.endpoints.calls_groups import new_template
from tests.endpoints.provoke import REQUIRED, Provoked, _changed, by

_ID = {
    "decide_application": "apply_id",
    "message_resources": "message_id",
    "save_retain_card": "card_id",
    "delete_retain_card": "card_id",
    "set_applet_template": "card_template_id",
    "delete_applet_template": "card_template_id",
}


@by(("im", "not_found"))
def _nothing_has_the_id(endpoint: Endpoint) -> Provoked:
    return _changed(endpoint, **{_ID.get(endpoint.name, "group_id"): "@nothing=="})


@by("wrong_state")
def _it_was_refused_before(endpoint: Endpoint) -> Provoked:
    scene = Scene()
    ask = good(scene, endpoint.full_name)
    scene.send(ask.having(status=3))
    return Provoked(scene, ask)


@by(("im.create_group", "too_many"), ("im.save_retain_card", "too_many"))
def _it_was_done_as_often_as_it_can_be(endpoint: Endpoint) -> Provoked:
    scene = Scene()
    ask = good(scene, endpoint.full_name)
    for _ in range(10 if endpoint.name == "create_group" else 100):
        scene.send(ask)
        assert list(scene.world.journal)[-1].verdict == "ok"
    return Provoked(scene, ask)


@by(("im.set_applet_template", "too_many"))
def _there_are_200_templates(endpoint: Endpoint) -> Provoked:
    scene = Scene()
    ask = good(scene, endpoint.full_name)
    first = new_template(scene, title="0")
    for number in range(1, 200):
        new_template(scene, title=str(number))
    return Provoked(scene, ask, good=ask.having(card_template_id=first))


REQUIRED |= {
    "im.set_applet_template": "title",
    "im.delete_applet_template": "card_template_id",
}
