"""The journal: what it keeps, finds and shows, and what nobody sees in it unless they ask."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest

from mockdouyin import Fault, Sandbox
from mockdouyin.control import execute
from mockdouyin.core.acts import Act
from mockdouyin.core.apps import AppSpec, make_app
from mockdouyin.core.exchange_view import Mask, show
from mockdouyin.core.http import Reply, Request
from mockdouyin.core.journal import UNANSWERED, Entry, Exchange, Journal
from mockdouyin.endpoints import CATALOGUE
from tests.support.helpers import (
    PROGRAM,
    PROGRAM_LOGIN,
    WEB,
    app_token,
    client_token,
    consent,
    phone,
    post,
    sandbox,
    send,
)

LOGIN = "/api/apps/v2/jscode2session"


def exchange(number: int = 1, path: str = "/x", size: int = 0, **given: Any) -> Exchange:
    """Make an exchange by hand."""
    request = Request("POST", path, body=b"x" * size)
    return Exchange(
        **{
            "number": number,
            "time": 0.0,
            "world": "w",
            "request": request,
            "reply": Reply(200, b"{}"),
            **given,
        }
    )


def shown(box: Sandbox) -> list[dict[str, Any]]:
    """Return the journal as everybody sees it."""
    mask = box.default.mask()
    return [show(each, mask) for each in box.default.journal]


def test_it_is_bounded_by_count() -> None:
    """The oldest go when there are too many; the total goes on."""
    journal = Journal(count=3)

    for number in range(1, 6):
        journal.write(exchange(number))

    assert [each.number for each in journal] == [3, 4, 5]
    assert (len(journal), journal.total) == (3, 5)


def test_a_worlds_journal_is_bounded() -> None:
    """A world keeps its latest ten thousand exchanges, however many it serves."""
    box = sandbox()
    for _ in range(10_010):
        send(box, "GET", "/js/getticket/")

    journal = box.default.journal

    assert (len(journal), journal.total, journal.dropped) == (10_000, 10_010, 10)
    assert next(iter(journal)).number == 11


def test_its_bounds_are_settings() -> None:
    """How much is kept can be changed while a world runs; acts count as little."""
    box = sandbox()
    for _ in range(5):
        phone(box, "login")
        send(box, "GET", "/js/getticket/")
    journal = box.default.journal

    execute(box, "change_settings", body={"journal_exchanges": 2})
    send(box, "GET", "/js/getticket/")

    kept = journal.newest()
    assert [(each.number, type(each)) for each in kept] == [
        (9, Act),
        (10, Exchange),
        (11, Act),
        (12, Exchange),
    ]
    assert journal.dropped == 8


def test_acts_are_bounded_by_bytes() -> None:
    """However many acts follow one another, they hold no more than exchanges may."""
    box = sandbox(settings={"journal_bytes": 64 * 1024})

    for _ in range(500):
        phone(box, "getSystemInfo")

    journal = box.default.journal
    kept = journal.newest()
    assert 20 < len(kept) < 200
    assert [each.number for each in kept] == list(range(journal.dropped + 1, 501))
    assert sum(each.size for each in kept) <= 64 * 1024


def test_pages() -> None:
    """A page is the newest entries, those before a number, or the first after one."""
    journal = Journal(count=6)
    for number in range(1, 11):
        journal.write(exchange(number))

    def numbers(entries: list[Entry]) -> list[int]:
        return [entry.number for entry in entries]

    assert numbers(journal.newest(2)) == [9, 10]
    assert numbers(journal.newest(2, before=9)) == [7, 8]
    assert numbers(journal.newest(since=8)) == [9, 10]
    assert numbers(journal.newest(2, since=9)) == [10]
    assert numbers(journal.newest(before=6)) == [5]
    assert numbers(journal.newest(before=4)) == []
    assert numbers(journal.after(0, 2)) == [5, 6]
    assert numbers(journal.after(7, 2)) == [8, 9]
    assert numbers(journal.after(10, 2)) == []


def test_an_entry_is_found_by_its_number() -> None:
    """An entry is found while it is kept, also where a restored journal has gaps."""
    journal = Journal(count=3)
    for number in range(1, 5):
        journal.write(exchange(number))
    saved = journal.save()
    journal.write(exchange(5))
    journal.restore(saved)
    journal.write(exchange(6))

    found = [journal.find(number) for number in range(1, 8)]

    assert [each.number if each else 0 for each in found] == [0, 0, 3, 4, 0, 6, 0]


def test_an_exchange_knows_how_long_it_took() -> None:
    """An answer's time is noted, of a known path and of an unknown one."""
    box = sandbox()
    send(box, "GET", "/js/getticket/")
    send(box, "GET", "/nothing/here")

    assert all(0 < each.took < 60 for each in box.default.journal)


