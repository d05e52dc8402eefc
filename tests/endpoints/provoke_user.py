"""What leads to the errors of what a backend calls after login."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec

from mockdouyin.core.clock import DAY, HOUR
from mockdouyin.core.endpoint import Endpoint
from mockdouyin.core.http import Request
from mockdouyin.domain import direct_messages
from mockdouyin.domain.uploads import MAX_VIDEO, PartUpload
from tests.endpoints.calls import PERSON, Ask, Scene, good
from tests.endpoints.calls_user import OTHER, Upload, unit_of, works
from tests.endpoints.provoke import REQUIRED, Provoked, _changed, by


@by(("tool.client_upload", "bad_params"))
def _there_is_no_image(endpoint: Endpoint) -> Provoked:
    scene = Scene()
    ask = good(scene, endpoint.full_name)
    assert isinstance(ask, Upload)
    other = replace(ask, name="picture")
    return Provoked(scene, other, "image must have a value", good=ask)


@by("not_own")
def _the_work_is_another_persons(endpoint: Endpoint) -> Provoked:
    scene = Scene()
    ask, theirs = good(scene, endpoint.full_name), works(scene, OTHER)[0].item_id
    one = "item_id" in (ask.fields or {})
    changed: dict[str, Any] = {"item_id": theirs} if one else {"item_ids": [theirs]}
    return Provoked(scene, ask.having(**changed), good=ask)


class _TooLong(Upload):
    def request(self) -> Request:
        return msgspec.structs.replace(super().request(), body=b"", too_long=200 * 1024 * 1024)


@by("file_too_large")
def _the_body_is_over_the_limit(endpoint: Endpoint) -> Provoked:
    scene = Scene()
    ask = good(scene, endpoint.full_name)
    return Provoked(scene, _TooLong(**vars(ask)), good=ask)


@by(("video.complete_video_part_upload", "file_too_large"))
def _the_parts_are_over_4_gb(endpoint: Endpoint) -> Provoked:
    scene = Scene()
    ask, unit = good(scene, endpoint.full_name), unit_of(scene)
    made = PartUpload(
        app=scene.app("web").client_key,
        person=PERSON,
        parts={1: MAX_VIDEO, 2: 1},
        expires=unit.now + HOUR,
    )
    unit.write("many-parts", made)
    unit.commit()
    return Provoked(scene, ask.having(upload_id="many-parts"), good=ask)


@by("bad_video_id")
def _a_work_was_made_of_the_upload(endpoint: Endpoint) -> Provoked:
    scene = Scene()
    ask = good(scene, endpoint.full_name)
    scene.send(ask)
    return Provoked(scene, ask, good=good(scene, endpoint.full_name))


@by("too_many_posts")
def _it_is_the_76th_of_a_day(endpoint: Endpoint) -> Provoked:
    scene = Scene(limits="enforce")
    ask = good(scene, endpoint.full_name)
    client_key = scene.app("web").client_key
    scene.called(f"{endpoint.full_name} {client_key} {PERSON}", 75, DAY)
    return Provoked(scene, ask)


@by("same_open_id")
def _the_follower_is_the_person(endpoint: Endpoint) -> Provoked:
    return _changed(endpoint, follower_open_id=Scene().open_id("web"))


@by("no_video")
def _there_is_no_such_work(endpoint: Endpoint) -> Provoked:
    return _changed(endpoint, item_id="@nothing==")


@by("bad_comment")
def _there_is_no_such_comment(endpoint: Endpoint) -> Provoked:
    return _changed(endpoint, comment_id="@nothing==")


@by("comment_elsewhere")
def _the_work_is_another(endpoint: Endpoint) -> Provoked:
    scene = Scene()
    ask = good(scene, endpoint.full_name)
    return Provoked(scene, ask.having(item_id=works(scene)[1].item_id), good=ask)


@by(("item_comment.comment_reply", "forbidden_content"))
@by(("enterprise_comment.comment_reply", "forbidden_content"))
def _the_text_has_the_word(endpoint: Endpoint) -> Provoked:
    return _changed(endpoint, content="这里有敏感词。")


def _touching(scene: Scene, endpoint: Endpoint) -> Ask:
    return good(scene, endpoint.full_name).having(msg_id=None)


@by("not_permitted")
def _the_other_allowed_no_messages(endpoint: Endpoint) -> Provoked:
    scene = Scene()
    ask, unit = _touching(scene, endpoint), unit_of(scene)
    direct_messages.allow(unit, scene.app("web"), PERSON, OTHER, allowed=False)
    unit.commit()
    return Provoked(scene, ask, good=ask.having(msg_id="@m=="))


@by("too_many_touches")
def _it_is_the_fourth_of_a_day(endpoint: Endpoint) -> Provoked:
    scene = Scene(limits="enforce")
    ask, unit = _touching(scene, endpoint), unit_of(scene)
    direct_messages.allow(unit, scene.app("web"), PERSON, OTHER)
    unit.commit()
    whom = f"{scene.app('web').client_key} {PERSON} {OTHER}"
    scene.called(f"{endpoint.full_name} {whom}", 3, DAY)
    return Provoked(scene, ask, good=ask.having(msg_id="@m=="))


@by("bad_message")
def _the_message_was_recalled(endpoint: Endpoint) -> Provoked:
    scene = Scene()
    ask = good(scene, endpoint.full_name)
    scene.send(ask)
    return Provoked(scene, ask)


@by(("im.authorize_status", "bad_open_id"))
def _the_other_is_nobody_here(endpoint: Endpoint) -> Provoked:
    scene = Scene()
    ask = good(scene, endpoint.full_name)
    return Provoked(scene, ask.having(c_open_id=scene.open_id("mini_program")), good=ask)


REQUIRED |= {
    "hot.trending_sentences": "count",
    "hot.hot_videos": "hot_sentence",
    "hot.rank_item": "type",
    "hot.rank_version": "count",
    "hot.star_hot_list": "hot_list_type",
}
