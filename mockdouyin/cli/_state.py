"""`serve --state FILE`: a sandbox that goes on where the last one stopped."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from mockdouyin.cli._commands import complain
from mockdouyin.cli._plan import MEMORY, Plan
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.sandbox import Sandbox

if TYPE_CHECKING:
    from mockdouyin.persistence.state_dump import StateDump
    from mockdouyin.persistence.state_file import StateFile, StateWriter

EVERY = 5.0
"""Seconds between two times that the file is written, unless said otherwise."""


class Start(NamedTuple):
    """What is to be served, who writes it down, and what there is to say about it."""

    sandbox: Sandbox
    keeper: StateWriter | None = None
    note: str = ""


class Kept(NamedTuple):
    """Where what is served is kept."""

    path: Path | None = None
    every: float = EVERY
    store: str = MEMORY
    joins: bool = False
    """Whether others were there before, whose worlds are taken over as they are."""


@contextmanager
def begun(plan: Plan, kept: Kept) -> Iterator[Start]:
    """Make what is to be served; its file, if it has one, is nobody else's meanwhile."""
    path, every = kept.path, kept.every
    if path is None:
        sandbox = plan.sandbox(kept.store, joins=kept.joins)
        try:
            yield Start(sandbox)
        finally:
            sandbox.close()
        return
    from mockdouyin.persistence.state_file import (  # only where there is a file
        StateFile,
        StateWriter,
    )

    file = StateFile(path)
    try:
        sandbox, note = _out_of(file, plan)
        yield Start(sandbox, StateWriter(file, sandbox, every, plan.over, complain), note)
    finally:
        file.close()


def _out_of(file: StateFile, plan: Plan) -> tuple[Sandbox, str]:
    from mockdouyin.persistence.state_file import DamagedError, format_left_out

    fresh, left_out = f"State: kept in {file.path}, which is new.", list[str]()
    try:
        moment = file.read(left_out.append)
        if moment is None:
            return plan.sandbox(), fresh
        if left_out:
            aside = file.copy_aside()
            says = f"--state {file.path}: as it was it is {aside.name} now; left out, as it cannot"
            complain(format_left_out(f"{says} be read:", left_out))
        return _again(plan, file, moment), f"State: {file.path} goes on{_count(moment)}."
    except DamagedError as error:
        aside = file.set_aside()
        complain(f"--state {file.path}: {error}; it is {aside.name} now, and all begins anew")
        return plan.sandbox(), fresh


def _count(moment: StateDump) -> str:
    records = sum(len(table) for held in moment.worlds for table in held.records.values())
    worlds = len(moment.worlds)
    return f", with {worlds} world{'s' if worlds > 1 else ''} and {records} records"


def _again(plan: Plan, file: StateFile, moment: StateDump) -> Sandbox:
    from mockdouyin.persistence.state_dump import load
    from mockdouyin.persistence.state_file import DamagedError, as_damaged, in_a_line

    before = moment.worlds[0].definition
    seed = before.settings.seed
    if plan.seed not in (None, seed):
        raise MockDouyinError(
            f"--seed {plan.seed}: what {file.path} keeps has seed {seed}; leave the option out,"
            " or give another file"
        )
    scenario = plan.scenario()
    try:
        sandbox = Sandbox(before.scenario, seed=seed)
        load(sandbox, moment)
    except MockDouyinError as error:
        raise DamagedError(in_a_line(str(error))) from None
    except Exception as error:  # noqa: BLE001 - whatever is in a file, it is the file's fault
        raise as_damaged(error) from None
    sandbox.scenarios = plan.told()
    world = sandbox.default
    if scenario != before.scenario or plan.over != moment.over:
        # As a running server does when its file changed: what was not asked anew stays as it is.
        world.load(scenario, plan.settings(scenario))
    return sandbox