def test_it_is_bounded_by_bytes() -> None:
    """The oldest go when they are too big together; the newest stays, however big."""
    journal = Journal(size=10_000)

    for number in range(1, 8):
        journal.write(exchange(number, size=3000))
    assert [each.number for each in journal] == [6, 7]
    journal.write(exchange(8, size=50_000))
    assert [each.number for each in journal] == [8]
    journal.write(exchange(9))

    assert [each.number for each in journal] == [9]


@pytest.mark.parametrize(
    "heavy",
    [
        Request("GET", "/" + "p" * 3000),
        Request("M" * 3000, "/x"),
        Request("GET", "/x", host="h" * 3000),
    ],
    ids=["path", "method", "host"],
)
def test_a_long_address_counts_too(heavy: Request) -> None:
    """A client cannot fill the memory with paths, methods or hosts."""
    journal = Journal(size=10_000)

    for number in range(1, 8):
        journal.write(exchange(number, request=heavy))

    assert [each.number for each in journal] == [6, 7]


def test_where_a_reply_redirects_to_counts_too() -> None:
    """Nor with the states that go round with redirects."""
    journal = Journal(size=10_000)
    away = Reply(302, b"", ((b"location", b"https://a.test/?state=" + b"s" * 3000),))

    for number in range(1, 8):
        journal.write(exchange(number, reply=away))

    assert [each.number for each in journal] == [6, 7]


def test_headers_and_replies_count_too() -> None:
    """An exchange weighs its headers, query and reply, not its body alone."""
    headers = [(b"x-long", b"h" * 3000)]
    heavy = exchange(
        request=Request("GET", "/x", b"q" * 2000, headers), reply=Reply(200, b"r" * 4000)
    )

    light, journal = exchange(), Journal()
    journal.write(heavy)
    journal.write(light)

    assert heavy.size > 9000 > light.size > 0


def test_clear_forgets_but_numbers_go_on() -> None:
    """A cleared journal is empty, holds nothing, and counts on."""
    journal = Journal(size=4000)
    journal.write(exchange(1, size=3000))

    journal.clear()
    journal.write(exchange(2, size=2000))

    assert [each.number for each in journal] == [2]
    assert journal.total == 2


def test_it_goes_back_but_numbers_go_on() -> None:
    """A restored journal holds what it is given, within its bounds from then on."""
    journal = Journal(count=2)
    journal.write(exchange(1, size=50))
    saved = list(journal)
    journal.write(exchange(2))

    journal.restore(saved)

    assert ([each.number for each in journal], journal.total) == ([1], 2)
    journal.write(exchange(3))
    journal.write(exchange(4))
    assert [each.number for each in journal] == [3, 4]


def test_what_nothing_answered_is_kept_through_all_but_a_reset() -> None:
    """The first calls that nothing answered outlive the exchanges after them, and a restore."""
    journal = Journal(count=3)
    login = CATALOGUE.routes[("POST", "/api/apps/v2/jscode2session")]
    for number in range(1, UNANSWERED + 20):
        journal.write(exchange(number))
    for _ in range(5):
        journal.write(exchange(0, endpoint=login))
    journal.restore([])

    assert [each.number for each in journal.unanswered] == list(range(1, UNANSWERED + 1))
    journal.clear()
    assert journal.unanswered == []


