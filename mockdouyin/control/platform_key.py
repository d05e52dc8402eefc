"""Operation that shows the key with which the platform signs callbacks of the trade system."""

from __future__ import annotations

from mockdouyin.control._operations import OperationCall, operation
from mockdouyin.control._shown import Shown
from mockdouyin.domain.trade_callbacks import platform_key


class PlatformKey(Shown):
    """The platform's public key (平台公钥), as PEM.

    平台公钥，PEM 格式。
    """

    public_key: str


@operation("GET", "/platform-key", in_world=False, is_static=True)
def show_platform_key(call: OperationCall[None]) -> PlatformKey:
    """Return the public key that Byte-Signature of callbacks is checked with; it never changes.

    返回校验回调 Byte-Signature 的平台公钥，固定不变。
    """
    return PlatformKey(public_key=platform_key())
