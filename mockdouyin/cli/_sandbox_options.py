"""The sandbox that `serve` and `run` make: scenarios, the user's own apps, settings, seed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from mockdouyin.cli._commands import print_error
from mockdouyin.cli._error_texts import STORE_SEED
from mockdouyin.cli._language import chosen_language
from mockdouyin.core.apps import KINDS, AppKind, AppSpec, demo_apps, guess_kind
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.settings import Settings
from mockdouyin.sandbox import Sandbox
from mockdouyin.scenario import Scenario
from mockdouyin.scenario.scenario import DEFAULT, lay_over, load, read, settings_of
from mockdouyin.scenario.scenario_files import find

if TYPE_CHECKING:
    from mockdouyin.server.parts import SandboxParts

MEMORY = "memory"
"""The default store, which needs no other program."""


class SandboxOptions(NamedTuple):
    """The command line's options for a sandbox; a changed scenario file is loaded through them."""

    scenarios: tuple[str, ...]
    """Names and files, as the user wrote them; each is laid over the one before."""
    apps: dict[str, AppSpec]
    overrides: dict[str, Any]
    """Settings that win over the scenario's."""
    seed: int | None
    webhook_hosts: tuple[str, ...] = ()
    """Hosts that webhooks may go to, besides this machine and private networks."""

    def load_scenario(self) -> Scenario:
        """Load the scenarios, each over the one before, with the user's own apps on top."""
        merged = DEFAULT
        for name in self.scenarios:
            merged = lay_over(merged, load(name))
        if not self.apps:
            return merged
        # A demo app stays beside the user's own of that kind, but theirs comes first: it is the
        # one that is meant where none is named.
        apps = {**self.apps, **merged.apps}
        kinds = {_kind(name, spec) for name, spec in merged.apps.items()}
        keys = {spec.client_key for spec in apps.values()}
        demos: dict[str, AppSpec] = {
            kind: AppSpec(kind=kind)
            for kind in KINDS
            if kind not in kinds and demo_apps()[kind].client_key not in keys
        }
        return msgspec.structs.replace(merged, apps={**apps, **demos})

    def settings_for(self, scenario: Scenario) -> Settings:
        """Return the scenario's settings with the command line's over them."""
        return settings_of(scenario, **self.overrides)

    def make_sandbox(self, store: str = MEMORY, *, joins: bool = False) -> Sandbox:
        """Make the sandbox; one that joins others leaves the worlds in their store as they are."""
        if store == MEMORY:
            scenario = self.load_scenario()
            sandbox = Sandbox(scenario, seed=self.seed, settings=self.overrides, **self.parts())
        else:
            sandbox = self._make_shared(store, joins=joins)
        return self.finish(sandbox)

    def parts(self) -> SandboxParts:
        """Return what the sandbox is made with, to be served."""
        from mockdouyin.server.parts import served_parts  # loaded late: it loads the server

        return served_parts(self.webhook_hosts)

    def finish(self, sandbox: Sandbox) -> Sandbox:
        """Give a new sandbox the names of the scenarios, and the language of this terminal."""
        # Until the server wakes it: a receiver may call back, and nobody listens yet.
        sandbox.deliverer.stop()
        sandbox.scenarios = self.scenario_paths()
        sandbox.language = chosen_language()
        return sandbox

    def _make_shared(self, store: str, *, joins: bool) -> Sandbox:
        from mockdouyin.redis_store import (  # loaded late: most servers keep state in memory
            RedisConnection,
            SharedSandbox,
        )

        scenario = self.load_scenario()
        language = chosen_language()
        redis = RedisConnection(store, log=lambda says: print_error(says.render(language)))
        sandbox = SharedSandbox(
            redis, scenario, seed=self.seed, settings=self.overrides, **self.parts()
        )
        seed = sandbox.default.settings.seed
        if self.seed not in (None, seed):
            raise MockDouyinError(
                STORE_SEED(seed=self.seed, url=sandbox.redis.display_url, other=seed)
            )
        if not joins and (self.scenarios or self.apps or self.overrides):
            world, settings = sandbox.default, self.settings_for(scenario)

            def load() -> None:
                # One that was switched to another scenario since then keeps that.
                if world.switch is None or world.began_with != scenario:
                    world.load(scenario, settings)

            world.transact(load)
        return sandbox

    def scenario_paths(self) -> dict[str, Path]:
        """Return the file of each scenario by the name that the user gave it."""
        return {name: find(name).absolute() for name in self.scenarios}

    def watched_files(self) -> list[Path]:
        """Return every file of the scenarios, those that they extend included."""
        found: dict[Path, None] = {}
        for name in self.scenarios:
            path = find(name)
            while path not in found:
                found[path] = None
                below = read(str(path)).extends
                if below is not None:
                    path = find(below, path.parent)
        return list(found)


def _kind(name: str, spec: AppSpec) -> AppKind:
    return spec.kind or (guess_kind(spec.client_key) if spec.client_key else "mini_program")
