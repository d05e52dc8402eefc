"""Tokens die when they should, and the journal says why."""

from __future__ import annotations

from typing import Any

import pytest

from mockdouyin import Sandbox
from mockdouyin.core.apps import AppSpec, amend_app, make_app
from mockdouyin.domain.grants import revoke
from tests.support.helpers import (
    GAME_LOGIN,
    PROGRAM,
    WEB,
    WEB_CLIENT,
    app_token,
    client_token,
    consent,
    get,
    phone,
    post,
    sandbox,
)

DAY, MINUTE = 86400.0, 60.0
INVALID, EXPIRED = 28001003, 28001008


def why(box: Sandbox) -> str:
    """Return the reason of the last refusal."""
    return list(box.default.journal)[-1].why.render("en")


def js(box: Sandbox, token: str | None) -> int:
    """Use a client token."""
    return int(get(box, "/js/getticket/", token=token)["data"]["error_code"])


def user(box: Sandbox, person: str = "小明", scopes: tuple[str, ...] = ("user_info",)) -> Any:
    """Let a person consent, and exchange the code."""
    return exchange(box, consent(box, person, scopes))["data"]


def exchange(box: Sandbox, code: str, **other: str) -> Any:
    """Exchange the code of a consent."""
    fields = {**WEB_CLIENT, "code": code, "grant_type": "authorization_code", **other}
    return post(box, "/oauth/access_token/", fields)


def info(box: Sandbox, token: str, open_id: str = "x") -> int:
    """Use a user token."""
    fields = {"access_token": token, "open_id": open_id}
    return int(post(box, "/oauth/userinfo/", fields)["err_no"])


def refresh(box: Sandbox, token: str, key: str = WEB.client_key) -> Any:
    """Refresh a user token."""
    fields = {"client_key": key, "refresh_token": token, "grant_type": "refresh_token"}
    return post(box, "/oauth/refresh_token/", fields)["data"]


def take_back(box: Sandbox, person: str = "小明") -> bool:
    """Let a person revoke what they granted the web app; tell whether there was anything."""
    unit = box.default.store.unit(box.default.clock.now())
    held = revoke(box.default, unit, box.default.apps[WEB.client_key], person)
    unit.commit()
    return held is not None


def amend(box: Sandbox, spec: AppSpec) -> None:
    """Change the web app."""
    box.default.replace_app(amend_app(box.default.find_app("web"), spec))


# The app's own tokens.


def test_the_third_client_token_kills_the_first() -> None:
    """A second token leaves the first five minutes, a third kills it."""
    box = sandbox()
    first, second = client_token(box), client_token(box)

    assert [js(box, first), js(box, second)] == [0, 0]
    third = client_token(box)
    assert [js(box, first), js(box, second), js(box, third)] == [INVALID, 0, 0]
    assert js(box, first) == INVALID
    assert why(box) == "two newer tokens were issued since, and the second killed it"
    client_token(box)
    assert js(box, first) == INVALID
    assert why(box) == "it was issued here, but newer tokens have replaced it"


def test_the_older_client_token_has_five_minutes() -> None:
    """The older token is good until the last second of its five minutes."""
    box = sandbox()
    older, newer = client_token(box), client_token(box)

    box.default.clock.advance(5 * MINUTE - 1)
    assert js(box, older) == 0
    box.default.clock.advance(61)
    assert js(box, older) == EXPIRED
    assert why(box) == "a newer token was issued, which left this one 5m; they ended 1m ago"
    assert js(box, newer) == 0


def test_the_older_client_token_is_not_prolonged() -> None:
    """A token with less than five minutes left keeps its own end."""
    box = sandbox()
    older = client_token(box)
    box.default.clock.advance(7200 - MINUTE)
    client_token(box)

    box.default.clock.advance(MINUTE)

    assert js(box, older) == EXPIRED


def test_a_client_token_lives_two_hours() -> None:
    """A token alone dies at its end, and the reason says how long ago."""
    box = sandbox()
    token = client_token(box)

    box.default.clock.advance(7199)
    assert js(box, token) == 0
    box.default.clock.advance(61)
    assert js(box, token) == EXPIRED
    assert why(box) == "it expired 1m ago"


