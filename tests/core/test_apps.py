"""Apps: demo credentials that never change, fresh ones elsewhere, and how they are amended."""

from __future__ import annotations

import re

import pytest

from mockdouyin import MockDouyinError
from mockdouyin.core.apps import (
    AppKind,
    AppSpec,
    Template,
    Webhook,
    amend_app,
    demo_apps,
    guess_kind,
    make_app,
)
from mockdouyin.core.ids import Ids, world_tag
from mockdouyin.core.scopes import SCOPES
from tests.support.helpers import GAME, PROGRAM, WEB, client_token, get, phone, sandbox

IDS = Ids(0, "w")
KINDS: tuple[AppKind, ...] = ("mini_program", "mini_game", "web")

SHAPES = {
    "mini_program": (r"tt[0-9a-f]{16}01", r"[0-9a-f]{40}"),
    "mini_game": (r"tt[0-9a-f]{16}01", r"[0-9a-f]{40}"),
    "web": (r"aw[0-9a-z]{14}", r"[0-9a-f]{32}"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_fresh_credentials_have_douyins_shapes(kind: AppKind) -> None:
    """A made-up key and secret have the length and alphabet of a real one of the kind."""
    key, secret = SHAPES[kind]
    app = make_app("shop", AppSpec(kind=kind), IDS)

    assert re.fullmatch(key, app.client_key)
    assert re.fullmatch(secret, app.client_secret)
    assert re.fullmatch(r"isvact\.[0-9a-f]{40}", app.authorizer_token)
    assert world_tag(app.authorizer_token) == IDS.tag


def test_every_app_can_do_everything() -> None:
    """An app has every scope, a redirect URI, an RSA key and a template with one keyword."""
    app = make_app("shop", AppSpec(), IDS)

    assert (app.kind, app.scopes) == ("mini_program", SCOPES)
    assert app.redirect_uris
    assert app.public_key.startswith("-----BEGIN PUBLIC KEY-----")
    ((template_id, template),) = app.templates.items()
    assert re.fullmatch(r"MSG\d{19}", template_id)
    assert (template.kind, template.fields) == ("one_time", ("快递派送",))


def test_apps_are_made_each_by_themselves() -> None:
    """The same name gives the same credentials, another name, kind or world others."""
    app = make_app("shop", AppSpec(), IDS)

    assert make_app("shop", AppSpec(), Ids(0, "w")) == app
    for other in (make_app("store", AppSpec(), IDS), make_app("shop", AppSpec(), Ids(0, "v"))):
        assert other.client_key != app.client_key
        assert other.client_secret != app.client_secret
        assert not set(other.templates) & set(app.templates)


def test_demo_credentials_never_change() -> None:
    """The world `default` has the demo apps, whatever its seed; another world has its own."""
    for seed in (0, 7):
        box = sandbox(seed=seed)
        keys = {(app.kind, app.client_key, app.client_secret) for app in box.default.apps.values()}
        assert keys == {
            (demo.kind, demo.client_key, demo.client_secret) for demo in demo_apps().values()
        }
    other = box.worlds.create("other")

    assert not set(other.apps) & {PROGRAM.client_key, GAME.client_key, WEB.client_key}
    assert {app.kind for app in other.apps.values()} == set(KINDS)


def test_what_a_spec_names_is_taken() -> None:
    """What a spec names goes before what is made up; its templates take the place of it."""
    spec = AppSpec(
        client_key="awtestclientkey0",
        client_secret="s",
        scopes=("user_info",),
        redirect_uris=("https://a.example.test/",),
        public_key="PEM",
        webhook=Webhook(url="http://127.0.0.1:1/"),
        templates={"MSG1": Template(kind="long_term")},
        developer="someone",
        banned=True,
    )

    app = make_app("shop", spec, IDS)

    assert (app.kind, app.client_key, app.client_secret) == ("web", "awtestclientkey0", "s")
    assert (app.scopes, app.redirect_uris) == (("user_info",), ("https://a.example.test/",))
    assert (app.public_key, app.developer, app.banned) == ("PEM", "someone", True)
    assert app.webhook == Webhook(url="http://127.0.0.1:1/")
    assert app.templates["MSG1"].kind == "long_term"
    assert len(app.templates) == 1


def test_amending_nothing_changes_nothing() -> None:
    """An empty spec leaves an app as it was; key and kind stay in any case."""
    app = make_app("shop", AppSpec(), IDS)

    assert amend_app(app, AppSpec()) is app
    assert amend_app(app, AppSpec(kind="web", client_key="aw")) == app
    assert amend_app(app, AppSpec(banned=False)).banned is False


@pytest.mark.parametrize(
    ("template", "messages"),
    [
        (Template(), 1),
        (Template(quota=3), 3),
        (Template(kind="long_term"), None),
        (Template(kind="long_term", quota=8), 8),
        (Template(quota=0), 0),
    ],
)
def test_messages_of_an_authorization(template: Template, messages: int | None) -> None:
    """A one-time consent gives one message, a long-term one any number, unless set."""
    assert template.messages == messages


@pytest.mark.parametrize(
    ("key", "kind"), [("aw00", "web"), ("tt00", "mini_program"), ("other", "mini_program")]
)
def test_the_kind_is_guessed_from_the_key(key: str, kind: str) -> None:
    """A key that begins with aw is a web app's, any other a mini-program's."""
    assert guess_kind(key) == kind
    assert make_app("x", AppSpec(client_key=key), IDS).kind == kind


def test_apps_are_found_by_key_name_or_kind() -> None:
    """An app is named by key or name; without one, the first of the kinds wanted is meant."""
    world = sandbox().default

    assert world.find_app(GAME.client_key).kind == "mini_game"
    assert world.find_app("mini_game").client_key == GAME.client_key
    assert world.find_app(None, "web", "mini_game").client_key == WEB.client_key
    assert world.find_app("", "no such kind", "mini_game").client_key == GAME.client_key
    assert world.find_app(None).client_key == PROGRAM.client_key
    with pytest.raises(MockDouyinError, match=r"no app 'mini_gam' in world 'default'; did you me"):
        world.find_app("mini_gam")


def test_a_phone_runs_the_mini_program_unless_told() -> None:
    """A phone has the mini-program open, or the app that is named."""
    box = sandbox()
    codes = {phone(box, "login", app=app)["code"] for app in (None, "mini_program", "mini_game")}

    assert len(codes) == 3


def test_people_are_known_by_developer() -> None:
    """Apps of one developer see one union_id of a person, another developer's another."""
    world = sandbox().default
    own = world.find_app("web")
    foreign = make_app("foreign", AppSpec(developer="someone else"), IDS)

    assert world.people.union_id(own, "小明") != world.people.union_id(foreign, "小明")


def test_an_app_that_went_away_takes_its_tokens_along() -> None:
    """The token of an app that has another key now is simply a bad one."""
    box = sandbox()
    token = client_token(box)
    box.default.replace_app(make_app("web", AppSpec(client_key="awanother"), box.default.ids))

    assert get(box, "/js/getticket/", token=token)["data"]["error_code"] == 28001003
    assert "no longer exists" in next(iter(box.default.journal.select("js_ticket"))).why.render(
        "en"
    )