def test_listeners_hear_each_exchange() -> None:
    """Who listens is told of each exchange as it is written."""
    journal, heard = Journal(), list[int]()
    journal.listeners.append(lambda each: heard.append(each.number))

    journal.write(exchange(1))
    journal.write(exchange(2))

    assert heard == [1, 2]


def test_exchanges_are_found_by_endpoint() -> None:
    """An exchange is found by its endpoint's full name, bare name, family or path."""
    box = sandbox()
    post(box, LOGIN, {})
    send(box, "GET", "/mgplatform/api/apps/jscode2session")
    send(box, "GET", "/nothing/here")
    journal = box.default.journal

    def numbers(name: str) -> list[int]:
        return [each.number for each in journal.select(name)]

    assert numbers("") == [1, 2, 3]
    assert numbers("code_to_session") == [1, 2]
    assert numbers("mini_program.code_to_session") == [1]
    assert numbers("mini_game.*") == [2]
    assert numbers(LOGIN + "/") == [1]
    assert numbers("/nothing/here") == [3]
    assert numbers("client_token") == []


def test_exchanges_are_found_by_number() -> None:
    """The exchanges after a number are given, or the latest few, newest last."""
    journal = Journal()
    for number in range(1, 6):
        journal.write(exchange(number))

    assert [each.number for each in journal.select(since=3)] == [4, 5]
    assert [each.number for each in journal.select(limit=2)] == [4, 5]
    assert [each.number for each in journal.select("/x", since=1, limit=1)] == [5]


CASE = CATALOGUE.endpoints["mini_program.code_to_session"].errors[0]
ENDPOINT = CATALOGUE.endpoints["mini_program.code_to_session"]


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        ({"endpoint": ENDPOINT}, "ok"),
        ({"endpoint": ENDPOINT, "error": CASE}, "refused"),
        ({"endpoint": ENDPOINT, "rule": "rule-1"}, "bent"),
        ({"endpoint": ENDPOINT, "error": CASE, "rule": "rule-1"}, "refused"),
        ({"endpoint": ENDPOINT, "reply": Reply(413, b"")}, "error"),
        ({"endpoint": ENDPOINT, "reply": Reply(200, b"", (), Fault.RESET)}, "fault"),
        ({"reply": Reply(404, b"")}, "unknown"),
    ],
)
def test_verdicts(given: dict[str, Any], verdict: str) -> None:
    """An exchange is ok, refused, bent, a fault, an error of ours, or of an unknown path."""
    assert exchange(**given).verdict == verdict


def test_an_exchange_as_it_is_shown() -> None:
    """An exchange is shown with its app, person, verdict, reason, and fields that nobody reads."""
    box = sandbox()
    code = phone(box, "login")["code"]
    post(
        box, LOGIN, {**PROGRAM_LOGIN, "code": code, "extra": 1}, {"Host": "developer.toutiao.com"}
    )
    post(box, LOGIN, {**PROGRAM_LOGIN, "code": code})

    first, second = shown(box)

    assert first["id"] == 2  # the login was an act, which has the number before it
    assert first["time"] == "2026-01-01T12:00:00+08:00"
    assert (first["world"], first["endpoint"]) == ("default", "mini_program.code_to_session")
    assert (first["method"], first["path"], first["status"]) == ("POST", LOGIN, 200)
    assert first["host"] == "developer.toutiao.com"
    assert (first["app"], first["person"]) == (PROGRAM.client_key, "小明")
    assert (first["verdict"], first["why"], first["error"]) == ("ok", "", None)
    assert first["unread"] == ["extra"]
    assert first["request"]["body"]["code"] == code
    assert first["reply"]["body"]["err_no"] == 0
    assert second["verdict"] == "refused"
    assert second["error"] == {"code": 40018, "name": "bad_code"}
    assert second["why"] == "the code was already used; it works once"


