// Package douyin is what a mini-program's backend asks of Douyin: a login, a phone number, a token, a text check.
package douyin

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// Error is a refusal of Douyin's, with its number.
type Error struct {
	No   int
	Text string
}

func (e *Error) Error() string { return fmt.Sprintf("douyin: %d %s", e.No, e.Text) }

// Session is what a login code is exchanged for.
type Session struct {
	OpenID     string `json:"openid"`
	UnionID    string `json:"unionid"`
	SessionKey string `json:"session_key"`
}

// Client calls Douyin for one app. The hosts are settings, so that a test can lead it to mockdouyin.
type Client struct {
	AppID, Secret       string
	LoginHost, OpenHost string
	HTTP                *http.Client

	mu      sync.Mutex
	token   string
	renewAt time.Time
}

// New returns a client of Douyin's own hosts.
func New(appID, secret string) *Client {
	return &Client{
		AppID: appID, Secret: secret,
		LoginHost: "https://developer.toutiao.com", OpenHost: "https://open.douyin.com",
		HTTP: &http.Client{Timeout: 10 * time.Second},
	}
}

// Login exchanges the code of tt.login. It works once, within five minutes.
func (c *Client) Login(ctx context.Context, code string) (*Session, error) {
	var answer struct {
		ErrNo   int     `json:"err_no"`
		ErrTips string  `json:"err_tips"`
		Data    Session `json:"data"`
	}
	body := map[string]string{"appid": c.AppID, "secret": c.Secret, "code": code}
	if err := c.post(ctx, c.LoginHost+"/api/apps/v2/jscode2session", body, "", &answer); err != nil {
		return nil, err
	}
	if answer.ErrNo != 0 {
		return nil, &Error{answer.ErrNo, answer.ErrTips}
	}
	return &answer.Data, nil
}

// PhoneNumber decrypts what tt.getPhoneNumber gave the front end, with the session_key of the last login.
func (c *Client) PhoneNumber(sessionKey, iv, encryptedData string) (string, error) {
	plain, err := decrypt(sessionKey, iv, encryptedData)
	if err != nil {
		return "", err
	}
	var opened struct {
		PurePhoneNumber string
		Watermark       struct{ AppID string }
	}
	if err := json.Unmarshal(plain, &opened); err != nil {
		return "", err
	}
	if opened.Watermark.AppID != c.AppID {
		return "", errors.New("douyin: the data is another app's")
	}
	return opened.PurePhoneNumber, nil
}

// decrypt is AES-128-CBC with PKCS#7 padding, all three in base64.
func decrypt(sessionKey, iv, encryptedData string) ([]byte, error) {
	var raw [3][]byte
	for i, text := range []string{sessionKey, iv, encryptedData} {
		var err error
		if raw[i], err = base64.StdEncoding.DecodeString(text); err != nil {
			return nil, err
		}
	}
	key, vector, data := raw[0], raw[1], raw[2]
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	if len(vector) != aes.BlockSize || len(data) == 0 || len(data)%aes.BlockSize != 0 {
		return nil, errors.New("douyin: the iv or encryptedData is cut short")
	}
	cipher.NewCBCDecrypter(block, vector).CryptBlocks(data, data)
	padding := int(data[len(data)-1])
	if padding == 0 || padding > aes.BlockSize {
		return nil, errors.New("douyin: the session_key is not that of the last login")
	}
	return data[:len(data)-padding], nil
}

// ClientToken returns one client_token for the whole process: whoever fetches three within minutes kills the first.
func (c *Client) ClientToken(ctx context.Context) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.token != "" && time.Now().Before(c.renewAt) {
		return c.token, nil
	}
	var answer struct {
		Data struct {
			AccessToken string `json:"access_token"`
			ExpiresIn   int    `json:"expires_in"`
			ErrorCode   int    `json:"error_code"`
			Description string `json:"description"`
		} `json:"data"`
	}
	body := map[string]string{"client_key": c.AppID, "client_secret": c.Secret, "grant_type": "client_credential"}
	if err := c.post(ctx, c.OpenHost+"/oauth/client_token/", body, "", &answer); err != nil {
		return "", err
	}
	if answer.Data.ErrorCode != 0 {
		return "", &Error{answer.Data.ErrorCode, answer.Data.Description}
	}
	c.token = answer.Data.AccessToken
	c.renewAt = time.Now().Add(time.Duration(answer.Data.ExpiresIn)*time.Second - 5*time.Minute)
	return c.token, nil
}

// forget drops a token that was refused, unless another goroutine has a new one by now.
func (c *Client) forget(used string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.token == used {
		c.token = ""
	}
}

// IsClean says whether Douyin's content security finds nothing wrong with a text.
func (c *Client) IsClean(ctx context.Context, text string) (bool, error) {
	clean, used, err := c.checkText(ctx, text)
	var refused *Error
	if errors.As(err, &refused) && (refused.No == 28001003 || refused.No == 28001008) {
		c.forget(used)
		clean, _, err = c.checkText(ctx, text)
	}
	return clean, err
}

func (c *Client) checkText(ctx context.Context, text string) (clean bool, token string, err error) {
	if token, err = c.ClientToken(ctx); err != nil {
		return false, "", err
	}
	var answer struct {
		ErrNo  int    `json:"err_no"`
		ErrMsg string `json:"err_msg"`
		Data   []struct {
			Predicts []struct{ Hit bool }
		} `json:"data"`
	}
	body := map[string]any{"app_id": c.AppID, "content": []string{text}}
	if err = c.post(ctx, c.OpenHost+"/api/apps/v1/censor/text/", body, token, &answer); err != nil {
		return false, token, err
	}
	if answer.ErrNo != 0 {
		return false, token, &Error{answer.ErrNo, answer.ErrMsg}
	}
	for _, each := range answer.Data {
		for _, predict := range each.Predicts {
			if predict.Hit {
				return false, token, nil
			}
		}
	}
	return true, token, nil
}

func (c *Client) post(ctx context.Context, url string, body any, token string, answer any) error {
	sent, err := json.Marshal(body)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(sent))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	if token != "" {
		request.Header.Set("access-token", token)
	}
	response, err := c.HTTP.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	return json.NewDecoder(response.Body).Decode(answer)
}
