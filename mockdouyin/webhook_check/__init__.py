"""The receiver's examination: what an unfriendly platform might post, what must come of it."""
