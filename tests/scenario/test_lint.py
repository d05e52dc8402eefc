"""Every mistake of a scenario is reported at once, with its line and column."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest
from jsonschema import Draft202012Validator

from mockdouyin import Sandbox, Scenario
from mockdouyin.core.attribute_docs import _in_module, attribute_docs
from mockdouyin.core.errors import NotFoundError, ScenarioError
from mockdouyin.core.resources import text as fixture
from mockdouyin.domain.effects import Effect
from mockdouyin.scenario import scenario as files
from mockdouyin.scenario import yaml_source

FULL = """\
name: flaky-login
about: Everything that a scenario can say.
extends: default
apps:
  shop: {kind: mini_program, client_key: tt0123456789abcdef01, client_secret: 0123456789abcdef,
         redirect_uris: ["https://shop.example.test/cb"], scopes: [user_info], banned: false,
         webhook: {url: "http://127.0.0.1:9000/hook", events: [authorize, create_video]},
         templates: {MSG1: {kind: one_time, fields: [快递派送], quota: 2}}}
people:
  小明: {phone: "13800138000", gender: 1, city: 北京}
settings: {unknown_apps: reject, unknown_codes: reject, unknown_people: 1, limits: off,
           login_code_lifetime: 5m, redirect_check: exact, lenient_names: false, seed: 7}
rules:
  - {on: code_to_session, times: 1, error: 40018}
  - {on: mini_program.code_to_session, times: 1, fault: reset, delay: 200ms, id: lost}
  - {on: "oauth.*", when: {client_key: "aw*"}, every: 10, status: 502}
  - {on: client_token, patch: {data.expires_in: 60}}
  - {on: [/oauth/userinfo/, share_id], times: 1, happens: token_expires}
  - {on: notify, chance: 0.5, reply: {status: 200, json: {err_no: 53030, err_tips: verbatim}}}
  - {on: phone.login, after: 1, error: host_login_fail}
events:
  - {after: 5s, send: create_video, person: 小明, app: shop}
"""


def mistakes(text: str) -> list[str]:
    """Return the mistakes of a scenario, without the file's name."""
    with pytest.raises(ScenarioError) as told:
        Scenario.parse(dedent(text), "story.yaml")
    lines = str(told.value).splitlines()
    assert all(line.startswith("story.yaml:") for line in lines)
    return [line.removeprefix("story.yaml:") for line in lines]


def test_full_scenario_is_good() -> None:
    """All that the format has is accepted, by the reader and by the JSON Schema."""
    scenario = Scenario.parse(FULL)
    value = yaml_source.read(FULL, "full").value

    assert Sandbox(scenario).default.settings.limits == "off"
    assert [*Draft202012Validator(files.json_schema()).iter_errors(value)] == []


