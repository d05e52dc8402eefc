"""Share links and signatures examined: each mistake is named exactly, and nothing else is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import msgspec
import pytest

from mockdouyin import Sandbox
from mockdouyin.core.store import FOREVER
from mockdouyin.core.texts import as_text
from mockdouyin.domain.share_signatures import MAX_PAST_TICKETS, JsCall, ShareProblem
from mockdouyin.domain.sharing import LINK_PARAMETERS, ShareVerdict, examine, examine_js
from mockdouyin.domain.tickets import JsTicket, OpenTicket, OpenTickets, open_ticket
from mockdouyin.endpoints.schema import ShareLinkFields
from tests.support.helpers import PROGRAM, WEB, client_token, get, sandbox

HEAD = "snssdk1128://openplatform/share"
VIDEO = "https://app.example.test/a.mp4"
NONCE = "Wm3WZYTPz0wzccnW"
PAGE = "https://app.example.test/page?a=1&b=2"

GUIDE = (
    "snssdk1128://openplatform/share?client_key=1111111&image_path=https%3A%2F%2Fjs.ibaotu.com%2F"
    "act%2F23%2F04%2F20%2F6441198db0ef0.jpg&nonce_str=29649247100043823967999435052604&share_type"
    "=h5&signature=efb371d33b0deefb6e471ded1724faef&state=1767391659575207×tamp=1685516015&title"
    "=哈哈哈"
)
"""The link that a published guide prints."""


def md5(text: str) -> str:
    """Return the MD5 of a text, without our own crypto."""
    return hashlib.md5(text.encode()).hexdigest()


def sha1(text: str) -> str:
    """Return the SHA1 of a text."""
    return hashlib.sha1(text.encode()).hexdigest()


def now(box: Sandbox) -> int:
    """Return the world's time in seconds."""
    return int(box.default.clock.now())


def ticket(box: Sandbox, kind: str = "open") -> str:
    """Fetch a ticket as a backend does."""
    fetched = get(box, f"/{kind}/getticket/", token=client_token(box))["data"]["ticket"]
    assert isinstance(fetched, str)
    return fetched


def text_of(ticket: str, stamp: object, nonce: str = NONCE) -> str:
    """Return the text that a share is signed over."""
    return f"nonce_str={nonce}&ticket={ticket}&timestamp={stamp}"


def fields_of(box: Sandbox, signature: str, /, **given: str | None) -> dict[str, str]:
    """Return the parameters of a link; None leaves one out."""
    fields = {
        "share_type": "h5",
        "client_key": WEB.client_key,
        "nonce_str": NONCE,
        "timestamp": str(now(box)),
        "signature": signature,
        "video_path": VIDEO,
        **given,
    }
    return {name: value for name, value in fields.items() if value is not None}


def link(fields: dict[str, str]) -> str:
    """Write a link with each value encoded."""
    return f"{HEAD}?" + "&".join(f"{name}={quote(value, '')}" for name, value in fields.items())


def judged(box: Sandbox, schema: str) -> ShareVerdict:
    """Examine a link in the world `default`."""
    world = box.default
    return examine(world, world.store.unit(world.clock.now()), schema)


def right(box: Sandbox, /, **given: str | None) -> dict[str, str]:
    """Return the parameters of a link that is right but for what is given."""
    return fields_of(box, md5(text_of(ticket(box), now(box))), **given)


def shown(problem: ShareProblem) -> tuple[str, str, str, str]:
    """Return a problem as it reads in English."""
    seen, expected = as_text(problem.seen), as_text(problem.expected)
    return problem.part, seen.render("en"), expected.render("en"), problem.why.render("en")


def the_problem(box: Sandbox, schema: str) -> ShareProblem:
    """Examine a link that has one thing wrong with it, and give that."""
    verdict = judged(box, schema)
    assert not verdict.ok
    (problem,) = verdict.problems
    return problem


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"title": "你好 & 再见=100%", "state": "1767391659575207", "poi_id": "1"},
        {"video_path": None, "image_path": "HTTP://app.example.test/a.jpg"},
        {"video_path": None, "image_list_path": '["https://a.example.test/1.png"]'},
        {"hashtag_list": '["测试", "a b"]', "micro_app_info": '{"appId": "tt1"}'},
        {"share_to_publish": "1"},
        {"share_to_publish": "0", "video_path": None, "image_path": "https://a.example.test/1"},
    ],
)
def test_a_right_link(given: dict[str, str | None]) -> None:
    """A link that is signed and encoded is taken, and read back as it was meant."""
    box = sandbox()
    fields = right(box, **given)

    assert judged(box, link(fields)) == ShareVerdict(True, (), fields)


