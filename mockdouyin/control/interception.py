"""Operations on interception: how clients of the real hosts are led here."""

from __future__ import annotations

from mockdouyin.control._error_texts import NOT_INTERCEPTING
from mockdouyin.control._operations import OperationCall, OperationQuery, operation
from mockdouyin.control._shown import Shown, typed
from mockdouyin.core.errors import NotFoundError


class Interception(Shown):
    """How clients are led here instead of to Douyin's hosts.

    怎样把访问抖音域名的客户端引到这里。
    """

    proxy: str
    """The proxy's host and port.

    代理的主机和端口。"""
    folder: str
    """Where the files for clients are.

    给客户端用的文件在哪个目录。"""
    hosts: list[str]
    certificate: str
    """The certificate of the authority, as PEM.

    根证书，PEM 格式。"""
    key_hash: str


@operation("GET", "/interception", in_world=False, is_static=True)
def interception(call: OperationCall[None]) -> Interception:
    """Report how clients are led here instead of to Douyin's hosts: proxy, certificate, folder.

    查看怎样把访问抖音域名的客户端引到这里：代理、证书、目录。
    """
    intercepted = call.sandbox.interception
    if intercepted is None:
        raise NotFoundError(NOT_INTERCEPTING())
    return typed(intercepted, Interception)


class ClientSettings(Shown):
    """Settings that lead clients to this world at Douyin's own hosts, ready to be pasted.

    把访问抖音域名的客户端引到这个世界的设置，可以直接粘贴。
    """

    shell: str
    runtimes: dict[str, str]
    """By the runtime of the client; empty unless the server intercepts Douyin's hosts.

    按客户端的运行时分；服务没有接管抖音域名时是空的。"""
    browser: str
    """The command that starts a throw-away Chromium; empty as well.

    启动一个临时 Chromium 的命令，同上。"""


class ClientSettingsQuery(OperationQuery):
    """The syntax of the settings: sh, fish, powershell, dotenv or json.

    设置的写法：sh、fish、powershell、dotenv 或 json。
    """

    shell: str = "sh"
    """The syntax.

    用哪种写法。"""


@operation("GET", "/environment")
def environment(call: OperationCall[ClientSettingsQuery]) -> ClientSettings:
    """Show what `mockdouyin env` prints for each runtime, without the token of the server.

    给出 `mockdouyin env` 为各种运行时打印的设置，不含服务的控制令牌。
    """
    shell, made = call.given.shell, call.sandbox.client_settings
    if made is None:
        return ClientSettings(shell=shell, runtimes={}, browser="")
    return typed({"shell": shell, **made(call.world.name, shell)}, ClientSettings)
