"""The person's side: what a phone does."""