def test_every_mistake_at_once() -> None:
    """Mistakes of shape hide neither one another nor those of meaning."""
    assert mistakes("""\
        name: story
        abuot: twice
        apps:
          shop: {client_secret: 12345, redirect_uris: [shop.test/cb], webhook: {events: [x]}}
        settings: {limits: of, seed: "7"}
        rules:
          - {on: code_to_sesion, times: "1", error: 40018}
          - {on: client_token, chance: 2, patch: {data.expire_in: 60}}
        extends: defalt
        """) == [
        "2:1: unknown key abuot; did you mean about?",
        "4:25: client_secret should be text, not a number; quote it",
        "4:48: redirect URI 'shop.test/cb' begins with http:// or https://; it has no scheme",
        "4:72: webhook needs url",
        "5:20: unknown limits 'of'; did you mean off?",
        '5:30: seed should be a whole number, not "7"; write it without quotes',
        "7:10: on: unknown endpoint 'code_to_sesion'; did you mean code_to_session?",
        '7:33: times should be a whole number, not "1"; write it without quotes',
        "8:32: chance is from 0 to 1, not 2",
        "8:43: patch: no answer has a field 'data.expire_in'; did you mean expires_in?",
        "9:10: no scenario 'defalt'; did you mean default?",
    ]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("name: 53030", '1:7: name should be text, not 53030; quote it: "53030"'),
        ("name: true", '1:7: name should be text, not true; quote it: "true"'),
        ("name: ''", "1:7: name is empty"),
        ("about: no name", "1:1: the scenario needs name"),
        ("name: x\nabout:", "2:7: about should be text, not nothing"),
        ("name: x\nname: y", "2:1: duplicate key name"),
        ("name: x\nrules: {on: notify}", "2:8: rules should be a list, not {\"on\":\"notify\"}"),
        ("name: x\napps:\n  shop:", "3:8: shop should be a mapping, not nothing; write {}"),
        ("name: x\npeople: {a: {phone: 13800138000}}", 'not 13800138000; quote it: "13800138000"'),
        ("name: x\npeople: {a: {phone: 1.50}}", 'should be text, not 1.50; quote it: "1.50"'),
        ("name: x\npeople: {a: {phone: '138 0013'}}", "2:21: phone has digits only"),
        ("name: x\npeople: {a: {phone: '+86138'}}", "the country_code is a field of its own"),
        ("name: x\npeople: {a: {country_code: HK}}", 'country_code has digits only, as in "86"'),
        ("name: x\npeople: {a: {gender: 3}}", "2:22: gender is from 0 to 2, not 3"),
        ("name: x\npeople: {a: {latitude: 91}}", "2:24: latitude is from -90 to 90, not 91"),
        ("name: x\npeople: {a: {gendre: 1}}", "2:14: unknown key gendre; did you mean gender?"),
        ("name: x\nsettings: {lenient_names: yes}", 'should be true or false, not "yes"'),
        ("name: x\nsettings: {limits: 1}", "limits should be enforce or off, not 1"),
        ("name: x\nsettings: {unknown_people: 0}", "unknown_people is from 1 to 10000, not 0"),
        ("name: x\nsettings: {ticket_lifetime: 5 min}", "'5 min' is not a duration; write"),
        ("name: x\nsettings: {ticket_lifetime: -1}", "-1 is not a duration"),
        ("name: x\nsettings: {ticket_lifetime: [1]}", "a duration such as 90s or 5m, not [1]"),
        ("name: x\nextends: nowhere", "2:10: no scenario 'nowhere'"),
        ("name: x\nevents: [{after: 1s}]", "2:10: item 1 of events needs send"),
        (
            "name: x\nevents: [{after: 1s, send: authorize, person: A}]",
            "no person 'A' in this scenario",
        ),
        (
            "name: x\nevents: [{after: 1s, send: authorize, app: wep}]",
            "no app 'wep' in this scenario;",
        ),
        ("name: x\nevents: [{after: 1s, send: create_vido}]", "did you mean create_video?"),
        (
            "name: x\napps: {a: {webhook: {url: 'http://127.0.0.1:9/', events: [digg]}}}",
            "unknown event 'digg'",
        ),
    ],
)  # fmt: skip
def test_one_mistake(given: str, told: str) -> None:
    """Each mistake says what is wrong, what was seen, and what to write."""
    (mistake,) = mistakes(given)

    assert told in mistake


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("client_key: ''", "client_key is empty: leave it out to have it generated"),
        ("client_key: 'tt 1'", "client_key has letters and digits only, not 'tt 1'"),
        ("client_secret: 密码", "client_secret has letters and digits only"),
        ("public_key: MIIBIjAN", "the public_key is not a PEM public key; write it with its"),
        ("redirect_uris: ['javascript:alert(1)']", "it has no scheme"),
        ("redirect_uris: ['ftp://a.test/']", "its scheme is ftp"),
        ("redirect_uris: ['https:///cb']", "'https:///cb' names no host"),
        ("redirect_uris: ['https://a.test:99999/']", "is not an address"),
        ("redirect_uris: ['https://a.test/', 1]", "item 2 of redirect_uris should be text"),
        ("webhook: {url: 127.0.0.1:9000}", "webhook url '127.0.0.1:9000' begins with http://"),
        ("scopes: ['user_info,video.list']", "each scope is an item of its own"),
        ("templates: {MSG1: {quota: -1}}", "quota is at least 0, not -1"),
        ("templates: {MSG1: {fields: [a, a]}}", "template MSG1 has a field twice"),
        ("templates: {MSG1: {kind: onetime}}", "unknown kind 'onetime'; did you mean one_time?"),
        ("kind: minigame", "unknown kind 'minigame'; did you mean mini_game?"),
    ],
)
def test_mistake_of_an_app(given: str, told: str) -> None:
    """An app that could not work is reported before anything starts."""
    (mistake,) = mistakes(f"name: x\napps:\n  shop: {{{given}}}\n")

    assert mistake.startswith("3:")
    assert told in mistake


