"""The table of results in Chinese, made from the English one."""

from __future__ import annotations

import re

HEAD = "| 行 | 测什么 | 目标 | 中位数 | 最好的一轮 | 达标 | |"

WHAT = {
    "bare": "裸的 ASGI 应用：上限",
    "wiremock": "WireMock，固定响应，不记日志",
    "wiremock_default": "WireMock 默认配置，固定响应，记日志",
    "wiremock_dynamic": "WireMock，不记日志，响应由模板生成",
    "login": "jscode2session，全部是真的，别处设有规则",
    "accept": "同上，接受未知的 code，每次都不同",
    "client_token": "client_token，每次都是新的",
    "open_ticket": "open/getticket，每次都是新的",
    "js_ticket": "js/getticket",
    "userinfo": "userinfo",
    "notify": "notify",
    "full": "登录，100 个世界里有 1,000 条规则，另有 1,000,000 个有效的 code 和 token，与空着时比",
    "p99": "jscode2session 的 p99，核占用 70 %，与 p50 的比",
    "p99_starlette": "最小的 Starlette 路由，同样测",
    "p99_pressed": "按 wrk 极限的 70 % 发送时的 p99，与 p50 的比",
    "idle": "响应第一个请求之后的内存",
    "token": "一个有效 token 占的内存，含授权",
    "code": "一个有效登录 code 占的内存",
    "flat": "很多请求之后的内存，与早先的比",
    "start": "启动：从创建进程到第一个响应，与最小的 Starlette 比",
    "loaded": "到那时已加载、这次却用不到的包",
    "stop": "停止：没有请求在处理时，从 SIGTERM 到退出",
    "import": "`import mockdouyin`",
    "import_sandbox": "`from mockdouyin import Sandbox`",
    "plugin": "pytest 插件，在不用它的项目里",
    "world": "新建并删除一个用例的世界",
    "fixture": "100 个使用夹具的用例，比 100 个空用例多用的时间",
    "thread": "在线程里启动并停止一个服务",
    "heaviest": "处理最重的各种输入时，登录等得最久的一次",
    "reading": "反复读取 10,000 次请求时，登录的 p99",
    "reading_longest": "其中最久的一次登录",
    "door": "一次经由 httpx 接入的请求，与 httpx 的 MockTransport 比",
    "door_respx": "同样的请求经由 respx，响应是固定的",
    "sealed": "加密 userInfo（AES、sha1、JSON），与只做加密比",
    "user_info": "整个 tt.getUserInfo，含会话和记录",
    "webhooks": "投递 webhook，含签名，与循环调用 httpx2 比",
    "dashboard": "有 10,000 次请求时打开控制台，到看见前几行",
    "dashboard_all": "到列表里有全部内容",
    "dashboard_search": "在搜索框按一个键，到列表筛选完",
    "dashboard_key": "按 k 键，到选中另一行",
    "dashboard_task": "每秒来 300 个请求时，它最长的任务，按 CPU 时间",
    "redis": "用 Redis 的 worker，按自己的每 CPU 秒，与用内存的比",
}
"""What each row measures."""

_PHRASES = {
    r"per CPU second of the worker": "（worker 每 CPU 秒）",
    r" of Redis's$": "（Redis 每 CPU 秒）",
    r"([\d.]+) × per CPU second": r"每 CPU 秒 \1 ×",
    r"([\d.]+) requests/s kept the core (\d+%) busy": r"\1 请求/秒，核占用 \2",
    r"(\d+) requests/s": r"\1 请求/秒",
    r"(\d+) rows/s": r"\1 行/秒",
    r"(\d+) webhooks/s, httpx2 (\d+)/s": r"\1 个/秒，httpx2 \2 个/秒",
    r"others used the core": "核被别的进程占用过",
    r"wrk had no more to give": "wrk 已到极限",
    r"([\d.]+%) had to wait for a connection": r"\1 要等连接",
    r"not watched for (\d+%) of the time": r"\1 的时间没有观测",
    r"the median of (\d+)": r"\1 次的中位数",
    r"worst (\d+) ms": r"最慢 \1 ms",
    r"([\d,]+) of them": r"\1 个",
    r"([\d.]+) MB after (\d+(?:,\d{3})*)": r"\2 个请求之后 \1 MB",
    r"; of (\d+) inputs, half within ([\d.]+ ms)": r"；\1 种输入，一半在 \2 以内",
    r"([\d.]+ s) for the empty ones": r"空用例 \1",
    r"MockTransport (\d)": r"MockTransport \1",
    r"the cipher ([\d.]+)": r"只做加密 \1",
    r"skipped: ": "跳过：",
    r"(\d) packages": r"\1 个",
    r"(\d) bytes": r"\1 字节",
    r"^yes$": "是",
    r"^\*\*no\*\*$": "**否**",
    r"(?<!\d), |, (?!\d)": "，",
    r"; ": "；",
    r" （": "（",
}
"""What stands in the other cells."""

_SAID = (
    r"Measured on (\d+) cores \((.*?)\), (.*?), (.*?);"
    r" (\d+) rounds of (\d+) s for each contender, ([\d,]+) requests for `flat`\."
)
_SAID_IN_CHINESE = (
    r"环境：\1 核（\2），\3，\4；每个对象 \5 轮，每轮 \6 秒，`flat` 发送 \7 个请求。"
)


def in_chinese(part: str) -> str:
    """Return what stands between the markers of the English page as the Chinese one has it."""
    return "\n".join(_line(line) for line in part.split("\n"))


def _line(line: str) -> str:
    if line.startswith("| row |"):
        return HEAD
    if not line.startswith("| `"):
        return re.sub(_SAID, _SAID_IN_CHINESE, line)
    name, _, *cells = line.removeprefix("| ").removesuffix(" |").split(" | ")
    return f"| {' | '.join([name, WHAT[name.strip('`')], *(_cell(each) for each in cells)])} |"


def _cell(text: str) -> str:
    for english, chinese in _PHRASES.items():
        text = re.sub(english, chinese, text)
    return text