def test_a_link_that_a_shell_cut() -> None:
    """A link that ends at its first & is told so before all that is missing of it."""
    problem = judged(sandbox(), f"{HEAD}?share_type=h5").problems[0]

    assert problem.part == "schema"
    assert "a shell cuts a link at & unless it is quoted" in problem.why.render("en")


def test_a_link_as_java_encodes_it() -> None:
    """A blank may be a plus, and blanks around the link and a slash before ? do no harm."""
    box = sandbox()
    schema = link(right(box)).replace("/share?", "/share/?")

    verdict = judged(box, f" {schema}&title=a+b\n")

    assert verdict.ok
    assert verdict.fields["title"] == "a b"


# Who signed, with which ticket.


def test_two_tickets_live_for_five_minutes() -> None:
    """After another call of /open/getticket/ both tickets sign, for five minutes, then one."""
    box = sandbox()
    first, second = ticket(box), ticket(box)

    def verdict(used: str) -> ShareVerdict:
        return judged(box, link(fields_of(box, md5(text_of(used, now(box))))))

    box.default.clock.advance(299)
    assert verdict(first).ok
    assert verdict(second).ok
    box.default.clock.advance(1)
    assert verdict(second).ok
    (problem,) = verdict(first).problems
    assert problem.part == "signature"
    assert "superseded ticket" in problem.why.render("en")
    assert problem.expected == md5(text_of(second, now(box)))


def test_an_expired_ticket() -> None:
    """A ticket older than two hours is named as expired."""
    box = sandbox()
    used = ticket(box)
    box.default.clock.advance(7200)

    problem = the_problem(box, link(fields_of(box, md5(text_of(used, now(box))))))

    assert problem.part == "signature"
    assert problem.why.render("en") == "it is made with a ticket that has expired"
    assert shown(problem)[2] == "the MD5 over nonce_str, ticket, timestamp"


def test_a_ticket_superseded_long_ago_is_just_unknown() -> None:
    """A wrong signature is sought among an app's last tickets, and not for ever."""
    box = sandbox()
    world = box.default
    unit = world.store.unit(world.clock.now())
    app = world.apps[WEB.client_key]
    first, second, *_ = [open_ticket(world, unit, app)[0] for _ in range(MAX_PAST_TICKETS + 1)]
    unit.commit()
    world.clock.advance(300)

    def why(used: str) -> str:
        schema = link(fields_of(box, md5(text_of(used, now(box)))))
        return the_problem(box, schema).why.render("en")

    assert "fits no ticket" in why(first)
    assert "superseded" in why(second)


def test_a_js_ticket_is_none_for_a_share() -> None:
    """A share signed with the JS ticket is told so, with or without an open ticket at hand."""
    box = sandbox()
    schema = link(fields_of(box, md5(text_of(ticket(box, "js"), now(box)))))

    before = the_problem(box, schema)
    ticket(box)
    after = the_problem(box, schema)

    assert before.why.render("en") == after.why.render("en")
    assert before.why.render("en").startswith("it is made with a JS ticket")


def test_an_app_that_never_fetched_a_ticket() -> None:
    """Where no open ticket was ever asked for, that is what is wrong."""
    box = sandbox()

    problem = the_problem(box, link(fields_of(box, md5(text_of("@made-up==", now(box))))))

    assert problem.why.render("en") == "the app never asked for an open ticket (/open/getticket/)"


def test_a_signature_of_something_else() -> None:
    """A signature that no known mistake gives is shown beside the one that is expected."""
    box = sandbox()
    used = ticket(box)

    problem = the_problem(box, link(fields_of(box, "0" * 100)))

    assert shown(problem) == (
        "signature",
        "0" * 80,
        md5(text_of(used, now(box))),
        "it fits no ticket of the app with this nonce_str, timestamp",
    )


