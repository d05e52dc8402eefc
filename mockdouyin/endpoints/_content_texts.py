"""Why content security refuses a call, in both languages."""

from mockdouyin.core.texts import text

CONTENT_EMPTY = text(
    "content_empty",
    zh="第 {number} 项没有 content",
    en="item {number} has no content",
)
IMAGE_MISSING = text(
    "content_image_missing",
    zh="缺少图片：image（图片地址）和 image_data（base64）至少传一个",
    en="there is no image: neither image, an address, nor image_data in base64",
)
IMAGE_ADDRESS = text(
    "content_image_address",
    zh="image 是 {got!r}，无法下载；应为 http 或 https 地址",
    en="image is {got!r}, which cannot be fetched: it takes an http or https address",
)
TARGET_UNKNOWN = text(
    "content_target_unknown",
    zh="targets 中有 {got!r}，应为以下之一：{known}",
    en="targets has {got!r}; each is one of {known}",
)