@pytest.mark.parametrize(
    "given",
    [
        "client_secret: 5ecre7密",
        "client_secret: '5ecre7 5ecre7'",
        "client_secret: 57247",
        "client_secret: [5ecre7]",
        "client_secret: {a: 5ecre7}",
        "webhook: {url: 'http://127.0.0.1:9/', secret: 57247}",
        "webhook: {url: 'http://127.0.0.1:9/', secret: [5ecre7]}",
        "webhook: [{secret: 5ecre7}]",
        "webhook: 'http://127.0.0.1:9/?secret=5ecre7'",
        "webhook: {url: 'http//me:5ecre7@a.test'}",
        "redirect_uris: ['ftp://me:5ecre7@a.test/']",
        "redirect_uris: {client_secret: 5ecre7}",
        "public_key: 5ecre7",
        'public_key: ["-----BEGIN PRIVATE KEY-----5ecre7-----END PRIVATE KEY-----"]',
        "private_key: 5ecre7",
        "client_secert: 5ecre7",
        "templates: {client_secret: 5ecre7}",
    ],
)
def test_no_secret_is_quoted(given: str) -> None:
    """A value that is secret by its name, or by its look, is not in the message."""
    told = "\n".join(mistakes(f"name: x\napps:\n  shop: {{{given}}}\n"))

    assert "5ecre7" not in told
    assert "57247" not in told


@pytest.mark.parametrize(
    "given", ["apps: 'tt01:5ecre7'", "apps: {shop: 'tt01:5ecre7'}", "apps: [a]"]
)
def test_an_app_written_as_an_option_is_not_quoted(given: str) -> None:
    """KEY:SECRET in place of an app is refused without the secret."""
    (mistake,) = mistakes(f"name: x\n{given}")

    assert "should be a mapping" in mistake
    assert "5ecre7" not in mistake


def test_two_apps_with_one_key() -> None:
    """A key names one app; a key of an unusual shape is nobody's business."""
    text = "name: x\napps:\n  a: {client_key: shop}\n  b: {client_key: shop}\n"

    assert mistakes(text) == ["4:19: the client_key 'shop' is that of app 'a' already"]