SLIPS: dict[str, tuple[Callable[[str, int], str], str]] = {
    "upper case": (lambda t, s: md5(text_of(t, s)).upper(), "it is in upper case"),
    "sha1": (lambda t, s: sha1(text_of(t, s)), "it is SHA1"),
    "unsorted": (
        lambda t, s: md5(f"ticket={t}&nonce_str={NONCE}&timestamp={s}"),
        "the parts are unsorted: ticket, nonce_str, timestamp; sort them by name",
    ),
    "reversed": (
        lambda t, s: md5(f"timestamp={s}&ticket={t}&nonce_str={NONCE}"),
        "the parts are unsorted: timestamp, ticket, nonce_str; sort them by name",
    ),
    "encoded": (lambda t, s: md5(text_of(quote(t, ""), s)), "signed over URL-encoded values"),
    "jsapi_ticket in place": (
        lambda t, s: md5(f"nonce_str={NONCE}&jsapi_ticket={t}&timestamp={s}"),
        "the signed text says jsapi_ticket=…; here the name is ticket",
    ),
    "jsapi_ticket sorted": (
        lambda t, s: md5(f"jsapi_ticket={t}&nonce_str={NONCE}&timestamp={s}"),
        "the signed text says jsapi_ticket=…; here the name is ticket",
    ),
    "signed milliseconds": (
        lambda t, s: md5(text_of(t, f"{s}987")),
        "it was signed over the timestamp in milliseconds, and another one was sent",
    ),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_in_signing(slip: str) -> None:
    """What people get wrong in signing is named, and it is all that is named."""
    box = sandbox()
    sign, says = SLIPS[slip]
    used = ticket(box)

    problem = the_problem(box, link(fields_of(box, sign(used, now(box)))))

    assert problem.part == "signature"
    assert says in problem.why.render("en")
    assert problem.expected == md5(text_of(used, now(box)))


# When.


@pytest.mark.parametrize("fraction", ["000", "123"])
def test_milliseconds(fraction: str) -> None:
    """A timestamp in milliseconds is named, and where it alone is wrong it alone is named."""
    box = sandbox()
    used, stamp = ticket(box), f"{now(box)}{fraction}"
    signed = fields_of(box, md5(text_of(used, stamp)), timestamp=stamp)
    sent = fields_of(box, md5(text_of(used, now(box))), timestamp=stamp)

    problem = the_problem(box, link(signed))
    parts = {each.part: each.why.render("en") for each in judged(box, link(sent)).problems}

    assert problem.part == "timestamp"
    assert (problem.seen, problem.expected) == (stamp, str(now(box)))
    assert problem.why.render("en") == "it is in milliseconds; sign and send seconds"
    assert parts["timestamp"] == problem.why.render("en")
    assert "over the timestamp in seconds" in parts["signature"]


@pytest.mark.parametrize(
    ("away", "why"),
    [
        (-7200, ""),
        (7200, ""),
        (-7201, "it is 2h1s old; it may be 2h away from the world's time at most"),
        (7201, "it is 2h1s ahead; it may be 2h away from the world's time at most"),
        (-86400 * 400, "it is 400d old"),
    ],
)
def test_freshness(away: int, why: str) -> None:
    """A timestamp further away than a ticket lives is stale, or ahead of time."""
    box = sandbox()
    stamp = now(box) + away
    fields = fields_of(box, md5(text_of(ticket(box), stamp)), timestamp=str(stamp))

    verdict = judged(box, link(fields))

    assert verdict.ok == (not why)
    assert all(
        p.part == "timestamp" and p.why.render("en").startswith(why) for p in verdict.problems
    )


@pytest.mark.parametrize("stamp", ["soon", "-1", "1.5", "²", "1767240000²", " "])
def test_a_timestamp_that_is_none(stamp: str) -> None:
    """A timestamp that is no whole number is named, digits of other scripts too."""
    box = sandbox()
    fields = fields_of(box, md5(text_of(ticket(box), stamp)), timestamp=stamp)

    problem = the_problem(box, link(fields))

    assert (problem.part, problem.seen) == ("timestamp", stamp)
    assert problem.why.render("en") == "it is not a number of seconds since 1970"


# What the link says.

ALBUM: dict[str, str | None] = {"video_path": None}

MISTAKES: list[tuple[dict[str, str | None], str, str]] = [
    ({"share_type": None}, "share_type", "it has to be h5"),
    ({"share_type": "H5"}, "share_type", "it has to be h5"),
    ({"client_key": None}, "client_key", "it is missing"),
    ({"client_key": ""}, "client_key", "it is missing"),
    ({"client_key": "awnobody"}, "client_key", "no app of this world has it"),
    ({"nonce_str": None}, "nonce_str", "it is missing"),
    ({"timestamp": None}, "timestamp", "it is missing"),
    ({"signature": None}, "signature", "it is missing"),
    ({"hashtags": "x"}, "hashtags", "no such parameter"),
    ({"video_path": None}, "media", "there is nothing to share"),
    ({"video_path": ""}, "media", "there is nothing to share"),
    ({"video_path": "ftp://a.example.test/a"}, "video_path", "needs a public http or https"),
    ({"video_path": "/a.mp4"}, "video_path", "needs a public http or https"),
    ({"video_path": "https://"}, "video_path", "needs a public http or https"),
    ({"image_path": "data:image/png;base64,AA"}, "image_path", "needs a public http or https"),
    ({"video_path": quote(VIDEO, "")}, "video_path", "it is URL-encoded twice"),
    ({**ALBUM, "image_list_path": "[]"}, "image_list_path", "there is no picture in it"),
    ({**ALBUM, "image_list_path": VIDEO}, "image_list_path", "not a JSON array of strings"),
    ({**ALBUM, "image_list_path": f'["{VIDEO}", 1]'}, "image_list_path", "not a JSON array of"),
    ({**ALBUM, "image_list_path": f'["{VIDEO}", "x"]'}, "image_list_path", "needs a public http"),
    ({"image_list_path": "[" * 20_000}, "image_list_path", "not a JSON array of strings"),
    ({"hashtag_list": "测试"}, "hashtag_list", "not a JSON array of strings"),
    ({"hashtag_list": "['测试']"}, "hashtag_list", "not a JSON array of strings"),
    ({"hashtag_list": ""}, "hashtag_list", "not a JSON array of strings"),
    ({"micro_app_info": "tt1"}, "micro_app_info", "it is not a JSON object"),
    ({"micro_app_info": "[]"}, "micro_app_info", "it is not a JSON object"),
    (
        {"share_to_publish": "1", "video_path": None, "image_path": "https://a.example.test/1"},
        "share_to_publish",
        "only a single video",
    ),
    (
        {"share_to_publish": "1", "video_path": "", "image_path": "https://a.example.test/1"},
        "share_to_publish",
        "only a single video",
    ),
]


@pytest.mark.parametrize(("given", "part", "why"), MISTAKES)
def test_a_mistake_in_the_link(given: dict[str, str | None], part: str, why: str) -> None:
    """Each mistake is named once, by the parameter that has it, and nothing else is."""
    box = sandbox()

    problem = the_problem(box, link(right(box, **given)))

    assert problem.part == part
    assert why in problem.why.render("en")
    assert problem.expected
    assert len(shown(problem)[1]) <= 80


@pytest.mark.parametrize(
    "value", [VIDEO, "https://app.example.test/a b", "你好", "a%2", "2×3", "a&b".replace("&", "?")]
)
def test_a_value_that_is_not_encoded(value: str) -> None:
    """A value that stands in the link as it is, is named by its parameter."""
    box = sandbox()

    problem = the_problem(box, f"{link(right(box))}&title={value}")

    assert (problem.part, problem.seen) == ("title", value)
    assert "not URL-encoded" in problem.why.render("en")


def test_an_address_with_parameters_that_is_not_encoded() -> None:
    """What a bare address carries falls into the link as parameters, and the reason is given."""
    box = sandbox()

    verdict = judged(box, link(right(box, video_path=None)) + f"&video_path={PAGE}")

    assert [problem.part for problem in verdict.problems] == ["video_path", "b"]
    assert "a value before it may not be URL-encoded" in verdict.problems[1].why.render("en")


def test_a_parameter_that_is_there_twice() -> None:
    """A parameter may be there once."""
    box = sandbox()

    problem = the_problem(box, link(right(box, title="a")) + "&title=b")

    assert shown(problem) == ("title", "b", "each parameter once", "it is there twice")


@pytest.mark.parametrize(
    "head", ["snssdk1128://openplatform/shar", "https://open.douyin.com/", ""]
)
def test_another_address(head: str) -> None:
    """A link that begins otherwise opens nothing."""
    box = sandbox()

    problem = the_problem(box, link(right(box)).replace(HEAD, head))

    assert (problem.part, problem.seen, problem.expected) == ("schema", head, HEAD)


def test_what_is_no_link() -> None:
    """A text that is no link has all its parts wrong, and is an answer all the same."""
    verdict = judged(sandbox(), "hello")

    assert [problem.part for problem in verdict.problems] == [
        *("schema", "share_type", "client_key", "nonce_str", "timestamp", "signature", "media")
    ]


@pytest.mark.parametrize("spelling", ["×tamp", quote("×") + "tamp"])
def test_a_timestamp_swallowed_by_html(spelling: str) -> None:
    """&times that a page turned into × is named; the rest is examined as it was meant."""
    box = sandbox()
    schema = link(right(box)).replace("&timestamp", spelling)

    problem = the_problem(box, schema)

    assert (problem.part, problem.seen, problem.expected) == (
        *("timestamp", f"{spelling}=", "&timestamp="),
    )
    assert "&amp;timestamp" in problem.why.render("en")


def test_the_link_of_the_guide() -> None:
    """The link as a guide prints it: × for &times, a bare title, and an app that is not ours."""
    verdict = judged(sandbox(), GUIDE)

    assert [(problem.part, problem.seen) for problem in verdict.problems] == [
        ("timestamp", "×tamp="),
        ("title", "哈哈哈"),
        ("client_key", "1111111"),
    ]
    assert verdict.fields["state"] == "1767391659575207"
    assert verdict.fields["timestamp"] == "1685516015"


@pytest.mark.parametrize("scope", ["h5.share", "open.get.ticket"])
def test_a_scope_that_the_app_lacks(scope: str) -> None:
    """An app without the scopes of sharing is told which one it lacks."""
    box = sandbox()
    schema, world = link(right(box)), box.default
    app = world.apps[WEB.client_key]
    left = tuple(each for each in app.scopes if each != scope)
    world.register(msgspec.structs.replace(app, scopes=left))

    problem = the_problem(box, schema)

    assert (problem.part, problem.expected) == ("scope", scope)
    assert f"lacks {scope}" in problem.why.render("en")
    assert "`verify signature fail`" in problem.why.render("en")


def sharing_with(version: str, *scopes: str) -> ShareVerdict:
    """Examine a right link of an app with these scopes and those that every share needs."""
    box = sandbox(settings={"douyin_version": version})
    schema, world = link(right(box)), box.default
    app = world.apps[WEB.client_key]
    held = ("h5.share", "open.get.ticket", *scopes)
    world.register(msgspec.structs.replace(app, scopes=held))
    return judged(box, schema)


@pytest.mark.parametrize("version", ["30.5.0", "30.5", "30.10.0", "31"])
def test_newer_apps_want_a_second_scope(version: str) -> None:
    """From Douyin 30.5.0 on, h5.share alone is refused; either scope of sharing will do."""
    verdict = sharing_with(version)

    assert [problem.part for problem in verdict.problems] == ["scope"]
    assert "lacks aweme.share or aweme.forward" in verdict.problems[0].why.render("en")
    assert sharing_with(version, "aweme.share").ok
    assert sharing_with(version, "aweme.forward").ok


@pytest.mark.parametrize("version", ["30.4.9", "30.0.0", "9.9", "30"])
def test_older_apps_are_content_with_one(version: str) -> None:
    """Below 30.5.0 the link is taken, with a warning that names the scope."""
    verdict = sharing_with(version)

    assert (verdict.ok, verdict.problems) == (True, ())
    assert [as_text(warning.expected).render("en") for warning in verdict.warnings] == [
        "aweme.share or aweme.forward"
    ]
    assert sharing_with(version, "aweme.share").warnings == ()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("videopath", "video_path"),
        ("videoPath", "video_path"),
        ("Share_Type", "share_type"),
        ("nonceStr", "nonce_str"),
        ("noncestr", "nonce_str"),
        ("image_lists_path", "image_list_path"),
        ("share-to-publish", "share_to_publish"),
        ("poi", ""),
        ("tamp", ""),
    ],
)
def test_a_parameter_with_a_slip_of_the_pen(written: str, meant: str) -> None:
    """A name that is nearly one of the parameters is told which; others are not guessed at."""
    box = sandbox()

    problem = the_problem(box, link({**right(box), written: "1"}))

    assert problem.part == written
    assert problem.why.render("en").endswith(f"; did you mean {meant}?") is bool(meant)


