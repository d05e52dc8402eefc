"""Content security: what is found in texts and images, by the settings that say so."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from mockdouyin import Rule
from mockdouyin.domain.content_security import IMAGE_MODELS
from tests.endpoints.calls import Scene
from tests.endpoints.calls_content import key, newer, older, tagged

TEXT = "/api/v2/tags/text/antidirt"
IMAGE = "/api/v2/tags/image"
BAD = "https://p3.example.test/mock-violation.png"


def hits(answer: Any) -> dict[str, bool]:
    """Return which model found something."""
    return {each["model_name"]: each["hit"] for each in answer["predicts"]}


def test_the_words_of_the_settings_are_found_in_any_case() -> None:
    """A text that holds a word of the setting is a violation; the others in the call are none."""
    scene = Scene(censored_words=["Casino", "代开发票"])
    texts = ["play at the CASINO now", "今天天气很好", "可代开发票", "mock-antidirt"]

    answer = scene.ask(tagged(scene, TEXT, tasks=[{"content": text} for text in texts]))

    results = answer["data"]
    assert [each["predicts"][0]["hit"] for each in results] == [True, False, True, False]
    assert [each["predicts"][0]["prob"] for each in results] == [1, 0, 1, 0]
    assert len({each["task_id"] for each in results}) == 4
    assert answer.keys() == {"log_id", "data"}


def test_a_world_finds_its_test_words_from_the_beginning() -> None:
    """Without a setting two words and one pattern are found, which no real text has in it."""
    scene = Scene()
    fields = {"app_id": key(scene), "content": ["这里有测试违规词", "a Mock-Antidirt b", "违规词"]}

    answer = scene.ask(newer(scene, "/api/apps/v1/censor/text/", **fields))

    assert [each["predicts"][0]["hit"] for each in answer["data"]] == [True, True, False]
    image = scene.ask(newer(scene, "/api/apps/v1/censor/image/", app_id=key(scene), image=BAD))
    assert [name for name, hit in hits(image).items() if hit] == ["porn"]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("mock-violation.png", {"porn"}),
        ("mock-violation-bloody.png", {"bloody"}),
        ("mock-violation-cartoon_porn.png", {"cartoon_porn"}),
        ("great_hall/mock-violation/bloody.png", {"great_hall", "bloody"}),
        ("softporn/mock-violation-bloody.png", {"bloody"}),
        ("cat.png", set()),
        ("bloody.png", set()),
    ],
)
def test_an_image_is_found_by_the_models_that_it_names(name: str, found: set[str]) -> None:
    """An image that fits a pattern hits the models named in its address, else that for porn."""
    scene = Scene()
    address = f"https://p3.example.test/uploads/{name}"
    fields = {"app_id": key(scene), "image": address}

    second = scene.ask(older(scene, "/api/apps/censor/image", **fields))
    third = scene.ask(newer(scene, "/api/apps/v1/censor/image/", **fields))

    assert hits(second) == {model: model in found for model in IMAGE_MODELS}
    assert second["predicts"] == third["predicts"]
    assert (second["error"], second["message"]) == (0, "image censor success")
    assert (third["err_no"], third["err_msg"]) == (0, "image censor success")


def test_an_image_in_base64_is_found_by_what_is_written_in_it() -> None:
    """Of an image without an address the bytes are compared, such as a comment in the file."""
    scene = Scene(censored_images=["*secret-sign bloody*"])
    for content, hit in ((b"\x89PNG\xff secret-sign bloody \x00", True), (b"\x89PNG\xff", False)):
        coded = base64.b64encode(content).decode()
        fields = {"app_id": key(scene), "image_data": coded}

        answer = scene.ask(older(scene, "/api/apps/censor/image", **fields))

        assert hits(answer)["bloody"] is hit


def test_a_picture_of_half_a_megabyte_is_looked_at() -> None:
    """What is longer than a text may be is taken as an image."""
    scene = Scene()
    content = base64.b64encode(bytes(500_000) + b"mock-violation").decode()
    asked = {"targets": ["porn"], "tasks": [{"image_data": content}]}

    answer = scene.ask(tagged(scene, IMAGE, **asked))
    second = scene.ask(
        older(scene, "/api/apps/censor/image", app_id=key(scene), image_data=content)
    )

    assert hits(answer["data"][0]) == {"image_porn": True}
    assert hits(second)["porn"]


def test_the_older_call_answers_for_each_target_that_is_asked_for() -> None:
    """Each image has one prediction for each target, in the order of the question."""
    scene = Scene()
    images = [{"image": "https://p3.example.test/mock-violation-ad.png"}, {"image": BAD}]

    answer = scene.ask(tagged(scene, IMAGE, targets=["ad", "politics", "porn"], tasks=images))

    first, second = (hits(each) for each in answer["data"])
    assert list(first) == ["image_ad", "image_politics", "image_porn"]
    assert list(first.values()) == [True, False, False]
    assert list(second.values()) == [False, False, True]


@pytest.mark.parametrize(
    ("path", "fields", "why"),
    [
        (TEXT, {"tasks": [{"content": "a"}, {}]}, "item 2 has no content"),
        (TEXT, {"tasks": []}, "tasks is missing"),
        (TEXT, {"tasks": ["a"]}, "item 1 of tasks should be an object"),
        (IMAGE, {"targets": ["faces"], "tasks": [{"image": BAD}]}, "targets has 'faces'"),
        (IMAGE, {"targets": ["porn"], "tasks": [{"image": "cat.png"}]}, "cannot be fetched"),
        (IMAGE, {"targets": ["porn"], "tasks": [{}]}, "there is no image"),
        (IMAGE, {"targets": ["porn"], "tasks": [{"image": "http://[/"}]}, "cannot be fetched"),
        (IMAGE, {"targets": ["porn"], "tasks": [{"image_data": "a?"}]}, "image_data of item 1"),
    ],
)
def test_a_task_that_cannot_be_looked_at_is_refused(
    path: str, fields: dict[str, Any], why: str
) -> None:
    """A call with such a task is refused with 400, and the reason names the task's mistake."""
    scene = Scene()

    answer = scene.ask(tagged(scene, path, **fields))

    assert answer["code"] == 400
    assert answer["message"] == answer["exception"]
    assert len(answer["error_id"]) == 32
    assert why in list(scene.world.journal)[-1].why.render("en")


