package douyin

import (
	"context"
	"errors"
	"testing"
)

func expectError(t *testing.T, number int, err error) {
	t.Helper()
	var refused *Error
	if !errors.As(err, &refused) || refused.No != number {
		t.Fatalf("expected %d, got %v", number, err)
	}
}

func expectClean(t *testing.T, c *Client, text string, expected bool) {
	t.Helper()
	if clean, err := c.IsClean(context.Background(), text); err != nil || clean != expected {
		t.Fatalf("%s: %v %v", text, clean, err)
	}
}

func TestPhoneNumberIsDecrypted(t *testing.T) {
	t.Parallel()
	douyin := newWorld(t)
	client := douyin.client()

	session, err := client.Login(context.Background(), douyin.phone("login").Code)
	if err != nil {
		t.Fatal(err)
	}
	sealed := douyin.phone("getPhoneNumber").Detail
	number, err := client.PhoneNumber(session.SessionKey, sealed.IV, sealed.EncryptedData)

	if err != nil || number != "13800138000" {
		t.Fatal(number, err)
	}
}

func TestCodeExpiresAfterFiveMinutes(t *testing.T) {
	t.Parallel()
	douyin := newWorld(t)
	code := douyin.phone("login").Code
	douyin.advanceClock("5m1s")

	_, err := douyin.client().Login(context.Background(), code)

	expectError(t, 40018, err)
}

func TestRuleRefusesOneLogin(t *testing.T) {
	t.Parallel()
	douyin := newWorld(t)
	douyin.fail("code_to_session", -1, 1)
	code := douyin.phone("login").Code

	_, err := douyin.client().Login(context.Background(), code)
	expectError(t, -1, err)

	if _, err := douyin.client().Login(context.Background(), code); err != nil { // the code was not used up
		t.Fatal(err)
	}
}

func TestMagicCodeProvokesAnyError(t *testing.T) {
	t.Parallel()
	douyin := newWorld(t)

	_, err := douyin.client().Login(context.Background(), "mock-error-40017")

	expectError(t, 40017, err)
}

func TestTokenIsCachedUntilItExpires(t *testing.T) {
	t.Parallel()
	douyin := newWorld(t)
	client := douyin.client()
	expectClean(t, client, "你好", true)
	expectClean(t, client, "测试违规词", false)
	if n := douyin.calls("oauth.client_token"); n != 1 {
		t.Fatal("tokens fetched:", n)
	}

	douyin.advanceClock("2h1m")

	expectClean(t, client, "你好", true)
	if n := douyin.calls("oauth.client_token"); n != 2 {
		t.Fatal("tokens fetched:", n)
	}
}
