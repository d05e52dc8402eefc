"""Environment variables that more than one part reads."""

TOKEN_VARIABLE = "MOCKDOUYIN_CONTROL_TOKEN"
"""The control token: of a server that is started, and of the one that is talked to."""