def test_every_parameter_of_a_jump_link_is_known() -> None:
    """What /api/douyin/v1/schema/get_share/ takes for the link is a parameter of a link too."""
    ours = {"client_ticket", "expire_at", "access_token", "title_hashtag_list"}

    assert set(ShareLinkFields.__struct_fields__) - ours <= set(LINK_PARAMETERS)
    box = sandbox()
    assert judged(box, link(right(box, share_to_type="1"))).ok


def test_all_that_is_wrong_is_told_at_once() -> None:
    """A link with several mistakes has them all named."""
    box = sandbox()
    given = {"title": "a", "video_path": "x", "hashtag_list": "y", "timestamp": f"{now(box)}000"}

    verdict = judged(box, link({**right(box), **given}) + "&extra=1")

    parts = [problem.part for problem in verdict.problems]
    assert parts == ["extra", "hashtag_list", "video_path", "timestamp", "signature"]


def test_examining_changes_nothing() -> None:
    """A link can be examined again and again, also a wrong one."""
    box = sandbox()
    schema = link(right(box))

    first, count = judged(box, schema), box.default.store.count()

    assert judged(box, schema) == first
    assert box.default.store.count() == count


# The JS SDK.


def js_text(ticket: str, stamp: object, url: str = PAGE) -> str:
    """Return the text that a page is signed over."""
    return f"jsapi_ticket={ticket}&nonce_str={NONCE}&timestamp={stamp}&url={url}"