def test_ladders_are_apart() -> None:
    """App tokens, client tokens and stable tokens, and every app's, do not touch one another."""
    box = sandbox()
    first, stable = client_token(box), _stable(box)
    for _ in range(3):
        app_token(box)
        client_token(box, PROGRAM.client_key, PROGRAM.client_secret)

    assert [js(box, first), js(box, stable)] == [0, 0]
    assert client_token(box) != stable


def _stable(box: Sandbox) -> str:
    fields = {**WEB_CLIENT, "grant_type": "client_credential"}
    token = post(box, "/oauth/stable_client_token/", fields)["data"]["access_token"]
    assert isinstance(token, str)
    return token


def test_a_stable_token_is_the_same_until_it_dies() -> None:
    """A stable token is the same for two hours, and never comes again."""
    box = sandbox()
    first = _stable(box)
    box.default.clock.advance(7199)
    assert _stable(box) == first
    box.default.clock.advance(1)
    assert js(box, first) == EXPIRED

    second = _stable(box)

    assert second != first
    assert [js(box, first), js(box, second)] == [EXPIRED, 0]


def test_a_stable_token_does_not_rise_again() -> None:
    """A stable token that died long ago stays dead, however much was issued meanwhile."""
    box = sandbox()
    first = _stable(box)
    box.default.clock.advance(DAY)
    fields = {**GAME_LOGIN, "grant_type": "client_credential"}
    for _ in range(3):
        post(box, "/mgplatform/api/apps/stable_token", fields)

    second = _stable(box)

    assert second != first
    assert [js(box, first), js(box, second)] == [EXPIRED, 0]


def test_a_forced_stable_token_kills_the_one_before() -> None:
    """force_refresh gives a new token at once, and the old one dies."""
    box = sandbox()
    fields = {**GAME_LOGIN, "grant_type": "client_credential"}
    path = "/mgplatform/api/apps/stable_token"
    first = post(box, path, {**fields, "force_refresh": True})["data"]
    again = post(box, path, fields)["data"]
    forced = post(box, path, {**fields, "force_refresh": True})["data"]

    def check(token: str) -> int:
        fields = {"access_token": token, "openid": "x", "sig_method": "x", "signature": "x"}
        return int(get(box, "/mgplatform/api/apps/check_session_key", fields)["err_no"])

    assert again == first
    assert forced["access_token"] != first["access_token"]
    assert [check(first["access_token"]), check(forced["access_token"])] == [INVALID, 28001038]


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        (None, "there is no client token in header, query or body"),
        (
            "act.whatever",
            "it is a user token (act.), where a client token (clt.) is needed:"
            " /oauth/client_token/ gives it",
        ),
        (
            "clt.whatever",
            "it was not issued by world 'default' nor by another that lives here: it is Douyin's"
            " own, or of a world that ended",
        ),
        ("", "there is no client token in header, query or body"),
    ],
)
def test_a_token_of_no_use(token: str | None, reason: str) -> None:
    """A missing, foreign or person's token is invalid, and the reason says which."""
    box = sandbox()

    assert js(box, token) == INVALID
    assert why(box) == reason


def test_an_app_token_is_no_client_token() -> None:
    """An app token of developer.toutiao.com does not work at open.douyin.com."""
    box = sandbox()

    assert js(box, app_token(box)) == INVALID
    assert why(box).startswith("it is an app token (08011218…), where a client token (clt.) is")


def test_a_providers_token_stands_for_its_app() -> None:
    """A service provider's token is good for the app that it was made for."""
    box = sandbox()
    phone(box, "login")

    assert js(box, box.default.find_app("web").authorizer_token) == 0
    assert list(box.default.journal)[-1].app == WEB.client_key


def test_abilities_of_an_app() -> None:
    """An app without the scope, without any, or taken offline is refused each in its way."""
    box = sandbox()
    token = client_token(box)

    amend(box, AppSpec(scopes=("user_info",)))
    assert js(box, token) == 28001018
    assert why(box) == "app 'web' lacks the scope js.ticket"
    amend(box, AppSpec(scopes=()))
    assert js(box, token) == 28001014
    amend(box, AppSpec(banned=True))
    assert js(box, token) == 28001016
    assert get(box, "/open/getticket/", token=token)["data"]["error_code"] == 2190016


