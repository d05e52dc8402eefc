"""What is built and installed, used as a user does: outside the checkout."""