def judged_js(box: Sandbox, signature: str, **given: Any) -> ShareVerdict:
    """Examine what a page gives to the SDK."""
    world = box.default
    call = {
        "client_key": WEB.client_key,
        "nonce_str": NONCE,
        "timestamp": str(now(box)),
        "url": PAGE,
        "signature": signature,
        **given,
    }
    return examine_js(world, world.store.unit(world.clock.now()), JsCall(**call))


def the_js_problem(verdict: ShareVerdict) -> ShareProblem:
    """Return the one thing that is wrong."""
    assert not verdict.ok
    (problem,) = verdict.problems
    return problem


@pytest.mark.parametrize("fragment", ["", "#", "#/home?a=1"])
def test_a_right_js_signature(fragment: str) -> None:
    """The page's address is signed up to its fragment."""
    box = sandbox()
    signature = md5(js_text(ticket(box, "js"), now(box)))

    verdict = judged_js(box, signature, url=PAGE + fragment)

    assert (verdict.ok, verdict.problems) == (True, ())
    assert verdict.fields["url"] == PAGE + fragment


def test_a_page_may_write_its_timestamp_as_a_number() -> None:
    """A timestamp that is a number is the same as its digits."""
    box = sandbox()
    signature = md5(js_text(ticket(box, "js"), now(box)))

    assert judged_js(box, signature, timestamp=now(box)).ok


