// A backend that uses net/http; with an argument, one whose transport ignores proxies.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/url"
	"os"
)

func show(answer *http.Response, err error) {
	if err != nil {
		log.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(body))
}

func main() {
	client := http.DefaultClient
	if len(os.Args) > 1 {
		client = &http.Client{Transport: &http.Transport{}}
	}
	login, _ := json.Marshal(map[string]string{
		"appid":  "ttd0c500000000000001",
		"secret": "fa4efa4efa4efa4efa4efa4efa4efa4efa4e0001",
		"code":   os.Getenv("LOGIN_CODE"),
	})
	for again := 0; again < 2; again++ {
		show(client.Post("https://developer.toutiao.com/api/apps/v2/jscode2session",
			"application/json", bytes.NewReader(login)))
	}
	show(client.PostForm("https://open.douyin.com/oauth/client_token/", url.Values{
		"client_key":    {"awd0c50000000003"},
		"client_secret": {"fa4efa4efa4efa4efa4efa4efa4e0003"},
		"grant_type":    {"client_credential"},
	}))
}
