"""What leads to every error that has a cause of its own, and the call that is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mockdouyin.core.clock import DAY, MINUTE
from mockdouyin.core.endpoint import Endpoint
from mockdouyin.core.errors import ErrorCase
from tests.endpoints.calls import Ask, Scene, good, kind_of, sign, storing
from tests.endpoints.calls_user import BUILDERS


@dataclass(frozen=True)
class Provoked:
    """A call that is refused, and where it makes sense the good one that still succeeds."""

    scene: Scene
    ask: Ask
    detail: str = ""
    """More exact words than the error's own, where the family has room for them."""
    good: Ask | None = None


Provocation = Callable[[Endpoint], Provoked]

PROVOCATIONS: dict[str | tuple[str, str], Provocation] = {}
"""By the error's name, or by endpoint or family and name where these have their own way."""


def provoke(endpoint: Endpoint, case: ErrorCase) -> Provoked:
    """Bring an error about by its natural cause."""
    own = PROVOCATIONS.get((endpoint.full_name, case.name))
    familys = PROVOCATIONS.get((endpoint.family.name, case.name))
    found = own or familys or PROVOCATIONS.get(case.name)
    assert found is not None, f"nothing here provokes {case.name} of {endpoint.full_name}"
    return found(endpoint)


def by(*names: str | tuple[str, str]) -> Callable[[Provocation], Provocation]:
    """Say which errors the decorated function brings about."""

    def keep(function: Provocation) -> Provocation:
        PROVOCATIONS.update((name, function) for name in names)
        return function

    return keep


def _changed(endpoint: Endpoint, detail: str = "", **changes: Any) -> Provoked:
    scene = Scene()
    ask = good(scene, endpoint.full_name)
    return Provoked(scene, ask.having(**changes), detail, ask)


# Parameters.

REQUIRED: dict[str, str] = {
    "mini_game.stable_app_token": "appid",
    "mini_game.set_user_storage": "openid",
    "mini_game.remove_user_storage": "openid",
    "mini_game.check_session_key": "signature",
    "mini_game.reset_session_key": "signature",
    "mini_program.notify": "tpl_id",
    "mini_game.notify": "tpl_id",
    "oauth.user_token": "code",
    "trade.query_order_v2": "order_id",
    "oauth.client_token": "client_secret",
    "oauth.stable_client_token": "client_secret",
    "oauth.user_info": "open_id",
    "oauth.connect": "scope",
    "oauth.get_qrcode": "next",
    "oauth.check_qrcode": "token",
    "silent.authorize": "scope",
    "microapp.code_to_session": "code",
    "microapp.phone_number": "code",
    "subscription.notify_user": "msg_id",
    "subscription.query_user_subscribe": "msg_id",
    "subscription.create_tpl": "title",
    "subscription.add_app_tpl": "template_id",
    "subscription.delete_app_tpl": "msg_id",
    "subscription.query_tpl_list": "classification",
    "subscription.query_app_tpl": "classification",
    "subscription.query_created_tpl_list": "page_num",
    "schema.get_share": "expire_at",
    "schema.get_user_profile": "expire_at",
    "schema.get_chat": "expire_at",
    "schema.get_live": "expire_at",
    "schema.get_item_info": "expire_at",
    "webhook.event_status_update": "list",
    "webhook.send_test_event": "event_type",
    "platform_webhook.update_event_status": "event_list",
}
"""A parameter that the endpoint cannot do without."""


@by("bad_params")
def _a_parameter_is_missing(endpoint: Endpoint) -> Provoked:
    name = REQUIRED.get(endpoint.full_name, "secret")
    if "open_id" in endpoint.types.fields.__struct_fields__ and endpoint.full_name in BUILDERS:
        name = "open_id"
    return _changed(endpoint, f"{name} must have a value", **{name: None})


@by(("tickets.js_ticket", "bad_params"), ("tickets.open_ticket", "bad_params"))
@by(("share.share_id", "bad_params"), ("hot.sentences", "bad_params"))
@by(("webhook.event_status_list", "bad_params"), ("oauth.business_scopes", "bad_params"))
@by(("im.get_applet_template", "bad_params"))
@by(("platform_webhook.event_statuses", "bad_params"))
@by(("platform_webhook.reset_secret", "bad_params"))
@by(("oauth.refresh_token", "bad_params"), ("oauth.renew_refresh_token", "bad_params"))
def _the_body_cannot_be_read(endpoint: Endpoint) -> Provoked:
    provoked = _changed(endpoint)
    return Provoked(provoked.scene, _Unreadable(**vars(provoked.ask)), good=provoked.good)


class _Unreadable(Ask):
    @property
    def body(self) -> bytes:
        return b'{"client_key": '


