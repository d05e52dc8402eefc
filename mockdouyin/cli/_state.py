"""`serve --state FILE`: open a sandbox that continues where the last one stopped."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from mockdouyin.cli import _texts
from mockdouyin.cli._commands import print_error
from mockdouyin.cli._error_texts import STATE_SEED
from mockdouyin.cli._language import chosen_language
from mockdouyin.cli._sandbox_options import MEMORY, SandboxOptions
from mockdouyin.cli._texts import say
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.texts import Text
from mockdouyin.sandbox import Sandbox

if TYPE_CHECKING:
    from mockdouyin.persistence.state_dump import StateDump
    from mockdouyin.persistence.state_file import StateFile, StateWriter

STATE_INTERVAL = 5.0
"""Seconds between two writes of the state file, by default."""


class OpenedSandbox(NamedTuple):
    """A sandbox to serve, with the writer of its state file and a line for the greeting."""

    sandbox: Sandbox
    writer: StateWriter | None = None
    note: str = ""


class StorageOptions(NamedTuple):
    """Where a sandbox's state is kept."""

    path: Path | None = None
    interval: float = STATE_INTERVAL
    store: str = MEMORY
    joins: bool = False
    """Whether other processes use the store already: their worlds are left as they are."""


@contextmanager
def open_sandbox(options: SandboxOptions, storage: StorageOptions) -> Iterator[OpenedSandbox]:
    """Make the sandbox, from its state file if it has one; the file stays locked meanwhile."""
    path = storage.path
    if path is None:
        sandbox = options.make_sandbox(storage.store, joins=storage.joins)
        try:
            yield OpenedSandbox(sandbox)
        finally:
            sandbox.close()
        return
    from mockdouyin.persistence.state_file import (  # loaded late: only where there is a file
        StateFile,
        StateWriter,
    )

    file = StateFile(path)
    try:
        sandbox, note = _load_file(file, options)
        writer = StateWriter(file, sandbox, storage.interval, options.overrides, print_error)
        yield OpenedSandbox(sandbox, writer, note)
    finally:
        file.close()


def _load_file(file: StateFile, options: SandboxOptions) -> tuple[Sandbox, str]:
    """Return the sandbox and the greeting's note; a damaged file is moved aside."""
    from mockdouyin.persistence.state_file import DamagedError, format_left_out

    note, left_out = say(_texts.STATE_NEW, path=str(file.path)), list[Text]()
    try:
        dump = file.read(left_out.append)
        if dump is None:
            return options.make_sandbox(), note
        if left_out:
            copy = file.copy_aside()
            head = _texts.STATE_LEFT_OUT(path=str(file.path), copy=copy.name)
            print_error(format_left_out(head, left_out, chosen_language()))
        sandbox = _restore(options, file, dump)
        return sandbox, _continued(file, dump)
    except DamagedError as error:
        aside = file.set_aside()
        moved = {"path": str(file.path), "aside": aside.name}
        print_error(say(_texts.STATE_MOVED, **moved, error=error.says))
        return options.make_sandbox(), note


def _continued(file: StateFile, dump: StateDump) -> str:
    records = sum(len(table) for world in dump.worlds for table in world.records.values())
    worlds = len(dump.worlds)
    template = _texts.STATE_CONTINUED if worlds > 1 else _texts.STATE_CONTINUED_ONE
    return say(template, path=str(file.path), worlds=worlds, records=records)


def _restore(options: SandboxOptions, file: StateFile, dump: StateDump) -> Sandbox:
    from mockdouyin.persistence.state_dump import load
    from mockdouyin.persistence.state_file import DamagedError, as_damaged

    before = dump.worlds[0].definition
    seed = before.settings.seed
    if options.seed not in (None, seed):
        raise MockDouyinError(STATE_SEED(seed=options.seed, path=str(file.path), other=seed))
    scenario = options.load_scenario()
    try:
        sandbox = options.finish(Sandbox(before.scenario, seed=seed, **options.parts()))
        load(sandbox, dump)
    except MockDouyinError as error:
        raise DamagedError(error.says) from None
    except Exception as error:  # noqa: BLE001 - whatever is in a file, it is the file's fault
        raise as_damaged(error) from None
    world = sandbox.default
    if scenario != before.began_with or options.overrides != dump.over:
        # As a running server does when its file changed: what did not change keeps its state.
        world.load(scenario, options.settings_for(scenario))
    return sandbox
