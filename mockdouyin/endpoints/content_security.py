"""Content security (内容安全): whether texts and images are violations, in three generations.

The oldest calls take tasks and answer in an envelope of their own; the second version looks at one
image, with the token in the body; the third has the token in a header, on open.douyin.com.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

import msgspec

from mockdouyin.core.calls import Call, TokenFields
from mockdouyin.core.endpoint import Family
from mockdouyin.core.envelopes import Gateway, JsonSchema, encode, object_schema
from mockdouyin.core.errors import DouyinError, ErrorCase
from mockdouyin.domain.content_security import (
    IMAGE_MODELS,
    IMAGE_TARGETS,
    TEXT_MODEL,
    find_in_image,
    is_address,
    is_violation,
)
from mockdouyin.domain.tokens import app_of_token
from mockdouyin.endpoints import _content_texts as content_texts
from mockdouyin.endpoints import _texts as texts
from mockdouyin.endpoints.declared.envelopes import Coded
from mockdouyin.endpoints.error_tables import content as tables

_DOC = "mini-app/develop/server/basic-abilities/content-security/"


class TagsEnvelope:
    """`log_id` and `data`; a refusal has `error_id`, `code`, and its text twice."""

    def success(self, payload: Any, log_id: str, now: float) -> bytes:
        """Encode the results, one for each task."""
        return encode({"log_id": log_id, "data": payload})

    def failure(self, case: ErrorCase, detail: str, empty: Any, log_id: str, now: float) -> bytes:
        """Encode the number and the text."""
        error_id = hashlib.md5(log_id.encode()).hexdigest()
        said = {"message": detail or case.text, "exception": detail or case.text}
        return encode({"error_id": error_id, "code": case.code, **said})

    def schema(self, payload: JsonSchema | None) -> JsonSchema:
        """Return the JSON Schema of a success."""
        return object_schema(log_id={"type": "string"}, data=payload or {})

    def failure_schema(self, empty: JsonSchema | None) -> JsonSchema:
        """Return the JSON Schema of a refusal."""
        text = {"type": "string"}
        return object_schema(error_id=text, code={"type": "integer"}, message=text, exception=text)


older: Family = Family(
    "content_security_toutiao",
    hosts=("developer.toutiao.com", "open-sandbox.douyin.com"),
    envelope=TagsEnvelope(),
    malformed=400,
    errors=tables.TAGS,
    token_headers=("x-token", "access-token", "access_token"),
)

newer: Family = Family(
    "content_security",
    hosts=("open.douyin.com",),
    envelope=Gateway(),
    malformed=28001007,
    errors=tables.CENSOR,
)


class TextTask(msgspec.Struct):
    """A text to look at."""

    content: str | None = None


class TextTasksFields(TokenFields, kw_only=True):
    """The texts to look at."""

    tasks: list[TextTask] = []


class Prediction(msgspec.Struct):
    """What a model says: `hit` is true, and `prob` 1, for a violation."""

    prob: int
    hit: bool
    target: str | None
    model_name: str


class TaskResult(msgspec.Struct):
    """What the models say of one text or image."""

    msg: str
    code: int
    task_id: str
    predicts: list[Prediction]
    data_id: str | None
    cached: bool = False


def _task_id(call: Call[Any], number: int) -> str:
    digits = call.world.ids.digits(18, "content", call.world.journal.next_number, number)
    return f"MICROAPP_7{digits}"


@older.endpoint(
    "POST",
    "/api/v2/tags/text/antidirt",
    doc=_DOC + "content-security-detect",
    basis="documented",
)
def text_antidirt(call: Call[TextTasksFields]) -> list[TaskResult]:
    """Tell of each text whether it is a violation: by the setting `censored_words`."""
    app_of_token(call, "app")
    call.need("bad_params", "tasks")
    contents = _filled(task.content for task in call.fields.tasks)
    return [_text_result(call, number, each, None) for number, each in enumerate(contents)]


def _filled(contents: Iterable[str | None]) -> list[str]:
    """Return the texts, or refuse a call in which one is missing or empty."""
    filled = []
    for number, each in enumerate(contents, start=1):
        if not each:
            raise DouyinError("bad_params", content_texts.CONTENT_EMPTY(number=number))
        filled.append(each)
    return filled


def _text_result(call: Call[Any], number: int, text: str, nothing: str | None) -> TaskResult:
    """Return what is told of a text; `nothing` stands where a field is empty."""
    hit = is_violation(call.world.settings, text)
    predicts = [Prediction(int(hit), hit, nothing, TEXT_MODEL)]
    return TaskResult("", 0, _task_id(call, number), predicts, nothing)


class ImageTask(msgspec.Struct):
    """An image to look at: its address, or its bytes in base64."""

    image: str | None = None
    image_data: bytes | None = None


class ImageTasksFields(TokenFields, kw_only=True):
    """The images to look at, and what for."""

    targets: list[str] = []
    tasks: list[ImageTask] = []


@older.endpoint(
    "POST",
    "/api/v2/tags/image/",
    doc="mini-game/develop/server/content-safety/image-detection",
    basis="documented",
)
def tags_image(call: Call[ImageTasksFields]) -> list[TaskResult]:
    """Tell of each image whether it is a violation, for each target: by `censored_images`."""
    app_of_token(call, "app")
    call.need("bad_params", "targets", "tasks")
    targets = call.fields.targets
    strange = next((each for each in targets if each not in IMAGE_TARGETS), None)
    if strange is not None:
        why = content_texts.TARGET_UNKNOWN(got=strange[:80], known=list(IMAGE_TARGETS))
        raise DouyinError("bad_params", why)
    names = [_name(task.image, task.image_data, "bad_params") for task in call.fields.tasks]
    return [_image_result(call, number, name) for number, name in enumerate(names)]


def _image_result(call: Call[ImageTasksFields], number: int, name: str) -> TaskResult:
    found = find_in_image(call.world.settings, name, IMAGE_TARGETS)
    predicts = [
        Prediction(int(target in found), target in found, target, f"image_{target}")
        for target in dict.fromkeys(call.fields.targets)
    ]
    return TaskResult("", 0, _task_id(call, number), predicts, None)


def _name(address: str | None, content: bytes | None, no_image: str) -> str:
    """Return that by which an image is found: its address, or else its bytes as Latin-1."""
    if not address:
        if not content:
            why = content_texts.IMAGE_MISSING()
            raise DouyinError("bad_params", why, detail="image must have a value")
        return content.decode("latin-1")
    if not is_address(address):
        raise DouyinError(no_image, content_texts.IMAGE_ADDRESS(got=address[:200]))
    return address


class ImageFields(TokenFields, kw_only=True):
    """The image to look at."""

    app_id: str = ""
    image: str = ""
    image_data: bytes = b""


class ModelHit(msgspec.Struct):
    """Whether a model finds something in an image."""

    model_name: str
    hit: bool


class ImageReply(msgspec.Struct):
    """What each model says."""

    predicts: list[ModelHit]


def _look(call: Call[ImageFields], token: Any, no_image: str) -> ImageReply:
    fields, app = call.fields, app_of_token(call, token)
    call.need("bad_params", "app_id")
    if fields.app_id != app.client_key:
        raise DouyinError("bad_params", texts.APP_ID_MISMATCH(app=app.client_key))
    name = _name(fields.image, fields.image_data, no_image)
    found = find_in_image(call.world.settings, name, IMAGE_MODELS)
    return ImageReply([ModelHit(model, model in found) for model in IMAGE_MODELS])


@older.endpoint(
    "POST",
    "/api/apps/censor/image",
    doc=_DOC + "picture-detect-v2",
    basis="documented",
    errors=tables.IMAGE_V2,
    envelope=Coded("error", "message", ok="image censor success", flat=True),
    malformed=1,
)
def image_v2(call: Call[ImageFields]) -> ImageReply:
    """Tell what each model finds in an image; the access_token is in the body."""
    return _look(call, "app", "no_image")


@newer.endpoint(
    "POST",
    "/api/apps/v1/censor/image/",
    doc=_DOC + "picture-detect-v3",
    basis="documented",
    envelope=Coded("err_no", "err_msg", ok="image censor success", log="log_id", flat=True),
    scope="apps.cencor.image",
)
def image(call: Call[ImageFields]) -> ImageReply:
    """Tell what each model finds in an image, third version."""
    return _look(call, "client", "bad_params")


class TextsFields(TokenFields, kw_only=True):
    """The texts to look at."""

    app_id: str = ""
    content: list[str] = []


@newer.endpoint(
    "POST",
    "/api/apps/v1/censor/text/",
    doc=_DOC + "content-security-detect-new",
    basis="documented",
    scope="apps.censor.text",
)
def text(call: Call[TextsFields]) -> list[TaskResult]:
    """Tell of each text whether it is a violation, newer version."""
    app = app_of_token(call, "client")
    call.need("bad_params", "app_id", "content")
    if call.fields.app_id != app.client_key:
        raise DouyinError("bad_params", texts.APP_ID_MISMATCH(app=app.client_key))
    contents = _filled(call.fields.content)
    return [_text_result(call, number, each, "") for number, each in enumerate(contents)]
