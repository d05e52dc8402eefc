"""Declared operations: what YAML says of a call of the platform, answered by one handler.

* `notation`, `types`       shapes of parameters and replies, and msgspec's types for them
* `operation`, `family`     what an operation and a family of them are, and where they are read
* `dialects`, `envelopes`   the JSON around a reply, and the numbers of common errors
* `handler`                 credentials, `checks`, `actions` on `resources`, then `replies`
* `values`                  plausible values for what has no state
"""
