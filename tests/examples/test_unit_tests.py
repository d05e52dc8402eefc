"""The test that docs/unit-tests.md shows, of a small service that keeps its client token."""

import httpx


class Service:
    """A service that calls open.douyin.com as an app."""

    def __init__(self, url, app):
        self.url = url
        self.keys = {"client_key": app.client_key, "client_secret": app.client_secret}
        self.kept = ""

    def token(self):
        """Return the client token; fetch it the first time."""
        if not self.kept:
            body = {**self.keys, "grant_type": "client_credential"}
            reply = httpx.post(f"{self.url}/oauth/client_token/", json=body)
            self.kept = reply.json()["data"]["access_token"]
        return self.kept


def test_one_token_for_both(douyin):
    """The service fetches one client token, and uses it twice."""
    service = Service(douyin.url, douyin.app("web"))

    assert service.token() == service.token()

    assert len(douyin.journal.of("client_token")) == 1
    assert douyin.findings == []