def test_no_scope_where_the_page_knows_no_ability() -> None:
    """Where a page has no word for an app without any ability, the scope is missing."""
    box = sandbox()
    token = client_token(box)

    amend(box, AppSpec(scopes=()))

    assert get(box, "/open/getticket/", token=token)["data"]["error_code"] == 2190004


# A consent's code.


def test_a_consents_code_works_once() -> None:
    """The second exchange of a code is refused, and the tokens of the first live."""
    box = sandbox()
    code = consent(box)
    data = exchange(box, code)["data"]

    assert exchange(box, code)["data"]["error_code"] == 10007
    assert why(box) == "the code was already exchanged; it works once"
    assert info(box, data["access_token"], data["open_id"]) == 0


def test_a_consents_code_lives_ten_minutes() -> None:
    """A code is refused when its ten minutes are over."""
    box = sandbox()
    code = consent(box)

    box.default.clock.advance(660)

    assert exchange(box, code)["data"]["error_code"] == 10007
    assert why(box) == "the code expired 1m ago; it lives 10m"


def test_a_newer_consent_voids_the_code() -> None:
    """The code of an earlier consent is void; another person's is not."""
    box = sandbox()
    first, other, second = consent(box), consent(box, "小红"), consent(box)

    assert exchange(box, first)["data"]["error_code"] == 10007
    assert why(box) == (
        "the code is void: a newer consent of the same person replaced it, it was revoked, or it"
        " ended long ago"
    )
    assert [exchange(box, code)["data"]["error_code"] for code in (second, other)] == [0, 0]
    assert exchange(box, "never issued")["data"]["error_code"] == 10007
    assert why(box).startswith("it was not issued by world 'default', and has not the form of")


def test_a_consents_code_is_its_apps() -> None:
    """Another app cannot exchange a code, and does not use it up."""
    box = sandbox()
    code = consent(box)
    other = {"client_key": PROGRAM.client_key, "client_secret": PROGRAM.client_secret}

    assert exchange(box, code, **other)["data"]["error_code"] == 10014
    assert exchange(box, code, client_secret="wrong")["data"]["error_code"] == 10013
    assert exchange(box, code)["data"]["error_code"] == 0


def test_an_apps_own_scopes_are_not_granted() -> None:
    """What belongs to the app alone, and what is named twice, is not in the grant."""
    box = sandbox()

    data = user(box, scopes=("user_info", "renew_refresh_token", "video.list", "user_info"))

    assert data["scope"] == "user_info,video.list"


# A person's tokens.


def test_a_user_token_lives_fifteen_days() -> None:
    """A user token dies at its end, and the reason tells to refresh it."""
    box = sandbox()
    data = user(box)

    box.default.clock.advance(15 * DAY - 1)
    assert info(box, data["access_token"], data["open_id"]) == 0
    box.default.clock.advance(61)
    assert info(box, data["access_token"], data["open_id"]) == EXPIRED
    assert why(box) == "it expired 1m ago; refresh it"


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("client", "it is a client token (clt.), where a user token (act.) is needed"),
        ("refresh", "it is a refresh_token (rft.), where a user token (act.) is needed"),
        ("foreign", "it was not issued by world 'default' nor by another that lives here"),
        ("none", "there is no access_token in header, query or body"),
    ],
)
def test_another_token_is_no_user_token(kind: str, reason: str) -> None:
    """What is no user token is invalid, and the reason says what it is."""
    box = sandbox()
    token = {
        "client": client_token(box),
        "refresh": user(box)["refresh_token"],
        "foreign": "act.foreign",
        "none": "",
    }[kind]

    assert info(box, token) == INVALID
    assert why(box).startswith(reason)


