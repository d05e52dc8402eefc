"""Rate limits and daily quotas; a world enforces them only if its settings say so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from mockdouyin.core.clock import BEIJING_AHEAD, DAY
from mockdouyin.core.errors import DouyinError
from mockdouyin.core.store import Record, Unit
from mockdouyin.domain import texts

if TYPE_CHECKING:
    from mockdouyin.core.calls import Call


class Window(Record, frozen=True):
    """The calls counted in one window of time."""

    TABLE: ClassVar[str] = "Window"

    calls: int


def count(unit: Unit, what: str, period: float) -> int:
    """Count one call in the current window and return the count; a day is one in Beijing."""
    start = (unit.now + BEIJING_AHEAD) // period * period - BEIJING_AHEAD
    key = f"{what} {period:g} {start:.0f}"
    seen = unit.read(Window, key)
    calls = (seen.calls if seen else 0) + 1
    unit.write(key, Window(calls=calls, expires=start + period))
    return calls


def limit(call: Call[Any], what: str, most: int, period: float, case: str) -> None:
    """Refuse the call if it is over the limit of this period, and limits are enforced."""
    if call.world.settings.limits == "off" or call.endpoint.find_case(case) is None:
        return
    calls = count(call.unit, f"{call.endpoint.full_name} {what}", period)
    call.unit.savepoint()  # a refused call counts as well
    if calls > most:
        why = texts.CALLS_TOO_FREQUENT(subject=what, calls=calls, most=most, period=f"{period:g}")
        raise DouyinError(case, why)


def limit_app(call: Call[Any], client_key: str) -> None:
    """Refuse the call if the app is over its rate limit, or today's quota of the scope.

    The endpoints of a scope share one quota per app; a new day begins at midnight in Beijing.
    """
    settings, endpoint = call.world.settings, call.endpoint
    if settings.limits == "off":
        return
    limit(call, client_key, settings.calls_per_second, 1.0, "rate_limited")
    if endpoint.scope and endpoint.find_case("quota_used_up"):
        used = count(call.unit, f"{client_key} {endpoint.scope}", DAY)
        call.unit.savepoint()
        if used > settings.daily_quota:
            why = texts.QUOTA_USED_UP(calls=used, quota=settings.daily_quota, scope=endpoint.scope)
            raise DouyinError("quota_used_up", why)
