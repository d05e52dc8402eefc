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
from tests.endpoints.calls_user import OTHER, Business, Upload, business_ask, unit_of, works
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
    names = ("item_id", "sec_item_id", "video_id")
    name = next(each for each in names if each in endpoint.types.fields.__struct_fields__)
    return _changed(endpoint, **{name: "@nothing=="})


@by("bad_comment")
def _there_is_no_such_comment(endpoint: Endpoint) -> Provoked:
    return _changed(endpoint, comment_id="@nothing==")


@by("comment_elsewhere")
def _the_work_is_another(endpoint: Endpoint) -> Provoked:
    scene = Scene()
    ask = good(scene, endpoint.full_name)
    if endpoint.family.name == "video_search":
        other = ask.having(sec_item_id=works(scene, OTHER)[0].item_id)
    else:
        other = ask.having(item_id=works(scene)[1].item_id)
    return Provoked(scene, other, good=ask)


@by(("item_comment.comment_reply", "forbidden_content"))
@by(("enterprise_comment.comment_reply", "forbidden_content"))
@by(("item_data", "forbidden_content"), ("item_data_bc", "forbidden_content"))
@by(("video_search", "forbidden_content"))
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


# A business relation.

BUSINESS = ("user_data_bc", "item_data_bc", "oauth.business_scopes")


@by(*((name, "expired_token") for name in BUSINESS))
def _the_business_token_is_30_days_old(endpoint: Endpoint) -> Provoked:
    scene = Scene()
    ask = good(scene, endpoint.full_name)
    scene.advance(30 * DAY)
    return Provoked(scene, ask)


@by(("item_data_bc", "not_granted"))
def _the_business_token_is_for_another_scope(endpoint: Endpoint) -> Provoked:
    scene = Scene()
    ask = good(scene, endpoint.full_name)
    other = Business(scene, scope="video.list.bind").headers["access-token"]
    return Provoked(scene, ask.with_token(other), good=ask)


@by(("oauth.business_token", "not_granted"))
def _the_person_granted_another_business_scope(endpoint: Endpoint) -> Provoked:
    scene = Scene()
    open_id = scene.tokens(scopes=("user_info", "video.list.bind"))["open_id"]
    return Provoked(scene, business_ask(scene, open_id, "video.data.bind"))


@by(("oauth.business_token", "bad_open_id"))
@by(("douyin_accounts", "bad_open_id"), ("business_auth", "bad_open_id"))
def _nobody_has_the_open_id_here(endpoint: Endpoint) -> Provoked:
    return _changed(endpoint, open_id=Scene().open_id("mini_game"))


@by(("oauth.refresh_biz_token", "bad_refresh_token"))
def _the_business_relation_was_ended(endpoint: Endpoint) -> Provoked:
    scene = Scene()
    ask = good(scene, endpoint.full_name)
    scene.revoke()
    return Provoked(scene, ask)


# Accounts.


@by(("douyin_accounts", "not_granted"), ("business_auth", "not_granted"))
def _the_consent_is_two_hours_old(endpoint: Endpoint) -> Provoked:
    scene = Scene()
    ask = good(scene, endpoint.full_name)
    scene.advance(2 * HOUR)
    return Provoked(scene, ask.with_token(scene.client_token("web")))


@by(("video_search", "not_granted"))
def _the_user_token_is_for_less(endpoint: Endpoint) -> Provoked:
    scene = Scene()
    ask = good(scene, endpoint.full_name)
    lesser = tuple(s for s in scene.app("web").scopes if s != endpoint.scope)
    return Provoked(scene, ask.with_token(scene.tokens(scopes=lesser)["access_token"]), good=ask)


@by(("douyin_accounts.role_check", "bad_params"))
def _no_role_is_asked_about(endpoint: Endpoint) -> Provoked:
    return _changed(endpoint, "role_labels must have a value", role_labels=None)


@by("bad_douyin_id")
def _nobody_has_the_number(endpoint: Endpoint) -> Provoked:
    return _changed(endpoint, open_id=None, douyin_shortId="12345678")


REQUIRED |= {
    "oauth.business_token": "open_id",
    "oauth.refresh_biz_token": "refresh_token",
    "video_search.search_comment_list": "sec_item_id",
    "video_search.search_comment_reply_list": "sec_item_id",
    "douyin_accounts.get_iframe_by_item": "item_id",
    "douyin_accounts.get_iframe_by_video": "video_id",
    "hot.trending_sentences": "count",
    "hot.hot_videos": "hot_sentence",
    "hot.rank_item": "type",
    "hot.rank_version": "count",
    "hot.star_hot_list": "hot_list_type",
}
