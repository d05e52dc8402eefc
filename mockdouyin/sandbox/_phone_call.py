"""Call a tt API on a person's phone, subject to the rules on it."""

from __future__ import annotations

from typing import Any

from mockdouyin.core.errors import MockDouyinError, did_you_mean
from mockdouyin.phone import APIS, Handset, PhoneApi, PhoneRefusal
from mockdouyin.sandbox.worlds import World
from mockdouyin.scenario.compiled import choose


def call_phone(
    world: World, name: str, app: str | None, person: str | None, args: dict[str, Any]
) -> dict[str, Any]:
    """Call a tt API; return what it passes to `success`, or to `fail`."""
    api = APIS.get(name)
    if api is None:
        raise MockDouyinError(f"no phone API {name!r}{did_you_mean(name, APIS)}")
    args = dict(args)
    fail = args.pop("fail", None)
    _check_names(api, args)
    return world.transact(lambda: _call(world, api, app, person, args, fail))


def _call(
    world: World,
    api: PhoneApi,
    app: str | None,
    person: str | None,
    args: dict[str, Any],
    fail: Any,
) -> dict[str, Any]:
    unit = world.store.unit(world.clock.now())
    who = world.people.find(person) if person else world.people.first
    of_app = world.find_app(app, "mini_program", "mini_game")
    handset = Handset(world, unit, of_app, who, args)
    rules = world.rules.for_target(api.full_name)
    if rules and fail is None:
        parameters = {**args, "app": handset.app.name, "person": who}
        chosen = choose(rules, parameters, unit, world.ids)
        fail = chosen.rule.error if chosen else None
    try:
        if fail is not None and fail is not False:
            result = api.fail(fail)
        else:
            result = api.function(handset)
    except PhoneRefusal as refusal:
        unit.roll_back()
        result = api.fail(refusal.reason, refusal.detail)
    unit.commit()
    return result


def _check_names(api: PhoneApi, args: dict[str, Any]) -> None:
    for name in args:
        if name not in api.takes:
            raise MockDouyinError(
                f"{api.full_name} takes no {name!r}"
                f"{did_you_mean(name, ('app', 'person', 'fail', *api.takes))}"
            )