def test_revoking_kills_everything_at_once() -> None:
    """What a person takes back is dead: code, user token and refresh token, until they consent."""
    box = sandbox()
    data, code, other = user(box), consent(box), user(box, "小红")

    assert take_back(box)
    assert not take_back(box)
    assert info(box, data["access_token"], data["open_id"]) == INVALID
    assert why(box) == "小明 has revoked the authorization"
    assert refresh(box, data["refresh_token"])["error_code"] == 10010
    assert exchange(box, code)["data"]["error_code"] == 10007
    assert info(box, other["access_token"], other["open_id"]) == 0
    again = user(box)
    assert info(box, again["access_token"], again["open_id"]) == 0
    assert info(box, data["access_token"], data["open_id"]) == INVALID


def test_who_granted_nothing_revokes_nothing() -> None:
    """To revoke what was never granted does nothing."""
    assert not take_back(sandbox())


def test_a_scope_that_was_not_granted() -> None:
    """A user token is good for what its person granted."""
    box = sandbox()
    data = user(box, scopes=("video.list",))

    assert info(box, data["access_token"], data["open_id"]) == 28001012
    assert why(box) == "小明 did not grant user_info: the token is for video.list"


def test_a_refresh_gives_the_same_token_while_it_lives() -> None:
    """A refresh prolongs the token that lives by fifteen days, and replaces a dead one."""
    box = sandbox()
    data = user(box)

    box.default.clock.advance(14 * DAY)
    same = refresh(box, data["refresh_token"])
    box.default.clock.advance(15 * DAY)
    other = refresh(box, data["refresh_token"])

    assert (same["access_token"], same["expires_in"]) == (data["access_token"], 15 * DAY)
    assert same["refresh_expires_in"] == 16 * DAY
    assert other["access_token"] != data["access_token"]
    assert info(box, data["access_token"], data["open_id"]) == EXPIRED
    assert info(box, other["access_token"], other["open_id"]) == 0
    assert (other["refresh_token"], other["refresh_expires_in"]) == (data["refresh_token"], DAY)


def test_a_refresh_token_of_no_use() -> None:
    """An expired, foreign, renewed or mistaken refresh token is refused with the reason."""
    box = sandbox()
    token = user(box)["refresh_token"]

    def refused(token: str, key: str = WEB.client_key) -> str:
        assert refresh(box, token, key)["error_code"] == 10010
        return why(box)

    assert refused("act.x").startswith(
        "it is a user token (act.), where a refresh_token (rft.) is"
    )
    assert refused("rft.x").startswith("it was not issued by world 'default' nor by another")
    assert refused(token, PROGRAM.client_key) == (
        f"it was given to another app, {WEB.client_key!r}"
    )
    fields = {"client_key": WEB.client_key, "refresh_token": token}
    fresh = post(box, "/oauth/renew_refresh_token/", fields)["data"]["refresh_token"]
    assert refused(token) == "it was renewed since: only the newest refresh_token is good"
    box.default.clock.advance(30 * DAY + 60)
    assert refused(fresh) == "the refresh_token expired 1m ago"


def test_five_renewals() -> None:
    """A refresh token is renewed five times, each time for thirty days; then no more."""
    box = sandbox()
    token = user(box)["refresh_token"]

    for _ in range(5):
        box.default.clock.advance(29 * DAY)
        fields = {"client_key": WEB.client_key, "refresh_token": token}
        data = post(box, "/oauth/renew_refresh_token/", fields)["data"]
        assert (data["error_code"], data["expires_in"]) == (0, 30 * DAY)
        token = data["refresh_token"]
    fields = {"client_key": WEB.client_key, "refresh_token": token}

    assert post(box, "/oauth/renew_refresh_token/", fields)["data"]["error_code"] == 10020
    assert refresh(box, token)["error_code"] == 0


def test_a_person_who_consents_again_keeps_the_older_tokens() -> None:
    """Tokens of an earlier consent live on beside the new ones."""
    box = sandbox()
    first, second = user(box), user(box)

    assert first["access_token"] != second["access_token"]
    for data in (first, second):
        assert info(box, data["access_token"], data["open_id"]) == 0


def test_a_token_of_an_app_that_is_no_more() -> None:
    """A person's token of an app that is gone is invalid."""
    box = sandbox()
    data = user(box)

    box.default.replace_app(make_app("web", AppSpec(client_key="awanother"), box.default.ids))

    assert info(box, data["access_token"], data["open_id"]) == INVALID
