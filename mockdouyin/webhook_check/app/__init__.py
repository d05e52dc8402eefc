"""The probes for the receiver of an app's webhook: events signed in a header, a challenge."""
