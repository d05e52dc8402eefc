"""Operations on errors: which ones can be had, what each means and what to do."""

from __future__ import annotations

from mockdouyin.control._error_texts import (
    ENDPOINTS_LISTED,
    MEANT,
    NO_API,
    NO_ENDPOINT,
    NOT_EMULATED_YET,
)
from mockdouyin.control._operations import OperationCall, OperationQuery, operation
from mockdouyin.control._shown import Shown
from mockdouyin.control._steps import After, Step
from mockdouyin.core.catalogue import Catalogue
from mockdouyin.core.errors import Basis, ErrorCase, NotFoundError, suggestion
from mockdouyin.core.texts import Language, Text
from mockdouyin.endpoints.error_tables.causes import cause_text
from mockdouyin.endpoints.error_tables.meanings import MEANINGS
from mockdouyin.endpoints.unserved_paths import find_known_path, find_meant_name, meant_path
from mockdouyin.phone import APIS


class ErrorQuery(OperationQuery):
    """Whose errors to list: an endpoint's name or path, or a tt API's full name; by default those
    of all endpoints.

    列出谁的错误：接口的名称或路径，或 tt API 的全名，默认是所有接口。
    """

    endpoint: str = ""
    """The endpoint's or tt API's name, or the path.

    接口或 tt API 的名称，或路径。"""


class ErrorShown(Shown, kw_only=True):
    """An error that can be provoked.

    一个能触发的错误。
    """

    endpoint: str
    code: int
    name: str
    text: str
    basis: Basis
    cause: str
    """What leads to it in a running world; `system` if only a trigger can provoke it.

    运行中的世界里什么会导致它；`system` 表示只能用规则等手段触发。"""
    means: str
    """What it means; empty if a scenario's own endpoint declares it.

    含义；场景自己声明的接口则是空的。"""
    fix: str
    """What to do about it, likewise.

    怎么处理，同上。"""
    doc: str


class ErrorsShown(Shown):
    """Errors that can be provoked.

    能触发的错误。
    """

    errors: list[ErrorShown]


@operation("GET", "/errors", in_world=False, long=True, is_static=True)
def errors(call: OperationCall[ErrorQuery]) -> ErrorsShown:
    """List every error that can be provoked, of all endpoints or of one, or of one tt API.

    列出所有接口、某个接口或某个 tt API 能触发的错误。
    """
    return _errors(call.given.endpoint, call.sandbox.catalogue, call.language)


@operation("GET", "/errors", is_short=False, long=True)
def world_errors(call: OperationCall[ErrorQuery]) -> Step[ErrorsShown]:
    """List them with those of the endpoints that the world's scenario declares.

    列出一个世界里能触发的错误，包括场景自己声明的接口的。
    """
    wanted, catalogue, language = call.given.endpoint, call.world.catalogue, call.language
    return After(lambda: _errors(wanted, catalogue, language))


def _errors(wanted: str, catalogue: Catalogue, language: Language) -> ErrorsShown:
    if wanted.startswith("phone."):
        return ErrorsShown(errors=_phone_errors(wanted, language))
    rows = [
        _error(endpoint.full_name, case, endpoint.doc, language)
        for endpoint in catalogue
        if wanted in ("", endpoint.full_name, endpoint.name, *endpoint.paths)
        for case in endpoint.errors
    ]
    if not rows:
        raise NotFoundError(NO_ENDPOINT(wanted=wanted, instead=_instead_of(wanted, catalogue)))
    return ErrorsShown(errors=rows)


def _error(endpoint: str, case: ErrorCase, doc: str, language: Language) -> ErrorShown:
    known = MEANINGS.get(case.name)
    return ErrorShown(
        endpoint=endpoint,
        code=case.code,
        name=case.name,
        text=case.text,
        basis=case.basis,
        cause=cause_text(case.cause).render(language),
        means=known.about.render(language) if known else "",
        fix=known.fix.render(language) if known else "",
        doc=doc,
    )


def _instead_of(wanted: str, catalogue: Catalogue) -> Text:
    """Say what may be asked for in place of a name or a path that no endpoint has."""
    if wanted.startswith("/"):
        known = find_known_path(wanted, catalogue)
        if known is not None and not known.is_emulated:
            return NOT_EMULATED_YET()
        near = meant_path(wanted, catalogue)
    else:
        names = [*(e.full_name for e in catalogue), *(e.name for e in catalogue)]
        near = find_meant_name(wanted, names)
    return MEANT(near=near) if near else ENDPOINTS_LISTED()


def _phone_errors(wanted: str, language: Language) -> list[ErrorShown]:
    """Return what a tt API can pass to `fail`; a number of 0 is left out of what it passes."""
    apis = {api.full_name: api for api in APIS.values()}
    if wanted not in apis:
        raise NotFoundError(NO_API(wanted=wanted, hint=suggestion(wanted, apis)))
    return [_error(wanted, case, "", language) for case in apis[wanted].fails]