def test_the_js_ticket_before_is_good_to_its_end() -> None:
    """A JS ticket that was replaced early still signs, until its own end."""
    box = sandbox()
    first = ticket(box, "js")
    box.default.clock.advance(7000)
    second = ticket(box, "js")

    assert second != first
    for used in (first, second):
        assert judged_js(box, md5(js_text(used, now(box)))).ok
    box.default.clock.advance(200)
    problem = the_js_problem(judged_js(box, md5(js_text(first, now(box)))))
    assert (
        problem.why.render("en")
        == "it fits no ticket of the app with this nonce_str, timestamp, url"
    )
    assert problem.expected == md5(js_text(second, now(box)))


def js_with_ms(ticket: str, stamp: int) -> str:
    """Sign the milliseconds of this second."""
    return md5(js_text(ticket, f"{stamp}042"))


JS_SLIPS: dict[str, tuple[Callable[[str, int], str], str]] = {
    "upper case": (lambda t, s: md5(js_text(t, s)).upper(), "it is in upper case"),
    "sha1": (lambda t, s: sha1(js_text(t, s)), "it is SHA1, as in WeChat"),
    "wechat": (
        lambda t, s: sha1(js_text(t, s).replace("nonce_str", "noncestr")),
        "it is SHA1, as in WeChat",
    ),
    "noncestr": (
        lambda t, s: md5(js_text(t, s).replace("nonce_str", "noncestr")),
        "the signed text says noncestr=…; here the name is nonce_str",
    ),
    "unsorted": (
        lambda t, s: md5(f"nonce_str={NONCE}&jsapi_ticket={t}&timestamp={s}&url={PAGE}"),
        "the parts are unsorted: nonce_str, jsapi_ticket, timestamp, url",
    ),
    "encoded": (lambda t, s: md5(js_text(t, s, quote(PAGE, ""))), "over URL-encoded values"),
    "fragment": (lambda t, s: md5(js_text(t, s, PAGE + "#/x")), "signed with its fragment"),
    "milliseconds": (js_with_ms, "over the timestamp in milliseconds"),
    "another page": (lambda t, s: md5(js_text(t, s, PAGE + "x")), "it fits no ticket of the app"),
}


