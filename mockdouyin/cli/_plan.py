"""What `serve` is to serve: scenarios laid over one another, the user's own apps, and switches."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import click
import msgspec

from mockdouyin.cli._commands import complain
from mockdouyin.core import files
from mockdouyin.core.apps import KINDS, AppKind, AppSpec, demo_apps, guess_kind
from mockdouyin.core.bounds import key_problem
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.settings import Settings
from mockdouyin.sandbox import Sandbox
from mockdouyin.scenario import Scenario
from mockdouyin.scenario.scenario import DEFAULT, find, lay_over, load, read, settings_of

MEMORY = "memory"
"""The store that is there without any other program."""


class Plan(NamedTuple):
    """What was asked for on the command line; a changed file is read again through it."""

    names: tuple[str, ...]
    apps: dict[str, AppSpec]
    over: dict[str, Any]
    seed: int | None

    def scenario(self) -> Scenario:
        """Lay the scenarios over one another, and the user's own apps over them."""
        whole = DEFAULT
        for name in self.names:
            whole = lay_over(whole, load(name))
        if not self.apps:
            return whole
        # A demo app stays beside the user's own of that kind, but theirs comes first: it is the
        # one that is meant where none is named.
        given = {**self.apps, **whole.apps}
        kinds = {_kind(name, spec) for name, spec in whole.apps.items()}
        taken = {spec.client_key for spec in given.values()}
        demos: dict[str, AppSpec] = {
            kind: AppSpec(kind=kind)
            for kind in KINDS
            if kind not in kinds and demo_apps()[kind].client_key not in taken
        }
        return msgspec.structs.replace(whole, apps={**given, **demos})

    def settings(self, scenario: Scenario) -> Settings:
        """Give the scenario's settings, with the command line's over them."""
        return settings_of(scenario, **self.over)

    def sandbox(self, store: str = MEMORY, *, joins: bool = False) -> Sandbox:
        """Make what is to be served; one that joins others changes nothing of what they share."""
        if store == MEMORY:
            made = Sandbox(self.scenario(), seed=self.seed, settings=self.over)
        else:
            made = self._shared(store, joins=joins)
        made.scenarios = self.told()
        return made

    def _shared(self, store: str, *, joins: bool) -> Sandbox:
        from mockdouyin.redis_store import (  # redis, where it is asked for
            RedisConnection,
            SharedSandbox,
        )

        scenario = self.scenario()
        link = RedisConnection(store, tell=complain)
        made = SharedSandbox(link, scenario, seed=self.seed, settings=self.over)
        seed = made.default.settings.seed
        if self.seed not in (None, seed):
            raise MockDouyinError(
                f"--seed {self.seed}: the worlds in {made.link.place} have seed {seed}; leave the"
                " option out, or take another database"
            )
        if not joins and (self.names or self.apps or self.over):
            world, settings = made.default, self.settings(scenario)
            world.transact(lambda: world.load(scenario, settings))
        return made

    def told(self) -> dict[str, Path]:
        """Return the file of each scenario by the name that it was asked for by."""
        return {name: find(name).absolute() for name in self.names}

    def files(self) -> list[Path]:
        """Name every file that a scenario of the plan is written in."""
        found: dict[Path, None] = {}
        for name in self.names:
            path = find(name)
            while path not in found:
                found[path] = None
                below = read(str(path)).extends
                if below is not None:
                    path = find(below, path.parent)
        return list(found)


def _kind(name: str, spec: AppSpec) -> AppKind:
    return spec.kind or (guess_kind(spec.client_key) if spec.client_key else "mini_program")


VARIABLE = "MOCKDOUYIN_APPS"
"""Names the user's own apps where `ps` does not show them."""

_LARGEST = 64 * 1024
"""Bytes of a file of apps."""

_FORM = "KEY:SECRET or KEY:SECRET:KIND"


def read_app(text: str, where: str = "--app") -> AppSpec:
    """Read KEY:SECRET or KEY:SECRET:KIND. A mistake is told without the secret."""
    key, *rest = text.split(":")
    kind = rest[1] if len(rest) == 2 else None
    if not key or len(rest) not in (1, 2) or not rest[0]:
        raise click.UsageError(f"{where} takes {_FORM}; a secret has no colon in it")
    for what, part in (("key", key), ("secret", rest[0])):
        if says := key_problem(part):
            raise click.UsageError(f"{where} {ascii(key[:60])}: the {what} {says}")
    if kind is not None and kind not in KINDS:
        raise click.UsageError(f"{where} takes {_FORM}; KIND is {', '.join(KINDS)}")
    return AppSpec(kind=kind or guess_kind(key), client_key=key, client_secret=rest[0])


def read_apps(
    texts: Iterable[str], file: Path | None = None, variable: str = ""
) -> dict[str, AppSpec]:
    """Read every app, by key: those of --app, of a file, and others of the variable."""
    apps: dict[str, AppSpec] = {}
    for where, text in [*(("--app", text) for text in texts), *_lines(file)]:
        spec = read_app(text, where)
        key = spec.client_key or ""
        if key in apps:
            raise click.UsageError(f"{where}: the app {key} is there twice")
        apps[key] = spec
    others = [read_app(text, VARIABLE) for text in variable.split()]
    for spec in others:
        apps.setdefault(spec.client_key or "", spec)
    return apps


def _lines(file: Path | None) -> list[tuple[str, str]]:
    """Return each app of a file with its place; a line that begins with # is a comment."""
    if file is None:
        return []
    try:
        lines = files.read_text(file, _LARGEST).splitlines()
    except OSError as error:
        raise MockDouyinError(f"--app-file {file}: {error.strerror or error}") from None
    return [
        (f"--app-file {file}:{number}", line.strip())
        for number, line in enumerate(lines, 1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
