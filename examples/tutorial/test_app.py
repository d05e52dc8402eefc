"""The tests of docs/tutorial.md: each test has a world of its own."""

import app
import pytest


@pytest.fixture(autouse=True)
def platform(douyin, monkeypatch):
    """Let the backend call this test's world, as this world's app."""
    own = douyin.app("mini_program")
    monkeypatch.setattr(app, "DOUYIN", douyin.url)
    monkeypatch.setattr(app, "APPID", own.client_key)
    monkeypatch.setattr(app, "SECRET", own.client_secret)


def test_the_phone_number(douyin):
    """A login, and the phone number of the person who logged in."""
    phone = douyin.phone("小红")
    user = app.log_in(phone.login()["code"])["user"]

    number = app.phone_number(user, phone.getPhoneNumber()["detail"])

    assert number == {"phone": douyin.person("小红").phone}


def test_a_code_that_is_too_old(douyin):
    """A code that is exchanged after more than five minutes is refused."""
    code = douyin.phone().login()["code"]
    douyin.clock.advance("5m1s")

    with pytest.raises(app.ApiError, match="40018"):
        app.log_in(code)


def test_a_login_in_between(douyin):
    """What is sealed after another login needs the session_key of that login."""
    phone = douyin.phone()
    user = app.log_in(phone.login()["code"])["user"]
    phone.login()

    with pytest.raises(app.ApiError, match="another session_key"):
        app.phone_number(user, phone.getPhoneNumber()["detail"])


def test_an_error_of_douyin(douyin):
    """After an error of Douyin's the next login succeeds, and the backend did nothing wrong."""
    douyin.rule("code_to_session", error=-1, times=1)

    with pytest.raises(app.ApiError, match="-1 system error"):
        app.log_in(douyin.phone().login()["code"])

    assert app.log_in(douyin.phone().login()["code"])["user"]
    assert douyin.findings == []
