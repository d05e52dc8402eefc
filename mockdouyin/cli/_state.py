"""`serve --state FILE`: open a sandbox that continues where the last one stopped."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from mockdouyin.cli._commands import print_error
from mockdouyin.cli._sandbox_options import MEMORY, SandboxOptions
from mockdouyin.core.errors import MockDouyinError
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

    note, left_out = f"State: kept in {file.path}, which is new.", list[str]()
    try:
        dump = file.read(left_out.append)
        if dump is None:
            return options.make_sandbox(), note
        if left_out:
            copy = file.copy_aside()
            head = f"--state {file.path}: the old file is kept as {copy.name}"
            print_error(format_left_out(f"{head}; left out, as it cannot be read:", left_out))
        sandbox = _restore(options, file, dump)
        return sandbox, f"State: continued from {file.path}{_counts(dump)}."
    except DamagedError as error:
        aside = file.set_aside()
        print_error(f"--state {file.path}: {error}; moved to {aside.name}, and the state is new")
        return options.make_sandbox(), note


def _counts(dump: StateDump) -> str:
    records = sum(len(table) for world in dump.worlds for table in world.records.values())
    worlds = len(dump.worlds)
    return f", with {worlds} world{'s' if worlds > 1 else ''} and {records} records"


def _restore(options: SandboxOptions, file: StateFile, dump: StateDump) -> Sandbox:
    from mockdouyin.persistence.state_dump import load
    from mockdouyin.persistence.state_file import DamagedError, as_damaged, in_a_line

    before = dump.worlds[0].definition
    seed = before.settings.seed
    if options.seed not in (None, seed):
        raise MockDouyinError(
            f"--seed {options.seed}: the state in {file.path} has seed {seed}; leave the option"
            " out, or use another file"
        )
    scenario = options.load_scenario()
    try:
        sandbox = options.finish(Sandbox(before.scenario, seed=seed, **options.parts()))
        load(sandbox, dump)
    except MockDouyinError as error:
        raise DamagedError(in_a_line(str(error))) from None
    except Exception as error:  # noqa: BLE001 - whatever is in a file, it is the file's fault
        raise as_damaged(error) from None
    world = sandbox.default
    if scenario != before.began_with or options.overrides != dump.over:
        # As a running server does when its file changed: what did not change keeps its state.
        world.load(scenario, options.settings_for(scenario))
    return sandbox
