"""Call a tt API on a person's phone, subject to the rules on it."""

from __future__ import annotations

from typing import Any

from mockdouyin.core.errors import MockDouyinError, did_you_mean
from mockdouyin.core.texts import NOTHING, as_text
from mockdouyin.domain import act_texts as texts
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
    given = args if fail is None else {**args, "fail": fail}
    rules = world.rules.for_target(api.full_name)
    rule = ""
    if rules and fail is None:
        parameters = {**args, "app": handset.app.name, "person": who}
        chosen = choose(rules, parameters, unit, world.ids)
        if chosen is not None:
            fail, rule = chosen.rule.error, chosen.id
    refused = fail is not None and fail is not False
    try:
        result = api.fail(fail) if refused else api.function(handset)
    except PhoneRefusal as refusal:
        unit.roll_back()
        refused, result = True, api.fail(refusal.reason, refusal.detail)
    unit.commit()
    world.note(
        unit,
        api.full_name,
        texts.PHONE_CALLED(person=who, app=of_app.name, api=api.name),
        app=of_app.client_key,
        person=who,
        why=as_text(_writable(result["errMsg"])) if refused else NOTHING,
        rule=rule,
        given=given,
        result=result,
    )
    return result


def _writable(text: str) -> str:
    """Return a text without halves of surrogate pairs, with which no list could be shown."""
    return text.encode(errors="replace").decode()


def _check_names(api: PhoneApi, args: dict[str, Any]) -> None:
    for name in args:
        if name not in api.takes:
            raise MockDouyinError(
                f"{api.full_name} takes no {name!r}"
                f"{did_you_mean(name, ('app', 'person', 'fail', *api.takes))}"
            )
