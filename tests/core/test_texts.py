"""Texts in two languages: each says the same in both, and none is left in one alone."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import mockdouyin
from mockdouyin.core import texts
from mockdouyin.core.texts import NOTHING, TEMPLATES, Text, as_text
from mockdouyin.server.pages import WORDS

CHINESE = re.compile(r"[\u4e00-\u9fff]")
BADLY_SET = re.compile(r"[\u4e00-\u9fff](?:[,;:?!(]|[A-Za-z0-9])|[A-Za-z0-9,;:?!)][\u4e00-\u9fff]")
PACKAGE = Path(mockdouyin.__file__).parent

for found in pkgutil.walk_packages([str(PACKAGE)], "mockdouyin."):
    if not found.name.endswith("__main__"):
        importlib.import_module(found.name)  # every text is declared when its module is imported

QUOTED = "敏感词"
"""The word that a comment must not contain, which English has to quote."""

TRANSLATED = sorted(TEMPLATES.keys() - {"plain"})


def named(template: str) -> set[str]:
    """Return the parameters of a template."""
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


@pytest.mark.parametrize("code", TRANSLATED)
def test_both_languages_say_it(code: str) -> None:
    """A template has Chinese letters in Chinese, other words in English, the same parameters."""
    template = TEMPLATES[code]

    # One that only puts parameters side by side has no words in either.
    assert CHINESE.search(template.zh) or not has_words(template.zh) | has_words(template.en)
    assert template.en.strip()
    assert template.en != template.zh or not has_words(template.en)
    assert not CHINESE.search(template.en.replace(QUOTED, ""))
    assert named(template.zh) == named(template.en)


@pytest.mark.parametrize("code", TRANSLATED)
def test_chinese_is_set_as_chinese(code: str) -> None:
    """Beside Chinese letters, punctuation is full-width, and Latin ones stand apart."""
    assert not BADLY_SET.search(TEMPLATES[code].zh)


def has_words(template: str) -> bool:
    """Return whether a template has letters outside of its parameters."""
    return any(each.isalpha() for literal, *_ in Formatter().parse(template) for each in literal)


def test_a_text_is_rendered_in_the_language_asked_for() -> None:
    """Texts and lists among the parameters are rendered in the same language."""
    inner = texts.TextTemplate("inner", zh="内", en="inner")
    outer = texts.TextTemplate("outer", zh="外 {what}：{names}", en="outer {what}: {names}")
    TEMPLATES.update(inner=inner, outer=outer)
    try:
        made = outer(what=inner(), names=["a", "b"])

        assert made.render("zh") == "外 内：a、b"
        assert made.render("en") == "outer inner: a, b"
    finally:
        del TEMPLATES["inner"], TEMPLATES["outer"]


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ("登录态", "他的登录态过期"),
        ("登录 code", "他的登录 code 过期"),
        ("URL 码", "他的 URL 码过期"),
    ],
)
def test_latin_words_stand_apart_from_chinese_ones(what: str, says: str) -> None:
    """A text among Chinese words has a space only at an end that is Latin."""
    made_of = {
        "inner": texts.TextTemplate("inner", zh=what, en="it"),
        "outer": texts.TextTemplate("outer", zh="他的{what:apart}过期", en="{what} expires"),
    }
    TEMPLATES.update(made_of)
    try:
        made = made_of["outer"](what=made_of["inner"]())

        assert made.render("zh") == says
        assert made.render("en") == "it expires"
    finally:
        del TEMPLATES["inner"], TEMPLATES["outer"]


def test_braces_of_a_client_are_no_template() -> None:
    """What a client sent stands as it is, whatever is in it."""
    assert as_text("{0} {x.y}").render("zh") == "{0} {x.y}"


def test_nothing_to_say() -> None:
    """An empty text is false, and renders as nothing."""
    assert not NOTHING
    assert not as_text("")
    assert NOTHING.render("zh") == ""
    assert Text("of a later version").render("en") == ""


def test_a_code_is_declared_once() -> None:
    """A second template of one code is a mistake of the programmer."""
    with pytest.raises(ValueError, match="'plain' is declared twice"):
        texts.text("plain", zh="甲", en="a")


SAYING = {"DouyinError": 1, "Malformed": 0, "AddressError": 0, "Hit": 1, "as_text": 0, "PLAIN": 0}
"""What is called with something to say, and which of the arguments that is."""


def untranslated(tree: ast.AST) -> Iterator[ast.expr]:
    """Yield the reasons in a module that are written as strings, in one language."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        if node.func.id not in SAYING:
            continue
        place = SAYING[node.func.id]
        named = [keyword.value for keyword in node.keywords if keyword.arg == "why"]
        for why in (*node.args[place : place + 1], *named):
            if any(isinstance(each, ast.Constant | ast.JoinedStr) for each in parts_of(why)):
                yield why


def parts_of(node: ast.expr) -> Iterator[ast.expr]:
    """Yield the parts of a reason, whether chosen by a condition or glued together."""
    if isinstance(node, ast.BinOp):
        yield from (*parts_of(node.left), *parts_of(node.right))
    elif isinstance(node, ast.IfExp):
        yield from (*parts_of(node.body), *parts_of(node.orelse))
    elif isinstance(node, ast.BoolOp):
        for each in node.values:
            yield from parts_of(each)
    else:
        yield node


def test_no_reason_is_in_one_language() -> None:
    """Every reason that the package itself gives is a text, not a string."""
    found = [
        f"{path.relative_to(PACKAGE)}:{each.lineno}: {ast.unparse(each)}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for each in untranslated(ast.parse(path.read_text(encoding="utf-8")))
    ]

    assert found == []


@pytest.mark.parametrize(
    "code",
    [
        "DouyinError(1, 'why')",
        "DouyinError(1, why=f'{why}')",
        "DouyinError('case', why + '; more')",
        "DouyinError('case', A() if a else 'why')",
        "Malformed('why')",
        "AddressError(f'{host} is not allowed')",
        "Hit(seen, 'says')",
        "as_text('why')",
    ],
)
def test_a_reason_in_one_language_is_found(code: str) -> None:
    """The rule above finds strings, f-strings and glued strings."""
    assert list(untranslated(ast.parse(code)))


def test_pages_say_it_in_both_languages() -> None:
    """What the pages say is there in both languages, and is not the same in both."""
    zh, en = WORDS["zh"], WORDS["en"]
    same = {"app_kind", "comma", "allowed_what", "denied_what", "allowed_who", "denied_who"}

    assert zh.texts.keys() == en.texts.keys()
    assert zh.hints.keys() == en.hints.keys()
    for name, words in {**zh.texts, **zh.hints}.items():
        assert CHINESE.search(words) or name in same | {"other", "other_language"}, name
        assert words != {**en.texts, **en.hints}[name] or name in same, name
