// A login and a receiver of webhooks with Gin.
//
//	go mod init example.com/gin && go mod tidy
//	mockdouyin run -- sh -c 'DOUYIN_APP_ID=… DOUYIN_SECRET=… go run . 9000'
package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
)

var (
	appID, secret = os.Getenv("DOUYIN_APP_ID"), os.Getenv("DOUYIN_SECRET")
	loginHost     = "https://developer.toutiao.com"
	client        = &http.Client{Timeout: 10 * time.Second}
	seen          sync.Map // in production a table with a unique key
)

// login takes the code that the mini-program got from tt.login.
func login(c *gin.Context) {
	var request struct {
		Code string `json:"code" binding:"required"`
	}
	if err := c.ShouldBindJSON(&request); err != nil {
		c.JSON(http.StatusBadRequest, gin.H{"error": err.Error()})
		return
	}
	body, _ := json.Marshal(gin.H{"appid": appID, "secret": secret, "code": request.Code})
	url := loginHost + "/api/apps/v2/jscode2session"
	sent, err := http.NewRequestWithContext(c.Request.Context(), http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		c.AbortWithStatus(http.StatusInternalServerError)
		return
	}
	sent.Header.Set("Content-Type", "application/json")
	response, err := client.Do(sent)
	if err != nil {
		c.JSON(http.StatusBadGateway, gin.H{"error": "douyin did not answer"})
		return
	}
	defer response.Body.Close()
	var answer struct {
		ErrNo   int    `json:"err_no"`
		ErrTips string `json:"err_tips"`
		Data    struct {
			OpenID string `json:"openid"`
		} `json:"data"`
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil || answer.ErrNo != 0 {
		c.JSON(http.StatusUnauthorized, gin.H{"error": fmt.Sprintf("%d %s", answer.ErrNo, answer.ErrTips)})
		return
	}
	c.JSON(http.StatusOK, gin.H{"openid": answer.Data.OpenID}) // the session_key stays here
}

// signed lets through what the platform signed, and leaves the body to be read again.
func signed(c *gin.Context) {
	body, _ := io.ReadAll(c.Request.Body)
	sum := sha1.Sum(append([]byte(secret), body...)) // the bytes as they came
	if !hmac.Equal([]byte(hex.EncodeToString(sum[:])), []byte(c.GetHeader("X-Douyin-Signature"))) {
		c.AbortWithStatusJSON(http.StatusUnauthorized, gin.H{"error": "the signature is wrong"})
		return
	}
	c.Request.Body = io.NopCloser(bytes.NewReader(body))
}

func webhook(c *gin.Context) {
	var event struct {
		Event   string          `json:"event"`
		Content json.RawMessage `json:"content"`
	}
	if err := c.ShouldBindJSON(&event); err != nil {
		c.JSON(http.StatusBadRequest, gin.H{"error": err.Error()})
		return
	}
	if event.Event == "verify_webhook" {
		var content struct {
			Challenge json.RawMessage `json:"challenge"`
		}
		_ = json.Unmarshal(event.Content, &content)
		c.JSON(http.StatusOK, gin.H{"challenge": content.Challenge})
		return
	}
	if _, again := seen.LoadOrStore(c.GetHeader("Msg-Id"), true); !again {
		fmt.Println("event", event.Event)
	}
	c.JSON(http.StatusOK, gin.H{"ok": true})
}

func main() {
	gin.SetMode(gin.ReleaseMode)
	if host := os.Getenv("DOUYIN_URL"); host != "" {
		loginHost = host
	}
	router := gin.New()
	router.Use(gin.Recovery())
	router.POST("/login", login)
	router.POST("/hook", signed, webhook)
	listener, err := net.Listen("tcp", "127.0.0.1:"+os.Args[1])
	if err != nil {
		panic(err)
	}
	fmt.Printf("listens on http://%s\n", listener.Addr())
	panic(router.RunListener(listener))
}