def test_odd_bodies_are_shown_as_text() -> None:
    """A body that is no JSON is shown as text; a cut one with its whole length."""
    box = sandbox()
    for body in (b'{"code": ', b"code=c", b"\xff\xfe", b"[" * 3000):
        send(box, "POST", LOGIN, body=body)

    bodies = [each["request"]["body"] for each in shown(box)]

    assert bodies[:3] == ['{"code": ', "code=c", "\ufffd\ufffd"]
    assert bodies[3] == "[" * 3000
    assert [each["unread"] for each in shown(box)] == [[], [], [], []]
    cut = exchange(request=Request("POST", "/x", body=b"secret=abc"), length=70000)
    assert show(cut, Mask([]))["request"]["body"] == "secret=***… (70000 bytes)"


def test_deep_bodies_do_no_harm() -> None:
    """A body nested as deep as JSON may be is shown, and can be written as JSON."""
    box = sandbox()
    for depth in (400, 900, 990):
        send(box, "POST", LOGIN, body=b'{"x":' * depth + b"1" + b"}" * depth)

    assert all(json.dumps(each["request"]["body"]) for each in shown(box))


def test_a_fault_and_a_strange_path_are_shown() -> None:
    """A fault is named, and an exchange of no endpoint has none and nothing unread."""
    broken = exchange(reply=Reply(200, b"", (), Fault.CUT))

    view = show(broken, str)

    assert (view["fault"], view["endpoint"], view["unread"]) == ("cut", None, [])
    assert (view["rule"], view["error"]) == (None, None)


SECRET = "f00df00df00df00df00df00df00df00df00df00d"
SESSION_KEY = "MDEy+zQ1Njc4OWFi/2RlZg=="
PHONE = "13712345678"
FOREIGN = "61234567"

HIDDEN = (SECRET, SESSION_KEY, PHONE, FOREIGN)


def _box() -> Sandbox:
    """Make a world with an app whose secret is SECRET."""
    box = sandbox()
    spec = AppSpec(client_key="tt00", client_secret=SECRET)
    box.default.register(make_app("mine", spec, box.default.ids))
    return box


@pytest.mark.parametrize("word", HIDDEN)
@pytest.mark.parametrize(
    "where",
    [
        "query",
        "odd query",
        "form",
        "odd form",
        "json",
        "odd json",
        "list",
        "text in json",
        "name",
        "malformed json",
        "other text",
        "multipart",
        "path",
        "header",
    ],
)
def test_what_is_hidden_wherever_it_travels(where: str, word: str) -> None:
    """A secret, session key or phone number is hidden in any field and any place."""
    box = _box()
    escaped = quote(word, safe="").encode()
    plain = json.dumps(word).encode()
    known = "session_key" if word == SESSION_KEY else "phone" if word != SECRET else "secret"
    path, query, headers, body = LOGIN, b"", {}, b""
    match where:
        case "query":
            query = b"code=c&" + known.encode() + b"=" + escaped + b"&x=1"
        case "odd query":
            query = b"code=" + escaped
        case "form":
            body = known.encode() + b"=" + escaped + b"&code=c"
        case "odd form":
            body = b"code=" + escaped + b"&x=1"
        case "json":
            body = b'{"%s": %s}' % (known.encode(), plain)
        case "odd json":
            body = b'{"code": %s}' % plain
        case "list":
            body = b'{"x": [1, {"y": %s}]}' % plain
        case "text in json":
            body = json.dumps({"x": json.dumps({known: word, "z": word})}).encode()
        case "name":
            body = b"{%s: 1}" % plain
        case "malformed json":
            body = b'{"%s": %s, "code": %s, ' % (known.encode(), plain, plain)
        case "other text":
            body = b"it is " + word.encode() + b" you know"
        case "multipart":
            body = b'--b\r\nContent-Disposition: form-data; name="code"\r\n\r\n'
            body += word.encode() + b"\r\n--b--"
            headers = {"content-type": "multipart/form-data; boundary=b"}
        case "path":
            path = "/api/" + word
        case "header":
            headers = {"x-odd": word}
    send(box, "POST", path, query=query, body=body, headers=headers)

    text = json.dumps(shown(box), ensure_ascii=False)

    assert word not in text
    assert escaped.decode() not in text
    assert "***" in text


