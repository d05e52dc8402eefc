"""Reloads the scenario of a running server when one of its files changes."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from mockdouyin.cli import _greeting_texts as texts
from mockdouyin.cli._commands import print_error
from mockdouyin.cli._console import Console
from mockdouyin.cli._sandbox_options import SandboxOptions
from mockdouyin.core.errors import AwayError, MockDouyinError
from mockdouyin.domain.act_texts import SCENARIO_LOADED
from mockdouyin.sandbox import Sandbox, World

CHECK_INTERVAL = 0.5
"""Seconds between two checks of the scenario files."""

FileStamps = dict[Path, tuple[int, int]]
"""Modification time in nanoseconds and size of each file."""


class ScenarioWatcher:
    """Reloads the scenario when one of its files changes; a broken file changes nothing."""

    def __init__(self, options: SandboxOptions) -> None:
        self._options = options
        self.files = options.watched_files()
        self._seen = self._stat()

    def _stat(self) -> FileStamps | None:
        """Return the stamps, or None while a file is missing: some editors replace it that way."""
        try:
            stats = {path: path.stat() for path in self.files}
        except OSError:
            return None
        return {path: (stat.st_mtime_ns, stat.st_size) for path, stat in stats.items()}

    def check(self, sandbox: Sandbox, console: Console | None) -> None:
        """Reload the scenario if a file changed since the last check."""
        now = self._stat()
        if now is None or now == self._seen:
            return
        before, self._seen = self._seen or {}, now
        changed = ", ".join(str(path) for path in now if now[path] != before.get(path))
        try:
            is_loaded = self._reload(sandbox.default)
            files = self._options.watched_files()
        except AwayError:
            self._seen = before  # the store is away: the next check tries again
            return
        except MockDouyinError as error:
            language = sandbox.language
            head = texts.BROKEN(files=changed).render(language)
            print_error(error.render(language), head)
            return
        if files != self.files:
            self.files = files
            self._seen = self._stat()
        if console is not None:
            name = sandbox.default.scenario.name
            stays = texts.SCENARIO_STAYS(files=changed, scenario=name)
            says = texts.RELOADED(files=changed) if is_loaded else stays
            console.write(says.render(sandbox.language))

    def _reload(self, world: World) -> bool:
        """Load the scenario, unless the world was switched to another one; return whether."""
        scenario = self._options.load_scenario()
        settings = self._options.settings_for(scenario)

        def load() -> bool:
            switch = world.switch
            if switch is not None and world.scenario.name != scenario.name:
                world.switch = replace(switch, began_with=scenario)
                return False
            world.load(scenario, settings)
            says = SCENARIO_LOADED(scenario=scenario.name)
            world.note(world.store.unit(world.clock.now()), "scenario.load", says)
            return True

        return world.transact(load)
