"""Why nothing answers a call: the reason says what to do, however long the path is."""

from __future__ import annotations

import pytest

from mockdouyin.core.texts import LANGUAGES, Text
from mockdouyin.endpoints.unserved_paths import MAX_PATH, meant_path, operations, why_unanswered

LOGIN = "/api/apps/v2/jscode2session"


def hint_of(why: Text) -> Text | None:
    """Return what a reason says to do."""
    hint = why.parameters.get("hint")
    assert hint is None or isinstance(hint, Text)
    return hint


def not_emulated() -> tuple[str, str]:
    """Return a call that Douyin has and the catalogue does not."""
    return next(
        (method, path)
        for method, paths in operations().items()
        for path in sorted(paths)
        if why_unanswered(method, path).code == "path_not_emulated"
    )


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/api/apps/v2/jscode2sesion", "path_meant"),
        ("/v1" + LOGIN, "path_meant"),
        ("/nowhere", "path_list_endpoints"),
    ],
)
def test_an_unknown_path_has_a_hint(path: str, code: str) -> None:
    """A misspelt path names the one that was meant, any other the command that lists them."""
    why = why_unanswered("POST", path)
    hint = hint_of(why)

    assert why.code == "path_unknown"
    assert hint is not None
    assert hint.code == code
    for language in LANGUAGES:
        assert why.render(language).endswith(hint.render(language))


def test_a_call_that_is_not_emulated_can_be_answered_by_a_rule() -> None:
    """The rule that answers is spelt out, in braces."""
    method, path = not_emulated()
    hint = hint_of(why_unanswered(method, path))

    assert hint is not None
    assert f'{{on: "{method} {path}", reply: {{json: {{…}}}}}}' in hint.render("en")


def test_a_wrong_method_needs_no_hint() -> None:
    """The methods that the path takes are the whole answer."""
    why = why_unanswered("DELETE", "/oauth/access_token/")

    assert hint_of(why) is None
    assert why.render("en") == "/oauth/access_token/ takes POST or GET, not DELETE"
    assert why.render("zh") == "/oauth/access_token/ 只接受 POST 或 GET，不接受 DELETE"


def test_a_long_path_is_cut() -> None:
    """Of a path that is longer than any of Douyin's, the reason quotes the beginning."""
    path = "/" + "x" * 5000
    why = why_unanswered("GET", path)

    assert meant_path(path) == ""
    for language in LANGUAGES:
        said = why.render(language)
        assert path[:MAX_PATH] + "…" in said
        assert "`mockdouyin endpoints`" in said
        assert len(said) < MAX_PATH + 100