def test_good_public_key() -> None:
    """A PEM public key is accepted."""
    pem = fixture("demo_public_key.pem").replace("\n", "\n      ")

    scenario = Scenario.parse(f"name: x\napps:\n  a:\n    public_key: |\n      {pem}\n")
    assert scenario.apps["a"].public_key == fixture("demo_public_key.pem")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("{error: 40018}", "3:5: item 1 of rules needs on"),
        ("{on: [], error: 40018}", "3:6: on names nothing"),
        ("{on: notify}", "3:5: the rule does nothing: give error, status, reply, happens"),
        ("{on: [notify, nottify], status: 502}", "3:19: on: unknown endpoint 'nottify'; did you"),
        ("{on: nowhere, status: 502}", "`mockdouyin endpoints` lists them"),
        ("{on: phone.logn, error: 1}", "did you mean phone.login?"),
        ("{on: notify, error: 40018}", "has no error '40018'; "),
        ("{on: '*', error: bad_cod}", "has no error 'bad_cod'; did you mean bad_code?"),
        ("{on: notify, status: 99}", "status is from 200 to 599, not 99"),
        ("{on: notify, error: 1000, status: 502}", "error and status exclude one another"),
        ("{on: notify, status: 502, patch: {err_no: 1}}", "patch changes nothing where status"),
        ("{on: notify, error: 1000, happens: token_expires}", "happens changes nothing where"),
        ("{on: notify, reply: {text: a, json: 1}}", "json and text exclude one another"),
        ("{on: notify, reply: {stauts: 200}}", "unknown key stauts; did you mean status?"),
        ("{on: notify, patch: {err_nos: 1}}", "no answer has a field 'err_nos'; did you mean"),
        ("{on: query_app_tpl, patch: {data.template_list.a: 1}}", "has its number, from 0"),
        ("{on: notify, fault: rest}", "unknown fault 'rest'; did you mean reset?"),
        ("{on: notify, fault: 1}", "fault should be reset or close or cut or garbage or hang"),
        ("{on: notify, happens: token_expire}", "did you mean token_expires?"),
        ("{on: notify, happens: code_expires}", "carries nothing to which code_expires could"),
        ("{on: notify, when: {opn_id: 1}, status: 502}", "unknown field 'opn_id'; did you mean"),
        ("{on: notify, when: {open_id: [1]}, status: 502}", "open_id should be text or a whole"),
        ("{on: notify, times: -1, status: 502}", "times is at least 0, not -1"),
        ("{on: notify, after: 1.5, status: 502}", "after should be a whole number, not 1.5"),
        ("{on: notify, every: 0, status: 502}", "every is at least 1, not 0"),
        ("{on: notify, chance: 2, status: 502}", "chance is from 0 to 1, not 2"),
        ("{on: notify, delay: soon}", "'soon' is not a duration; write 90s, 5m"),
        ("{on: notify, delay: .inf}", "'.inf' is not a duration"),
        ("{on: phone.login, sheet: ask}", "phone.login shows no sheet; these do: phone.getUser"),
        ("{on: client_token, sheet: ask}", "oauth.client_token shows no sheet; these do"),
        ("{on: /nowhere, sheet: ask}", "no endpoint answers /nowhere"),
        ("{on: phone.getLocation, sheet: asked}", "sheet"),
        ("{on: phone.*, sheet: ask, error: auth_deny}", "error and sheet exclude one another"),
        (
            "{on: phone.*, sheet: ask, delay: 1s}",
            "delay is for HTTP replies, and sheet for a phone",
        ),
        ("{on: phone.login, delay: 1s}", "a rule on a phone API has error, happens or sheet"),
        ("{on: notify, status: 502, tiems: 1}", "3:31: unknown key tiems; did you mean times?"),
    ],
)
def test_mistake_of_a_rule(given: str, told: str) -> None:
    """A rule that names what is not there, or could do nothing, is refused."""
    (mistake,) = mistakes(f"name: x\nrules:\n  - {given}\n")

    assert told in mistake


def test_rule_that_never_applies() -> None:
    """A rule is a mistake behind one that decides all its calls, but not behind one that ends."""
    text = "name: x\nrules:\n  - {{on: '*', {}delay: 1s}}\n  - {{on: notify, status: 502}}\n"

    assert mistakes(text.format("")) == [
        "4:5: the rule never applies: rule 1 decides all its calls before it"
    ]
    for once in ("times: 1, ", "after: 1, ", "every: 2, ", "chance: 0.5, "):
        assert Scenario.parse(text.format(once)).rules


