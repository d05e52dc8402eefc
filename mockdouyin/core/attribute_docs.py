"""The docstrings of a class's attributes, for schemas that describe its fields."""

from __future__ import annotations

import ast
import inspect
import sys
from functools import cache

from mockdouyin.core.docstrings import said_in
from mockdouyin.core.texts import Language


def attribute_docs(kind: type, language: Language = "en") -> dict[str, str]:
    """Return the docstrings of a class's attributes, inherited ones too, read from its source."""
    docs: dict[str, str] = {}
    for each in reversed(kind.__mro__):
        docs |= _in_module(each.__module__).get(each.__qualname__, {})
    return {name: said_in(doc, language) for name, doc in docs.items()}


@cache
def _in_module(name: str) -> dict[str, dict[str, str]]:
    """Return those of each class of a module: to find one class, Python parses the whole file."""
    try:
        tree = ast.parse(inspect.getsource(sys.modules[name]))
    except (KeyError, OSError, TypeError):
        return {}
    return {node.name: _of_class(node) for node in tree.body if isinstance(node, ast.ClassDef)}


def _of_class(node: ast.ClassDef) -> dict[str, str]:
    docs = {}
    for before, after in zip(node.body, node.body[1:], strict=False):
        if isinstance(before, ast.AnnAssign):
            target: ast.expr = before.target
        elif isinstance(before, ast.Assign):
            target = before.targets[0]
        else:
            continue
        if isinstance(target, ast.Name) and isinstance(after, ast.Expr):
            docs[target.id] = str(ast.literal_eval(after.value))
    return docs
