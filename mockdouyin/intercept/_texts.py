"""What is said at the end of a run, in Chinese and English."""

from __future__ import annotations

from mockdouyin.core.texts import Text, TextTemplate, text

_Counted = tuple[TextTemplate, TextTemplate, TextTemplate]
"""The texts for none, one and many."""

_REQUESTS: _Counted = (
    text("run_no_requests", zh="没有请求", en="no requests"),
    text("run_one_request", zh="1 个请求", en="1 request"),
    text("run_requests", zh="{count} 个请求", en="{count} requests"),
)
_FINDINGS: _Counted = (
    text("run_no_findings", zh="没有发现问题", en="no findings"),
    text("run_one_finding", zh="1 处问题", en="1 finding"),
    text("run_findings", zh="{count} 处问题", en="{count} findings"),
)
COUNTS = text("run_counts", zh="{requests}，{findings}", en="{requests}, {findings}")
MORE_FINDINGS = text(
    "run_more_findings",
    zh="还有 {count} 处，--report FILE 会保存全部",
    en="and {count} more; --report FILE keeps them all",
)
TIMES = text("run_times", zh="（{count} 次）", en=" ({count} times)")

NO_ENDPOINT = text(
    "run_no_endpoint",
    zh="没有接口应答 {request}{hint}{times}",
    en="no endpoint answers {request}{hint}{times}",
)
HINT = text("run_hint", zh="；{hint}", en="; {hint}")
NOT_LET_THROUGH = text(
    "run_not_let_through",
    zh="{address}{times}：没有放行，--offline 时不允许连接外部",
    en="{address}{times}: not let through, as nothing leaves (--offline)",
)
_HOW_TO_TRUST = text(
    "run_how_to_trust",
    zh="客户端不信任这次运行的 CA。请信任 SSL_CERT_FILE 指向的文件（Python 里是"
    ' verify=os.environ["SSL_CERT_FILE"]）；根证书编译在程序里的，把 MOCKDOUYIN_URL 作为它的 base'
    " URL",
    en="it does not trust this run's certificate authority. Have it trust the file that"
    ' SSL_CERT_FILE names (in Python verify=os.environ["SSL_CERT_FILE"]); where its roots are'
    " compiled in, give it MOCKDOUYIN_URL as its base URL",
)
HOW_TO_TRUST = _HOW_TO_TRUST()
DISTRUSTED = text(
    "run_distrusted",
    zh="{host}{times}：客户端断开了连接；{trust}",
    en="{host}{times}: the client broke the connection off; {trust}",
)
LEFT_SILENTLY = text(
    "run_left_silently",
    zh="{host}{times}：客户端看到证书之后没有发请求就断开了；很可能是{trust}",
    en="{host}{times}: the client left without a request once it had seen the certificate; most"
    " likely {trust}",
)


def requests(count: int) -> Text:
    """Return a count of requests in words."""
    return _counted(_REQUESTS, count)


def findings(count: int) -> Text:
    """Return a count of findings in words."""
    return _counted(_FINDINGS, count)


def _counted(words: _Counted, count: int) -> Text:
    return words[min(count, 2)](count=count)