def test_two_rules_with_one_id() -> None:
    """A rule's id is its own."""
    rule = "{on: notify, times: 1, status: 502, id: same}"

    assert mistakes(f"name: x\nrules:\n  - {rule}\n  - {rule}\n") == [
        "4:45: there is a rule 'same' already"
    ]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("", "1:1: a scenario is a mapping with a name, not nothing"),
        ("- a", "1:1: a scenario is a mapping with a name, not a list"),
        ("name: a: b", "1:8: cannot parse YAML: mapping values are not allowed here; a text"),
        ("name: x\n\trules: []", "'\\t' that cannot start any token; indent with spaces"),
        ("name: @x", "1:7: cannot parse YAML: found character '@' that cannot start any token"),
        ("name: x\nrules:\n - {on: *, status: 502}", "3:10: cannot parse YAML: "),
        ("name: x\nrules: [", "cannot parse YAML: "),
        ("name: &a [*a]", "cannot parse YAML: nested too deeply, or something contains itself"),
        ("name: " + "[" * 5000, "cannot parse YAML: "),
        ("? [1]\n: 2", "1:3: cannot parse YAML: a key must be text, not a list or mapping"),
        ("name: !!python/object:os.system x", "cannot parse YAML: could not determine"),
        ("name: x\nabout: '\x01'", "cannot parse YAML: "),
    ],
)  # fmt: skip
def test_not_yaml(given: str, told: str) -> None:
    """A text that is not YAML is reported in one line, with the most common cause."""
    (mistake,) = mistakes(given)

    assert told in mistake


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("name: a: b", "1:8: 无法解析 YAML：这里不能有键值对；文本里有冒号加空格时要加引号"),
        ("name: [1, 2", "1:12: 无法解析 YAML：缺少 ',' 或 ']'，实际是 '<stream end>'"),
        ("rules: [{on: a]", "1:15: 无法解析 YAML：缺少 ',' 或 '}'，实际是 ']'"),
        ("name: @x", "1:7: 无法解析 YAML：文本不能以 '@' 开头；请给文本加引号"),
        ("name: x\n- a", "2:1: 无法解析 YAML：缩进不对，或前面的值已经结束：不应有 '-'"),
        ("name: *", "1:8: 无法解析 YAML：应为字母或数字；以 * 或 & 开头的文本要加引号"),
        ("name: *\n", "1:8: 无法解析 YAML：应为字母或数字，实际是 '\\n'；以 * 或 & 开头"),
        ("name: *me", "1:7: 无法解析 YAML：没有定义这个别名"),
        ("name: !!me x", "1:7: 无法解析 YAML：不认识的标签"),
    ],
)
def test_not_yaml_in_chinese(given: str, told: str) -> None:
    """What the parser says most often is said in Chinese, whatever it came upon."""
    with pytest.raises(ScenarioError) as error:
        Scenario.parse(given, "story.yaml")

    assert told in error.value.render("zh")


def test_endless_text() -> None:
    """A short text whose aliases unfold without end is refused."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]

    assert "too large" in mistakes("\n".join(lines))[0]


@pytest.mark.parametrize(
    "text", ["off", "no", "1:20", "0x1f", "013", "2026-01-01", "1e5", "=", "1_000", "1.5e400"]
)
def test_text_stays_text(text: str) -> None:
    """What YAML 1.1 takes for a number, a date or a boolean stays text."""
    assert Scenario.parse(f"name: {text}").name == text


def test_keys_stay_text() -> None:
    """A key of digits keeps them."""
    assert [*Scenario.parse("name: x\npeople: {013: {}}").people] == ["013"]


def test_merge_key() -> None:
    """A rule may borrow from another by YAML's merge key."""
    text = "name: x\nrules:\n  - &a {on: notify, times: 1, status: 502}\n  - {<<: *a, times: 3}\n"

    assert [rule.times for rule in Scenario.parse(text).rules] == [1, 3]


def test_extends_lies_beside(tmp_path: Path) -> None:
    """A file extends one beside it, wherever mockdouyin runs; its own rules go first."""
    (tmp_path / "base.yaml").write_text(
        "name: base\nsettings: {seed: 7, limits: enforce}\nrules: [{on: notify, status: 502}]\n"
        "people: {阿强: {phone: '13700137000'}}\n",
        encoding="utf-8",
    )
    story = tmp_path / "story.yaml"
    story.write_text(
        "name: story\nextends: base.yaml\nsettings: {seed: 8}\n"
        "rules: [{on: notify, times: 1, status: 503}]\n",
        encoding="utf-8",
    )
    scenario = Scenario.load(story)

    assert (scenario.name, scenario.extends) == ("story", None)
    assert scenario.settings == {"seed": 8, "limits": "enforce"}
    assert [rule.status for rule in scenario.rules] == [503, 502]
    assert [*scenario.people] == ["阿强"]


def test_extends_is_read_from_a_text() -> None:
    """A scenario that is not a file extends built-in ones."""
    assert Scenario.parse("name: x\nextends: long-tokens").settings == {"token_style": "long"}


