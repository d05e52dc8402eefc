"""Interception: Douyin's real host names lead here, for clients whose code nobody changes."""