@by("missing_params")
def _the_refresh_token_is_missing(endpoint: Endpoint) -> Provoked:
    return _changed(endpoint, refresh_token=None)


@by("bad_grant_type")
def _the_grant_type_is_in_the_plural(endpoint: Endpoint) -> Provoked:
    return _changed(endpoint, grant_type="client_credentials")


# Who asks.


@by("bad_appid")
def _nobody_has_the_appid(endpoint: Endpoint) -> Provoked:
    return _changed(endpoint, appid="tt00000000000000ff01")


@by("bad_secret")
def _the_secret_is_of_another_app(endpoint: Endpoint) -> Provoked:
    return _changed(endpoint, secret="0" * 40)


@by("bad_client_key")
def _nobody_has_the_client_key(endpoint: Endpoint) -> Provoked:
    return _changed(endpoint, client_key="awffffffffffffff")


@by("bad_client_secret")
def _the_client_secret_is_of_another_app(endpoint: Endpoint) -> Provoked:
    return _changed(endpoint, client_secret="0" * 32)


@by("app_banned")
def _the_app_is_banned(endpoint: Endpoint) -> Provoked:
    provoked = _changed(endpoint)
    provoked.scene.amend(kind_of(endpoint), banned=True)
    return Provoked(provoked.scene, provoked.ask)


@by("no_scope")
def _the_app_lacks_the_scope(endpoint: Endpoint) -> Provoked:
    provoked = _changed(endpoint)
    scopes = provoked.scene.app(kind_of(endpoint)).scopes
    assert endpoint.scope in scopes
    twins = (endpoint.scope, endpoint.scope + ".bind")
    others = tuple(scope for scope in scopes if scope not in twins)
    provoked.scene.amend(kind_of(endpoint), scopes=others)
    return Provoked(provoked.scene, provoked.ask)


@by(("oauth.connect", "no_scope"), ("oauth.get_qrcode", "no_scope"))
@by(("silent.authorize", "no_scope"))
def _the_app_lacks_what_it_asks_for(endpoint: Endpoint) -> Provoked:
    provoked = _changed(endpoint)
    provoked.scene.amend("web", scopes=("video.list",))
    return Provoked(provoked.scene, provoked.ask)


@by("wrong_kind")
def _the_app_is_a_mini_program(endpoint: Endpoint) -> Provoked:
    provoked = _changed(endpoint)
    key = provoked.scene.app("mini_program").client_key
    return Provoked(provoked.scene, provoked.ask.having(client_key=key), good=provoked.ask)


@by("bad_redirect_uri")
def _the_redirect_uri_is_not_registered(endpoint: Endpoint) -> Provoked:
    name = "next" if endpoint.name == "get_qrcode" else "redirect_uri"
    return _changed(endpoint, **{name: "https://elsewhere.example.test/"})


@by(("silent.authorize", "unfit_scope"))
def _more_than_login_id_is_asked_for(endpoint: Endpoint) -> Provoked:
    return _changed(endpoint, scope="login_id,user_info")


@by("not_a_tester")
def _the_app_is_on_trial_without_testers(endpoint: Endpoint) -> Provoked:
    provoked = _changed(endpoint)
    provoked.scene.amend(kind_of(endpoint), trial=True)
    return Provoked(provoked.scene, provoked.ask)


@by("trial_expired")
def _the_trial_began_121_days_ago(endpoint: Endpoint) -> Provoked:
    provoked = _changed(endpoint)
    since = provoked.scene.world.clock.now() - 121 * DAY
    provoked.scene.amend(kind_of(endpoint), trial=True, trial_since=since)
    return Provoked(provoked.scene, provoked.ask)


@by("no_ability")
def _the_app_has_no_scope_at_all(endpoint: Endpoint) -> Provoked:
    provoked = _changed(endpoint)
    provoked.scene.amend(kind_of(endpoint), scopes=())
    return Provoked(provoked.scene, provoked.ask)


# Codes.


@by("bad_code")
def _the_code_was_used(endpoint: Endpoint) -> Provoked:
    scene = Scene()
    ask = good(scene, endpoint.full_name)
    scene.send(ask)
    return Provoked(scene, ask.having(**{"anonymous_code": None} if _has(ask) else {}))


def _has(ask: Ask) -> bool:
    return "anonymous_code" in {**ask.query, **(ask.fields or {})}


@by("bad_anonymous_code")
def _the_anonymous_code_is_of_another_login(endpoint: Endpoint) -> Provoked:
    scene = Scene()
    first, second = good(scene, endpoint.full_name), good(scene, endpoint.full_name)
    used = {**first.query, **(first.fields or {})}["anonymous_code"]
    scene.send(first)
    return Provoked(scene, second.having(anonymous_code=used), good=second)


