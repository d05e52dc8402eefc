"""Environment variables that more than one room reads."""

TOKEN_VARIABLE = "MOCKDOUYIN_CONTROL_TOKEN"
"""The control token, for a server that starts and for a client of a running one."""

LANGUAGE_VARIABLE = "MOCKDOUYIN_LANG"
"""The language of texts for people: zh or en."""