def test_extends_in_a_circle(tmp_path: Path) -> None:
    """Scenarios that extend one another are refused with the way round."""
    for name, base in (("a", "b"), ("b", "a")):
        path = tmp_path / f"{name}.yaml"
        path.write_text(f"name: {name}\nextends: {base}.yaml\n", encoding="utf-8")

    with pytest.raises(ScenarioError, match=r"a\.yaml: extends forms a circle: .*b\.yaml → "):
        Scenario.load(tmp_path / "a.yaml")


def test_mistake_in_what_is_extended(tmp_path: Path) -> None:
    """A mistake of the base is reported at its position in the base."""
    (tmp_path / "base.yaml").write_text("name: 1\n", encoding="utf-8")
    (tmp_path / "story.yaml").write_text("name: story\nextends: base.yaml\n", encoding="utf-8")

    with pytest.raises(ScenarioError, match=r"base\.yaml:1:7: name should be text"):
        Scenario.load(tmp_path / "story.yaml")


def test_settings_laid_over() -> None:
    """Settings that override a scenario's are checked with them."""
    assert files.settings_of(Scenario.load("long-tokens"), seed=7).token_style == "long"
    with pytest.raises(ScenarioError, match="settings: unknown key sed; did you mean seed?"):
        files.settings_of(Scenario.load("long-tokens"), sed=7)


def test_read_as_written(tmp_path: Path) -> None:
    """A scenario may be read without what it extends."""
    story = tmp_path / "story.yaml"
    story.write_text("name: story\nextends: long-tokens\n", encoding="utf-8")

    assert files.read(str(story)).extends == "long-tokens"
    assert files.read("default") == files.DEFAULT


def test_no_such_scenario(tmp_path: Path) -> None:
    """An unknown name is answered with the nearest; a file that is not text is reported."""
    (tmp_path / "story.yaml").write_bytes(b"\xff\xfe")

    with pytest.raises(NotFoundError, match="did you mean bad-gateway"):
        Scenario.load("bad-gatway")
    with pytest.raises(NotFoundError, match="cannot be read"):
        Scenario.load(tmp_path / "story.yaml")


@pytest.mark.parametrize(
    "text",
    ["name: 53030", "name: x\nruls: []", "name: x\nsettings: {seed: '7'}", "about: x",
     "name: x\nrules: [{on: notify, fault: rest}]", "name: x\nsettings: {limits: of}",
     "name: x\npeople: {a: {gender: 3}}", "name: x\nrules: [{on: notify, delay: soon}]"],
)  # fmt: skip
def test_schema_refuses(text: str) -> None:
    """The JSON Schema refuses wrong shapes too, for editors."""
    value = yaml_source.read(text, "x").value

    assert [*Draft202012Validator(files.json_schema()).iter_errors(value)]


def test_schema_explains() -> None:
    """Every key of the schema says what it is; endpoints, errors and effects complete."""
    schema = files.json_schema()
    parts = {"Scenario": schema, **schema["$defs"]}
    rule = schema["$defs"]["Rule"]["properties"]

    for name in ("Scenario", "TimedEvent", "Rule", "StubReply", "Settings"):
        for key, each in parts[name]["properties"].items():
            assert each.get("description"), f"{name}.{key}"
    assert {"code_to_session", "oauth.*", "phone.login", "*"} <= set(rule["on"]["examples"])
    assert {"bad_code", 40018} <= set(rule["error"]["examples"])
    assert set(schema["$defs"]["Effect"]["enum"]) == set(Effect)
    assert "`code_expires`: The code" in schema["$defs"]["Effect"]["description"]
    assert schema["$defs"]["Settings"]["properties"]["ticket_lifetime"]["default"] == "2h"


def test_schema_without_source(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the source code the schema has no descriptions."""

    def gone(_: object) -> str:
        raise OSError("could not get source code")

    monkeypatch.setattr("mockdouyin.core.attribute_docs.inspect.getsource", gone)
    _in_module.cache_clear()

    assert attribute_docs(Scenario) == {}
    _in_module.cache_clear()
