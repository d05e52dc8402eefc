"""Functions that threads run at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable


def together(*actions: Callable[[], object]) -> None:
    """Run functions in threads that begin together; raise what the first failing one raised."""
    start, errors = threading.Barrier(len(actions)), list[BaseException]()

    def run(action: Callable[[], object]) -> None:
        start.wait()
        try:
            action()
        except BaseException as error:  # noqa: BLE001 - it is raised by the caller's thread
            errors.append(error)

    threads = [threading.Thread(target=run, args=(action,)) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