def test_everything_is_there_for_who_asks() -> None:
    """Without a mask an exchange is shown as it was."""
    box = _box()
    send(box, "POST", LOGIN, body=json.dumps({"secret": SECRET}).encode())

    view = show(next(iter(box.default.journal)), str)

    assert view["request"]["body"] == {"secret": SECRET}


@pytest.mark.parametrize(
    ("text", "like"),
    [
        ('{"secret": "ab cd&e", "x": 1', '{"secret": "***", "x": 1'),
        ('{"secret": "a\\"b"', '{"secret": "***"'),
        ('{"secret": "cut off', '{"secret": "***'),
        ('{"x": "{\\"client_secret\\":\\"ab\\"}"', '{"x": "{\\"client_secret\\":\\"***\\"}"'),
        ("{'appSecret': 'ab'}", "{'appSecret': '***'}"),
        ('{"secret": ["ab", "cd"], "x"', '{"secret": ***, "x"'),
        ('{"secret": {"a": "b"}, "x"', '{"secret": ***, "x"'),
        ('{"phone": 13, "x"', '{"phone": ***, "x"'),
        ('secret=a,b}"c&x=1', "secret=***&x=1"),
        ("code=1&client_secret=zz", "code=1&client_secret=***"),
        ("%22secret%22%3A%22abc%22%2C%22x%22", "%22secret%22%3A%22***%22%2C%22x%22"),
        ("secret%3Dabc%26x", "secret%3D***%26x"),
        ("session_key: abc, next", "session_key: ***, next"),
        ("sessionKey = 'abc'", "sessionKey = '***'"),
        (
            'form-data; name="secret"\r\nContent-Type: text/plain\r\n\r\nabc\r\n--b',
            'form-data; name="secret"\r\nContent-Type: text/plain\r\n\r\n***\r\n--b',
        ),
        ("+8613912345678", "***"),
        ("%2B8613912345678", "***"),
        ("purePhoneNumber=1", "purePhoneNumber=***"),
        ("Authorization: Bearer", "Authorization: ***"),
    ],
)
def test_masks(text: str, like: str) -> None:
    """A field is hidden by its name in any notation, to its end and not beyond."""
    assert Mask([])(text) == like


@pytest.mark.parametrize(
    "text",
    [
        '{"err_no":40017,"err_tips":"bad secret","data":null}',
        "the secret is not that of app 'shop'",
        "neither hmac_sha256(session_key, body) nor the newer rule",
        "1700000000 1700000000123 20260101120000AABBCCDD000000000001",
        "_000aBcDeFgHiJkLmNoPqRsTuVwXyZ012345",
        "ar8P0OkTQ2xHqHrW9wAAAAAAAAAAAAAAAAAAAA==",
        "138001380001",
    ],
)
def test_harmless_texts_stay(text: str) -> None:
    """What only mentions a secret, or looks a little like one, is left alone."""
    assert Mask(["abcdefgh", "short"])(text) == text


def test_tokens_are_recognised_but_not_usable() -> None:
    """A token is shown by its head, whatever its kind and length."""
    mask = Mask([])

    assert mask("clt." + "a1" * 30) == "clt.a1a1***"
    assert mask('"act.3.' + "a1" * 90 + '="') == '"act.3.a1a1***"'
    assert mask("isvact." + "a1" * 20) == "isvact.a1a1***"
    assert mask("08011218" + "6a" * 22 + "3d3d") == "080112186a6a***"


def test_secrets_are_known_in_their_escaped_form() -> None:
    """A secret with other characters is hidden when it is percent-encoded, too."""
    mask = Mask(["p@ss/word+1", "longer p@ss/word+1"])

    assert mask("x=p%40ss%2Fword%2B1 p@ss/word+1") == "x=*** ***"
    assert mask("longer p@ss/word+1") == "***"


def test_values_of_other_types_are_hidden_too() -> None:
    """A number, list or object is hidden by its field's name, a number also by what it is."""
    value = {"secret": ["a"], "phone": 5, "x": 13912345678, "y": 5, "mobile": "", "tel": None}

    assert Mask([]).json(value) == {
        "secret": "***",
        "phone": "***",
        "x": "***",
        "y": 5,
        "mobile": "",
        "tel": None,
    }


