"""The pages of the docs: every snippet is proved, and the site builds."""
