"""The words of the report of an examination, in Chinese and English."""

from __future__ import annotations

from mockdouyin.core.texts import text

VERDICTS = {
    "pass": text("report_pass", zh="通过", en="pass"),
    "fail": text("report_fail", zh="失败", en="FAIL"),
    "advice": text("report_advice", zh="建议", en="advice"),
}

SENT = text("report_sent", zh="发出", en="sent")
BACK = text("report_back", zh="收到", en="back")
MEANS = text("report_means", zh="说明", en="means")
UNSIGNED = text("report_unsigned", zh="（无）", en="(none)")
NO_BODY = text("report_no_body", zh="（没有 body）", en="(no body)")
NO_CONTENT_TYPE = text(
    "report_no_content_type", zh="（没有 Content-Type）", en="(no Content-Type)"
)
CUT_AFTER = text(
    "report_cut_after", zh="（{count} 字节之后截断）", en=" (cut after {count} bytes)"
)

ENDED_EARLY = text(
    "report_ended_early",
    zh="检查提前结束：{why}。没有发送的检查项：{count} 个。",
    en="The examination ended early: {why}. Probes not sent: {count}.",
)
COUNTS = text(
    "report_counts",
    zh="{passed} 项通过，{failed} 项失败，{advice} 项有建议",
    en="{passed} passed, {failed} failed, {advice} with advice",
)
FAILED = text("report_failed", zh="失败的：{names}", en="failed: {names}")
REPEAT = text(
    "report_repeat",
    zh="只重跑一项：加上 --only 和它的名字",
    en="to repeat one: add --only and its name",
)
NOT_SENT = text("report_not_sent", zh="没有发送：{why}", en="not sent: {why}")
ONE_PROBE_TO = text(
    "report_one_probe_to",
    zh="{count} 个检查项，发往 {url}（{addresses}）",
    en="{count} probe to {url} at {addresses}",
)
PROBES_TO = text(
    "report_probes_to",
    zh="{count} 个检查项，发往 {url}（{addresses}）",
    en="{count} probes to {url} at {addresses}",
)
