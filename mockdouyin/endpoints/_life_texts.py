"""Why a call about certificates is refused, in both languages."""

from mockdouyin.core.texts import text

NO_CERTIFICATE = text(
    "life_no_certificate", zh="没有券码或订单 {code}", en="there is no certificate or order {code}"
)
ALL_VERIFIED = text(
    "life_all_verified",
    zh="订单 {order} 没有未使用的券，验券准备只返回未使用的券",
    en="no certificate of the order {order} is unused, and only those can be prepared",
)
NO_PREPARATION = text(
    "life_no_preparation",
    zh="verify_token {token} 不是验券准备返回的，或已过期",
    en="verify_token {token} is not one that prepare returned, or has expired",
)
NO_CODES = text(
    "life_no_codes",
    zh="encrypted_codes、codes、code_with_time_list 至少传一个",
    en="one of encrypted_codes, codes and code_with_time_list has to have a code",
)
NO_VERIFICATION = text(
    "life_no_verification",
    zh="没有 verify_id 为 {verify_id} 的核销记录，或与 certificate_id 不符",
    en="there is no verification {verify_id}, or it is of another certificate",
)
CANNOT_CANCEL = text(
    "life_cannot_cancel",
    zh="核销 {verify_id} 已撤销，或已超过 1 小时",
    en="the verification {verify_id} was taken back already, or is more than an hour old",
)
TIMES_IN_PAIRS = text(
    "life_times_in_pairs",
    zh="{name}_start_time 与 {name}_end_time 须同时传入",
    en="{name}_start_time and {name}_end_time are sent together or not at all",
)
NO_TASK = text("life_no_task", zh="没有任务 {task}", en="there is no task {task}")
NO_PUSH_TASK = text(
    "life_no_push_task",
    zh="直播间 {room} 没有启动过 {kind} 的推送任务",
    en="no pushing of {kind} was ever started in the live room {room}",
)
NO_ENTITY = text("knowledge_no_entity", zh="没有主体 {entity}", en="there is no entity {entity}")
NO_COOPERATION = text(
    "life_no_cooperation", zh="没有合作关系 {order}", en="there is no cooperation {order}"
)