@by("wrong_client_key")
def _the_code_was_given_to_another_app(endpoint: Endpoint) -> Provoked:
    scene = Scene()
    ask, other = good(scene, endpoint.full_name), scene.client("mini_program")
    del other["grant_type"]
    return Provoked(scene, ask.having(**other), good=ask)


@by("bad_refresh_token")
def _the_refresh_token_has_expired(endpoint: Endpoint) -> Provoked:
    scene = Scene()
    ask = good(scene, endpoint.full_name)
    scene.advance(30 * DAY)
    return Provoked(scene, ask)


@by("renewals_used_up")
def _it_was_renewed_five_times(endpoint: Endpoint) -> Provoked:
    scene = Scene()
    ask = good(scene, endpoint.full_name)
    for _ in range(5):
        ask = ask.having(refresh_token=scene.ask(ask)["data"]["refresh_token"])
    return Provoked(scene, ask)


# Tokens.


@by("nil_token")
def _there_is_no_token(endpoint: Endpoint) -> Provoked:
    scene = Scene()
    ask = good(scene, endpoint.full_name)
    return Provoked(scene, ask.with_token(""), good=ask)


@by("invalid_token")
def _the_token_is_none_of_ours(endpoint: Endpoint) -> Provoked:
    scene = Scene()
    ask = good(scene, endpoint.full_name)
    return Provoked(scene, ask.with_token("clt.0000"), good=ask)


@by("expired_token")
def _the_token_has_expired(endpoint: Endpoint) -> Provoked:
    scene = Scene()
    ask = good(scene, endpoint.full_name)
    if ask.headers.get("access-token", "").startswith("isvact."):
        ask = ask.with_token(scene.client_token("mini_program"))  # the authorizer's does not end
    scene.advance(15 * DAY)
    return Provoked(scene, ask)


@by("token_mismatch")
def _the_open_id_is_of_someone_else(endpoint: Endpoint) -> Provoked:
    scene = Scene()
    ask = good(scene, endpoint.full_name)
    return Provoked(scene, ask.having(open_id=scene.open_id("web", "小红")), good=ask)


@by("not_granted")
def _the_person_did_not_grant_the_scope(endpoint: Endpoint) -> Provoked:
    scene = Scene()
    ask = good(scene, endpoint.full_name)
    twins = (endpoint.scope, endpoint.scope + ".bind")
    lesser = tuple(scope for scope in scene.app("web").scopes if scope not in twins)
    return Provoked(scene, ask.with_token(scene.tokens(scopes=lesser)["access_token"]), good=ask)


# People.


@by("bad_open_id")
def _the_open_id_is_of_another_app(endpoint: Endpoint) -> Provoked:
    scene = Scene()
    ask = good(scene, endpoint.full_name)
    name = "open_id" if endpoint.family.name == "subscription" else "openid"
    return Provoked(scene, ask.having(**{name: scene.open_id("web")}), good=ask)


@by("bad_ids")
def _the_app_id_is_of_another_app(endpoint: Endpoint) -> Provoked:
    return _changed(endpoint, app_id="tt00000000000000ff01")


@by("bad_content")
def _data_is_not_of_the_template(endpoint: Endpoint) -> Provoked:
    return _changed(endpoint, data={"快递公司": "SF"})


@by("bad_signature")
def _the_signature_is_of_another_key(endpoint: Endpoint) -> Provoked:
    return _changed(endpoint, signature=sign("another key", b""))


@by("not_subscribed")
def _the_person_was_never_asked(endpoint: Endpoint) -> Provoked:
    scene = Scene()
    ask = good(scene, endpoint.full_name)
    return Provoked(scene, ask.having(open_id=scene.open_id(kind_of(endpoint), "小红")), good=ask)


@by("messages_used_up")
def _the_message_of_the_consent_was_sent(endpoint: Endpoint) -> Provoked:
    scene = Scene()
    ask = good(scene, endpoint.full_name)
    scene.send(ask)
    return Provoked(scene, ask)


@by("rejected")
def _the_person_refused(endpoint: Endpoint) -> Provoked:
    scene = Scene()
    ask = good(scene, endpoint.full_name)
    scene.phone("requestSubscribeMessage", kind_of(endpoint), answers="reject")
    return Provoked(scene, ask)


# What a game stores.