def test_a_whole_story_shows_no_secret() -> None:
    """Login, phone number, tokens and user info leave no secret in the journal."""
    box = sandbox()
    login = phone(box, "login")
    session = post(box, LOGIN, {**PROGRAM_LOGIN, "code": login["code"]})["data"]
    detail = phone(box, "getPhoneNumber")["detail"]
    token = client_token(box, PROGRAM.client_key, PROGRAM.client_secret)
    headers = {"access-token": token}
    assert post(box, "/api/apps/v1/get_phonenumber_info/", {"code": detail["code"]}, headers)
    granted = consent(box, scopes=("user_info", "mobile"))
    fields = {"client_key": WEB.client_key, "client_secret": WEB.client_secret, "code": granted}
    fields["grant_type"] = "authorization_code"
    user = post(box, "/oauth/access_token/", fields)["data"]
    info = {"access_token": user["access_token"], "open_id": user["open_id"]}
    assert post(box, "/oauth/userinfo/", info)["err_no"] == 0
    other = app_token(box)

    text = json.dumps(shown(box), ensure_ascii=False)

    for word in (
        PROGRAM.client_secret,
        WEB.client_secret,
        session["session_key"],
        "13800138000",
        token,
        user["access_token"],
        user["refresh_token"],
        other,
    ):
        assert word not in text
    assert session["openid"] in text


def test_why_hides_too() -> None:
    """The reason of a refusal repeats no secret."""
    box = sandbox()
    fields = {**PROGRAM_LOGIN, "appid": PROGRAM.client_secret, "code": "c"}
    assert post(box, LOGIN, fields)["err_no"] == 40015

    view = shown(box)[0]

    assert "no app has the key '***'" in view["why"]
    assert PROGRAM.client_secret not in json.dumps(view)


def test_cookies_keys_and_xml_are_hidden() -> None:
    """Cookies, headers that look like keys, and secrets in XML and in paths are hidden."""
    box = _box()
    headers = {
        **{"cookie": "sid=5ecre7; b=5ecre7", "x-api-key": "5ecre7", "x-tt-token": "5ecre7"},
        **{"authorization": "Bearer 5ecre7", "x-douyin-signature": "abcdef", "referer": "/x"},
        "byte-authorization": 'SHA256-RSA2048 appid="tt00",signature="abcdef"',
    }
    body = b"<xml><client_secret>5ecre7</client_secret><code>c</code></xml>"
    send(box, "POST", "/api/secret/5ecre7/x", headers=headers, body=body)
    send(box, "POST", LOGIN, query=b"a=%22secret%22%3A%225ecre7%22", headers=headers, body=body)

    for view in shown(box):
        assert "5ecre7" not in json.dumps(view)
        assert view["request"]["headers"]["x-douyin-signature"] == "abcdef"
        assert "signature" in view["request"]["headers"]["byte-authorization"]
        assert "<code>c</code>" in view["request"]["body"]
    revealed = [show(each, str) for each in box.default.journal]
    assert all(json.dumps(view).count("5ecre7") > 5 for view in revealed)


def test_a_reply_with_a_cookie() -> None:
    """A cookie that an answer sets is hidden."""
    reply = Reply(200, b"{}", ((b"set-cookie", b"sid=5ecre7; Path=/"),))

    assert show(exchange(reply=reply), Mask([]))["reply"]["headers"] == {"set-cookie": "***"}


def test_a_world_keeps_its_mask_while_it_knows_no_more() -> None:
    """A world hides what it knows at the moment: a new secret is hidden from then on."""
    box = sandbox()
    before = box.default.mask()
    assert box.default.mask() is before
    assert before(f"x={SECRET}") == f"x={SECRET}"

    spec = AppSpec(client_key="tt00", client_secret=SECRET)
    box.default.register(make_app("mine", spec, box.default.ids))

    assert box.default.mask()(f"x={SECRET}") == "x=***"