@pytest.mark.parametrize("slip", JS_SLIPS)
def test_a_slip_in_signing_a_page(slip: str) -> None:
    """What people get wrong in signing for the SDK is named, with the signature expected."""
    box = sandbox()
    sign, says = JS_SLIPS[slip]
    used = ticket(box, "js")

    problem = the_js_problem(judged_js(box, sign(used, now(box)), url=PAGE + "#/x"))

    assert problem.part == "signature"
    assert says in problem.why.render("en")
    assert problem.expected == md5(js_text(used, now(box)))


def test_tickets_that_are_none_for_a_page() -> None:
    """No ticket, an open ticket and an expired one are told from one another."""
    box = sandbox()
    none = the_js_problem(judged_js(box, "0" * 32))
    used, opened = ticket(box, "js"), ticket(box)
    other = the_js_problem(judged_js(box, md5(js_text(opened, now(box)))))
    wrong = the_js_problem(judged_js(box, "0" * 32))
    box.default.clock.advance(7200)
    late = the_js_problem(judged_js(box, md5(js_text(used, now(box)))))

    assert none.why.render("en") == "the app never asked for a JS ticket (/js/getticket/)"
    assert shown(none)[2] == "the MD5 over jsapi_ticket, nonce_str, timestamp, url"
    assert other.why.render("en").startswith("it is made with an open ticket")
    assert wrong.why.render("en").startswith("it fits no ticket")
    assert late.why.render("en") == "it is made with a ticket that has expired"


def test_a_page_of_an_unknown_app_or_another_time() -> None:
    """A key that nobody has, and a timestamp in milliseconds, are named."""
    box = sandbox()
    stamp = f"{now(box)}000"
    signature = md5(js_text(ticket(box, "js"), stamp))

    nobody = the_js_problem(judged_js(box, signature, client_key="x" * 100))
    other = the_js_problem(judged_js(box, signature, client_key=PROGRAM.client_key))
    late = the_js_problem(judged_js(box, signature, timestamp=stamp))

    assert shown(nobody) == (
        "client_key",
        "x" * 80,
        "the key of an app",
        "no app of this world has it",
    )
    assert "never asked" in other.why.render("en")
    assert (late.part, late.seen) == ("timestamp", stamp)


def test_known_signatures() -> None:
    """Known signatures of known tickets are taken: the page's of the docs, and a share's."""
    box = sandbox()
    world = box.default
    page = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg"
    share = "@bxLdikRXVbTPdHSM05e5u5sUoXNKd8=="
    unit = world.store.unit(world.clock.now())
    unit.write(WEB.client_key, JsTicket(ticket=page, count=0))
    unit.write(WEB.client_key, OpenTickets(count=1))
    unit.write(f"{WEB.client_key} 1", OpenTicket(ticket=share, expires=FOREVER))
    unit.commit()

    world.clock.freeze(1414587457)
    signature, url = "af3b1c5a146c609fbe429de8ba6163a0", "https://open.douyin.com?params=value"
    assert judged_js(box, signature, url=url).ok
    world.clock.freeze(1650000000)
    assert judged(box, link(fields_of(box, "864a7e90b79f3decb82c1eadd74b6dac"))).ok


def test_a_verdict_is_plain_json() -> None:
    """A verdict is written as JSON with its problems, and read by anybody."""
    told = json.loads(msgspec.json.encode(judged(sandbox(), GUIDE)))

    assert told["ok"] is False
    assert set(told["problems"][0]) == {"part", "seen", "expected", "why"}
