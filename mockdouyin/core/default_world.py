"""The name of the world that every sandbox has: apart, so that commands know it at no cost."""

DEFAULT_WORLD = "default"
