"""Attacks: by strangers, by harmful inputs, and by a store that fails."""
