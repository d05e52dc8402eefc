"""What every examination says of answers and of its end, in Chinese and English."""

from __future__ import annotations

from mockdouyin.core.texts import text

PROBLEM = text("probe_problem", zh="{problem}。", en="{problem:sentence}")
REDIRECTED = text(
    "probe_redirected",
    zh="{problem}，并且重定向到 {location!r}（不会跟随）",
    en="{problem}, a redirect to {location!r}, which is not followed",
)

# Time.

TOO_LATE = text(
    "probe_too_late",
    zh="最慢的响应用了 {took} 秒（{message}），上限是 {limit} 秒。到时间抖音会断开并重发。先响应，"
    "再处理：把事件放进队列。",
    en="The slowest answer took {took} s, to {message}; the limit is {limit} s. Douyin hangs up"
    " then, and sends it again. Answer first, work afterwards: put the event in a queue.",
)
NEARLY_LATE = text(
    "probe_nearly_late",
    zh="最慢的响应用了 {took} 秒（{message}），上限是 {limit} 秒。没有超时，但余量不多：先响应，再"
    "处理。",
    en="The slowest answer took {took} s, to {message}; the limit is {limit} s. In time, but not"
    " by much: answer first, work afterwards.",
)
IN_TIME = text(
    "probe_in_time",
    zh="全部按时响应，最慢的用了 {took} 秒。",
    en="All in time; the slowest answer took {took} s.",
)

# Why an examination ended early.

TIME_IS_UP = text("probe_time_is_up", zh="已满 {seconds} 秒", en="{seconds} s are over")
NOT_REACHED = text("probe_not_reached", zh="一直连接不上", en="no connection could be made")
SILENT = text("probe_silent", zh="到现在没有收到任何响应", en="nothing has answered so far")
