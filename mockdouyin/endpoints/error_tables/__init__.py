"""Error tables that several endpoints share, by Douyin's numbers and texts.

A name means the same refusal everywhere; its number differs from family to family. So a rule of
the platform, such as "the token has expired", is written once and answered with each family's
number.
"""

from mockdouyin.endpoints.error_tables.generations import in_generation

__all__ = ["in_generation"]