def _stored(endpoint: Endpoint, *pairs: tuple[str, str]) -> Provoked:
    scene = Scene()
    if endpoint.full_name == "mini_game.set_user_storage":
        fields: dict[str, Any] = {"kv_list": [{"key": k, "value": v} for k, v in pairs]}
    else:
        fields = {"key": [key for key, _ in pairs]}
    ask = storing(scene, endpoint.paths[0], "mini_game", fields)
    return Provoked(scene, ask)


@by("key_too_long")
def _a_key_is_over_128_bytes(endpoint: Endpoint) -> Provoked:
    return _stored(endpoint, ("k", "v"), ("分" * 43, "v"))


@by("pair_too_long")
def _key_and_value_are_over_1024_bytes(endpoint: Endpoint) -> Provoked:
    return _stored(endpoint, ("k", "v" * 1024))


@by("bad_ranking")
def _the_ranking_has_no_whole_number(endpoint: Endpoint) -> Provoked:
    return _stored(endpoint, ("score", '{"ttgame":{"score":"1"}}'))


@by("too_many_pairs")
def _there_are_over_128_pairs(endpoint: Endpoint) -> Provoked:
    return _stored(endpoint, *((f"key-{number}", "v") for number in range(129)))


# Limits, where a world enforces them.


def _twice(endpoint: Endpoint, **settings: Any) -> Provoked:
    scene = Scene()
    first, second = good(scene, endpoint.full_name), good(scene, endpoint.full_name)
    scene.set(limits="enforce", **settings)
    scene.send(first)
    assert list(scene.world.journal)[-1].verdict == "ok"
    return Provoked(scene, second)


@by("rate_limited")
def _it_is_the_second_call_of_a_second(endpoint: Endpoint) -> Provoked:
    return _twice(endpoint, calls_per_second=1)


@by("too_frequent")
def _it_is_the_second_message_of_a_second(endpoint: Endpoint) -> Provoked:
    return _twice(endpoint)


@by("quota_used_up")
def _the_scope_was_called_today(endpoint: Endpoint) -> Provoked:
    return _twice(endpoint, daily_quota=1)


@by("too_many_calls")
def _it_is_call_501_in_five_minutes(endpoint: Endpoint) -> Provoked:
    scene = Scene(limits="enforce")
    ask = good(scene, endpoint.full_name)
    for _ in range(500):
        scene.send(ask)
    return Provoked(scene, ask)


@by(("mini_game.stable_app_token", "too_many_calls"))
def _it_is_the_21st_that_is_forced(endpoint: Endpoint) -> Provoked:
    scene = Scene(limits="enforce")
    calm = good(scene, endpoint.full_name)
    for _ in range(20):
        scene.send(calm.having(force_refresh=True))
    return Provoked(scene, calm.having(force_refresh=True), good=calm)


@by(("mini_game.reset_session_key", "too_many_calls"))
def _it_is_call_60001_of_a_minute(endpoint: Endpoint) -> Provoked:
    scene = Scene(limits="enforce")
    ask = good(scene, endpoint.full_name)
    scene.called(f"{endpoint.full_name} {scene.app('mini_game').client_key}", 60_000, MINUTE)
    return Provoked(scene, ask)


# Tickets in place of a signature.


@by("bad_ticket")
def _the_ticket_is_none_of_ours(endpoint: Endpoint) -> Provoked:
    return _changed(endpoint, client_ticket="@" + "0" * 32)


# Webhooks.


@by("no_callback")
def _the_app_has_no_webhook(endpoint: Endpoint) -> Provoked:
    provoked = _changed(endpoint)
    provoked.scene.amend(kind_of(endpoint), webhook=None)
    return Provoked(provoked.scene, provoked.ask)


def _wanting(endpoint: Endpoint, **wanted: Any) -> Provoked:
    fine = {"event": "authorize", "status": 1}
    return _changed(endpoint, event_list=[fine, wanted])


@by("no_event")
def _an_event_has_no_name(endpoint: Endpoint) -> Provoked:
    return _wanting(endpoint, status=1)


@by("bad_event")
def _there_is_no_such_event(endpoint: Endpoint) -> Provoked:
    return _wanting(endpoint, event="creat_video", status=1)


@by("bad_status")
def _a_status_is_two(endpoint: Endpoint) -> Provoked:
    return _wanting(endpoint, event="create_video", status=2)


from tests.endpoints import provoke_content as _provoke_content  # noqa: E402, F401 - it adds to them
from tests.endpoints import provoke_groups as _provoke_groups  # noqa: E402, F401 - it adds to them
from tests.endpoints import provoke_merchant as _provoke_merchant  # noqa: E402, F401 - it adds to them
from tests.endpoints import provoke_payment as _provoke_payment  # noqa: E402, F401 - it adds to them
from tests.endpoints import provoke_user as _provoke_user  # noqa: E402, F401 - it adds to them
