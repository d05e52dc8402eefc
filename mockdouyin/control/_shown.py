"""What the control API shows: typed replies that also read as the JSON objects that they are."""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, KeysView, Mapping, ValuesView
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from mockdouyin.core.settings import decode, encode
from mockdouyin.core.typed import thread_safe

T = TypeVar("T")


class Item(dict[str, Any]):
    """A JSON object whose keys are attributes too."""

    def __getattr__(self, name: str) -> Any:
        try:
            return _item(self[name])
        except KeyError:
            raise AttributeError(f"no attribute {name!r}; there is {', '.join(self)}") from None


def _item(value: Any) -> Any:
    if isinstance(value, dict):
        return Item(value)
    return [_item(each) for each in value] if isinstance(value, list | tuple) else value


class Shown(msgspec.Struct, kw_only=True, eq=False, gc=False):
    """A reply or a part of one: its fields are attributes, and keys as in the JSON.

    A field that is UNSET is not in the JSON, and is no key. One whose name is a word of Python's
    has an underscore more than its key: `ran.from_`, `ran["from"]`.
    """

    # `gc=False`, because msgspec 0.19 enters an object with the collector again after this method;
    # what is shown has no references back, so it cannot be in a cycle.
    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            value = getattr(self, name)
            if type(value) is dict or (type(value) is list and value and type(value[0]) is dict):
                setattr(self, name, _item(value))

    def __getitem__(self, key: str) -> Any:
        if key not in self:
            raise KeyError(key)
        return getattr(self, _field(self, key))

    if not TYPE_CHECKING:  # or a type checker would allow any name

        def __getattr__(self, name: str) -> Any:
            """Tell which attributes there are."""
            __tracebackhide__ = True  # the mistake is in the test's own line
            raise AttributeError(f"no attribute {name!r}; there is {', '.join(self)}")

    def __iter__(self) -> Iterator[str]:
        names = zip(self.__struct_fields__, self.__struct_encode_fields__, strict=True)
        return (key for f, key in names if getattr(self, f) is not msgspec.UNSET)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, key: object) -> bool:
        return key in list(self)

    def __eq__(self, other: object) -> bool:
        return plain(self) == plain(other) if isinstance(other, Mapping) else NotImplemented

    def get(self, key: str, default: Any = None) -> Any:
        """Return the value of a key, or the default if there is none."""
        return getattr(self, _field(self, key)) if key in self else default

    def keys(self) -> KeysView[str]:
        """Return the keys."""
        return KeysView(self)

    def values(self) -> ValuesView[Any]:
        """Return the values."""
        return ValuesView(self)

    def items(self) -> ItemsView[str, Any]:
        """Return the keys with their values."""
        return ItemsView(self)


Mapping.register(Shown)


def _field(shown: Shown, key: str) -> str:
    """Return the field of a key, which has another name if the key is a word of Python's."""
    return shown.__struct_fields__[shown.__struct_encode_fields__.index(key)]


def encode_reply(value: Any) -> bytes:
    """Encode a reply as JSON."""
    return msgspec.json.encode(value, enc_hook=encode)


def plain(value: Any) -> Any:
    """Return a reply, or anything in one, as a client over HTTP reads it."""
    return msgspec.json.decode(encode_reply(value))


def typed(value: Any, kind: type[T]) -> T:
    """Return what is shown, given as plain data or as another struct, as this type."""
    return msgspec.convert(value, thread_safe(kind), from_attributes=True, dec_hook=decode)
