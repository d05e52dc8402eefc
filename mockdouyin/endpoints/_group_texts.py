"""Why calls about fan groups and cards for messages are refused, and what became of cards."""

from __future__ import annotations

from mockdouyin.core.texts import text

GROUP_UNKNOWN = text(
    "group_unknown",
    zh="用户 {person} 没有 group_id 是 {group_id} 的群；接口只能操作该应用为其创建的群",
    en="{person} has no group {group_id}; these calls know the groups that the app created",
)
TOO_MANY_GROUPS = text(
    "too_many_groups",
    zh="用户 {person} 已有 {most} 个群，没有剩余建群额度",
    en="{person} has {most} groups, and can create no more",
)
RELATION_TYPE = text(
    "relation_type_wrong",
    zh="relation_type 是 {got}，可取的值：{known}",
    en="relation_type is {got}; it is one of {known}",
)
APPLICATION_UNKNOWN = text(
    "application_unknown",
    zh="用户 {person} 的群没有 apply_id 是 {apply_id} 的入群申请",
    en="nobody applied to a group of {person} as {apply_id}",
)
APPLICATION_DECIDED = text(
    "application_decided",
    zh="这条入群申请已经处理过，apply_status 是 {status}",
    en="the application was decided before: its apply_status is {status}",
)
APPLICATION_STATUS = text(
    "application_status_wrong",
    zh="status 是 {got}，应为 2（通过）或 3（拒绝）",
    en="status is {got}; it is 2 to approve, 3 to refuse",
)
GROUP_FULL = text(
    "group_full",
    zh="群已满 {most} 人",
    en="the group has {most} members, and takes no more",
)
SETTING_TYPE = text(
    "group_setting_type_wrong",
    zh="group_setting_type 是 {got}，应为 1（进群问候语）或 2（群公告）",
    en="group_setting_type is {got}; it is 1 for the greeting, 2 for the notice",
)
NO_GROUPS = text(
    "no_groups",
    zh="用户 {person} 还没有群，没有可设置的对象",
    en="{person} has no group yet that could be set",
)
CARD_UNKNOWN = text(
    "card_unknown",
    zh="用户 {person} 没有 card_id 是 {card_id} 的留资卡片",
    en="{person} has no card {card_id}",
)
CARD_REFUSED = text(
    "card_refused",
    zh="留资卡片 {card_id} 没有通过审核，不能发送",
    en="the card {card_id} did not pass its audit, and cannot be sent",
)
TOO_MANY_CARDS = text(
    "too_many_cards",
    zh="已有 {most} 个，先删除一些再创建",
    en="there are {most} already: delete some before another one is created",
)
NUMBER_OUT_OF_RANGE = text(
    "group_number_out_of_range",
    zh="{name} 中有 {got}，应为 {least} 到 {most}",
    en="{name} has {got}; it is from {least} to {most}",
)
TEMPLATE_UNKNOWN = text(
    "applet_template_unknown",
    zh="应用没有 card_template_id 是 {template} 的小程序引导卡片模板",
    en="the app has no card template {template}",
)
TEMPLATE_REFUSED = text(
    "applet_template_refused",
    zh="小程序引导卡片模板 {template} 没有通过审核，不能发送",
    en="the card template {template} did not pass its audit, and cannot be sent",
)
MESSAGE_UNKNOWN = text(
    "message_unknown",
    zh="用户 {person} 没有收发过这条消息，或者它不在 conversation_id 指定的会话里",
    en="{person} neither sent nor got the message, or it is in another conversation",
)
MESSAGE_WITHOUT_MEDIA = text(
    "message_without_media",
    zh="这条消息是 {kind}，没有图片或视频",
    en="the message is of the kind {kind}, and has no picture or video",
)
