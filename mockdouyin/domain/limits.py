"""Frequency limits and daily quotas: off unless a world enforces them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mockdouyin.core.clock import DAY
from mockdouyin.core.errors import DouyinError
from mockdouyin.core.store import Record, Unit

if TYPE_CHECKING:
    from mockdouyin.core.endpoint import Call


class Window(Record, frozen=True):
    """Calls counted so far in one window of time."""

    TABLE = "Window"

    calls: int


def count(unit: Unit, what: str, period: float) -> int:
    """Count one more call in the present window; it stays counted if the call is refused."""
    start = unit.now // period * period
    key = f"{what} {period:g} {start:.0f}"
    seen = unit.read(Window, key)
    calls = (seen.calls if seen else 0) + 1
    unit.write(key, Window(calls=calls, expires=start + period))
    return calls


def limit(call: Call, what: str, most: int, period: float, case: str) -> None:  # type: ignore[type-arg]
    """Refuse the call when there were already so many in this period, if limits are enforced."""
    if call.world.settings.limits == "off" or call.endpoint.find_case(case) is None:
        return
    calls = count(call.unit, f"{call.endpoint.full_name} {what}", period)
    call.unit.savepoint()
    if calls > most:
        raise DouyinError(case, f"call {calls} of at most {most} in {period:g} s for {what}")


def limit_app(call: Call, client_key: str) -> None:  # type: ignore[type-arg]
    """Refuse beyond an app's calls a second, or its quota for the endpoint's scope today.

    The quota is one for each app and scope, whichever endpoints share it; a new day begins at
    08:00 in Beijing.
    """
    settings, endpoint = call.world.settings, call.endpoint
    if settings.limits == "off":
        return
    limit(call, client_key, settings.calls_per_second, 1.0, "rate_limited")
    if endpoint.scope and endpoint.find_case("quota_used_up"):
        used = count(call.unit, f"{client_key} {endpoint.scope}", DAY)
        call.unit.savepoint()
        if used > settings.daily_quota:
            raise DouyinError(
                "quota_used_up",
                f"call {used} of at most {settings.daily_quota} today for scope {endpoint.scope}",
            )
