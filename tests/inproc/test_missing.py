"""Doors whose library is not installed."""

from __future__ import annotations

import importlib
import sys

import pytest

from mockdouyin import MockDouyinError


@pytest.mark.parametrize("library", ["httpx", "httpx2", "respx", "requests"])
def test_a_missing_library_is_named(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A door whose library is missing says what to install."""
    monkeypatch.setitem(sys.modules, library, None)
    monkeypatch.delitem(sys.modules, f"mockdouyin.inproc.{library}", raising=False)

    with pytest.raises(MockDouyinError, match=f"needs {library}; pip install {library}"):
        importlib.import_module(f"mockdouyin.inproc.{library}")
