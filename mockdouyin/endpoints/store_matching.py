"""Matching a merchant's stores with places of Douyin: a task for all stores of one call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mockdouyin.core.calls import Call
from mockdouyin.core.errors import DouyinError
from mockdouyin.endpoints import _life_texts as texts
from mockdouyin.endpoints.declared.operation import Operation
from mockdouyin.endpoints.declared.resources import Shelf, View

Act = Callable[[Call[Any], Operation, str, dict[str, Any]], dict[str, Any]]

WAITING, OVER = 1, 5
MATCHED, NOT_MATCHED = 1, 2


def submitting(stores: str, key: str) -> Act:
    """Return what a call does whose parameter `stores` has stores with the merchant's own key."""

    def submit(
        call: Call[Any], operation: Operation, owner: str, sent: dict[str, Any]
    ) -> dict[str, Any]:
        tasks, matches = _shelves(call, operation, owner)
        rows = sent[stores]
        task = tasks.create({"stores": [row[key] for row in rows]})
        for row in rows:
            _put(matches, row[key], {**row, "task_id": task.key, "match_status": WAITING})
        return {"task": task}

    return submit


def _put(matches: Shelf, key: str, fields: dict[str, Any]) -> None:
    if matches.find(key) is None:
        matches.create(fields, key)
    else:
        matches.change(key, fields)


def telling_of_tasks(parameter: str) -> Act:
    """Return what a call does that asks for a task's matches, or for those of several tasks."""

    def tell(
        call: Call[Any], operation: Operation, owner: str, sent: dict[str, Any]
    ) -> dict[str, Any]:
        tasks, matches = _shelves(call, operation, owner)
        asked = sent.get(parameter) or ""
        keys = []
        for number in map(str, asked if isinstance(asked, list) else [asked]):
            task = tasks.find(number)
            if task is None:
                raise DouyinError(_missing(call), texts.NO_TASK(task=number))
            keys += task.fields["stores"]
        return {"match": _told(call, matches, keys)}

    return tell


def telling_of_stores(parameter: str) -> Act:
    """Return what a call does that asks for the matches of one store or of several."""

    def tell(
        call: Call[Any], operation: Operation, owner: str, sent: dict[str, Any]
    ) -> dict[str, Any]:
        asked = sent.get(parameter) or []
        keys = asked if isinstance(asked, list) else [asked]
        return {"match": _told(call, _shelves(call, operation, owner)[1], keys)}

    return tell


def _shelves(call: Call[Any], operation: Operation, owner: str) -> tuple[Shelf, Shelf]:
    task, match = (
        Shelf(call.world, call.unit, operation.named_resource(name), owner)
        for name in ("task", "match")
    )
    return task, match


def _missing(call: Call[Any]) -> str:
    own = "bad_business_params"
    return own if call.endpoint.find_case(own) else "not_found"


def _told(call: Call[Any], matches: Shelf, keys: list[str]) -> list[View]:
    """Return matches as they are now; who refuses audits finds no place for any store."""
    is_found = call.world.settings.audit_result != "refused"
    views = (matches.find(str(key)) for key in keys)
    return [_as_now(view, is_found=is_found) for view in views if view is not None]


def _as_now(view: View, *, is_found: bool) -> View:
    is_over = view.fields["match_status"] == OVER
    result = (MATCHED if is_found else NOT_MATCHED) if is_over else 0
    told = {
        "match_result": result,
        "match_message": "" if is_found or not is_over else "匹配不到门店",
        "match_poi_id": view.fields["poi_id"] if result == MATCHED else "0",
        "match_relation_status": 2 if result == MATCHED else 3,
    }
    return View(view.key, {**view.fields, **told})