def test_the_app_id_must_be_the_tokens() -> None:
    """Who names another app than the token's is refused, in each version that takes an app_id."""
    scene = Scene()
    fields = {"app_id": scene.app("mini_game").client_key, "image": BAD}

    assert scene.ask(older(scene, "/api/apps/censor/image", **fields))["error"] == 1
    newest = scene.ask(newer(scene, "/api/apps/v1/censor/image/", **fields))
    assert newest["err_no"] == 28001007
    texts = {"app_id": fields["app_id"], "content": ["a"]}
    assert scene.ask(newer(scene, "/api/apps/v1/censor/text/", **texts))["err_no"] == 28001007


def test_a_token_in_another_header_is_read_too() -> None:
    """The older calls document X-Token; a client that sends access-token is answered as well."""
    scene = Scene()
    ask = tagged(scene, TEXT, tasks=[{"content": "a"}])
    token = ask.headers["x-token"]
    for headers in ({"access-token": token}, {"access_token": token}):
        answer = scene.ask(type(ask)("POST", TEXT, {}, headers, ask.fields))
        assert len(answer["data"]) == 1


def test_a_rule_compares_an_image_as_it_was_sent() -> None:
    """A rule's condition on image_data is one on its base64."""
    scene = Scene()
    scene.world.rules.add(Rule(on="image_v2", when={"image_data": "YW*"}, error="system_error"))
    for content, number in ((b"abc", 4), (b"xyz", 0)):
        coded = base64.b64encode(content).decode()
        fields = {"app_id": key(scene), "image_data": coded}
        assert scene.ask(older(scene, "/api/apps/censor/image", **fields))["error"] == number
