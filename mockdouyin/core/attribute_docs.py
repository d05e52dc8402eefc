"""The docstrings of a class's attributes, for schemas that describe its fields."""

from __future__ import annotations

import ast
import inspect
import textwrap


def attribute_docs(kind: type) -> dict[str, str]:
    """Return the docstrings of a class's attributes, read from its source."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(kind)))
    except (OSError, TypeError):
        return {}
    body = tree.body[0].body  # type: ignore[attr-defined]
    docs = {}
    for before, after in zip(body, body[1:], strict=False):
        if isinstance(before, ast.AnnAssign):
            target: ast.expr = before.target
        elif isinstance(before, ast.Assign):
            target = before.targets[0]
        else:
            continue
        if isinstance(target, ast.Name) and isinstance(after, ast.Expr):
            docs[target.id] = " ".join(str(ast.literal_eval(after.value)).split())
    return docs
