"""A call of a tt API on a person's phone, from its rules to what it returns."""

from __future__ import annotations

from typing import Any

from mockdouyin.core.apps import App
from mockdouyin.core.errors import MockDouyinError, suggestion
from mockdouyin.core.links import Link
from mockdouyin.core.store import Unit
from mockdouyin.core.texts import NOTHING, Text, as_text
from mockdouyin.domain import act_texts as texts
from mockdouyin.phone import APIS, Handset, PhoneApi, PhoneRefusal
from mockdouyin.sandbox.error_texts import NO_API, NO_ARGUMENT, TRADE_SYSTEM
from mockdouyin.sandbox.worlds import World
from mockdouyin.scenario.compiled import choose
from mockdouyin.scenario.rule import Rule

OWN_ARGUMENTS = ("app", "person", "fail", "timeout")
"""What a call may give beside the arguments of the API."""


_OF_THE_TRADE_SYSTEM = ("requestOrder", "getOrderPayment", "createMerchantOrder")
"""tt APIs of the platform's other payment product."""


def find_api(name: str) -> PhoneApi:
    """Return the tt API with this name."""
    api = APIS.get(name)
    if api is None and name in _OF_THE_TRADE_SYSTEM:
        raise MockDouyinError(TRADE_SYSTEM(name=name))
    if api is None:
        raise MockDouyinError(NO_API(name=name, hint=suggestion(name, APIS)))
    return api


def check_names(api: PhoneApi, args: dict[str, Any]) -> None:
    """Refuse arguments that the API does not take."""
    for name in args:
        if name not in api.takes:
            raise MockDouyinError(
                NO_ARGUMENT(
                    api=api.full_name,
                    name=name,
                    hint=suggestion(name, (*OWN_ARGUMENTS, *api.takes)),
                )
            )


class PhoneCall:
    """One call of a tt API, in one unit of work of its world."""

    def __init__(
        self, world: World, api: PhoneApi, app: App, person: str, args: dict[str, Any]
    ) -> None:
        self.world = world
        self.api = api
        self.app = app
        self.person = person
        self.unit: Unit = world.store.unit(world.clock.now())
        self.args: dict[str, Any] = args
        self.rule: str = ""
        """The id of the rule that decided."""
        self.why: Text = NOTHING
        """Why the phone refused, where errMsg does not tell."""
        self.outcome: Text = NOTHING
        """What came of the call, where it tells."""
        self.is_resumed: bool = False
        """Whether it goes on after its sheet was open."""
        self.is_refused: bool = False
        """Whether it did nothing."""

    @property
    def handset(self) -> Handset:
        """The phone with the present arguments of the call."""
        return Handset(
            self.world,
            self.unit,
            self.app,
            self.person,
            self.args,
            is_resumed=self.is_resumed,
        )

    def choose_rule(self) -> Rule | None:
        """Count the call in the rules that match it; return the one to be applied."""
        rules = self.world.rules.for_target(self.api.full_name)
        if not rules:
            return None
        who = {"api": self.api.name, "app": self.app.name, "person": self.person}
        parameters = {**self.args, **who}
        chosen = choose(rules, parameters, self.unit, self.world.ids)
        if chosen is None:
            return None
        self.rule = chosen.id
        return chosen.rule

    def probe(self) -> tuple[bool, tuple[Link, ...]]:
        """Run the API and undo it: return whether it succeeds, and the login it depends on."""
        unit, before = self.unit, self.unit.links
        try:
            self.api.function(self.handset)
        except PhoneRefusal:
            return False, ()
        # Other links are those of what it would make, such as a consent.
        login = tuple(link for link in unit.links if link.kind == "login")
        unit.roll_back()
        unit.links = before
        return True, login

    def renewed(self) -> PhoneCall:
        """Return the call as it goes on later, in a unit of its own."""
        app = self.world.find_app(self.app.client_key)
        later = PhoneCall(self.world, self.api, app, self.person, self.args)
        later.rule = self.rule
        return later

    def run(self, fail: Any = None) -> dict[str, Any]:
        """Return the result, of success or with `fail` of a failure; commit and note it."""
        return self.end(self.perform(fail), fail)

    def end(self, result: dict[str, Any], fail: Any = None) -> dict[str, Any]:
        """Commit, note the result, and return it."""
        self.unit.commit()
        is_own = fail is None or self.rule
        self.note(result, given=self.args if is_own else {**self.args, "fail": fail})
        return result

    def perform(self, fail: Any = None) -> dict[str, Any]:
        """Return the result, of success or with `fail` of a failure, and commit nothing yet."""
        if fail is not None and fail is not False:
            self.is_refused = True
            return self.api.fail(fail, log_id=self._log_id)
        handset = self.handset
        try:
            result = self.api.function(handset)
        except PhoneRefusal as refusal:
            return self.refuse(refusal)
        self.outcome = handset.outcome
        return result

    def refuse(self, refusal: PhoneRefusal) -> dict[str, Any]:
        """Return what the API passes to `fail`; what it wrote is undone."""
        self.unit.roll_back()
        self.is_refused, self.why = True, refusal.why
        return self.api.fail(refusal.reason, refusal.detail, self._log_id)

    @property
    def _log_id(self) -> str:
        world = self.world
        return world.ids.log_id(world.clock.stamp(self.unit.now), world.journal.next_number)

    def note(self, result: dict[str, Any], given: dict[str, Any]) -> None:
        """Note the call and its result."""
        refused = result["errMsg"].startswith(f"{self.api.name}:fail")
        self.world.note(
            self.unit,
            self.api.full_name,
            self._says(),
            app=self.app.client_key,
            person=self.person,
            why=(self.why or as_text(_writable(result["errMsg"]))) if refused else NOTHING,
            rule=self.rule,
            given=given,
            result=result,
        )

    def _says(self) -> Text:
        if self.outcome:
            return texts.PAY_CALLED(person=self.person, app=self.app.name, outcome=self.outcome)
        return texts.PHONE_CALLED(person=self.person, app=self.app.name, api=self.api.name)


def _writable(text: str) -> str:
    """Return a text without halves of surrogate pairs, with which no list could be shown."""
    return text.encode(errors="replace").decode()
