// Receives the webhooks of an app at /hook, and the callbacks of its payments at /notify:
//
//	go run ./receiver 9000
//	mockdouyin check-webhook http://127.0.0.1:9000/hook --secret SECRET
//	mockdouyin check-webhook http://127.0.0.1:9000/notify --kind ecpay --token TOKEN --order CART-1 --amount 1990
package main

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"sort"
	"strings"
	"sync"
)

const (
	secret = "fa4efa4efa4efa4efa4efa4efa4e0003" // a web app's is its client_secret
	token  = "fa4eTOKENfa4eTOKENfa4eTOKENfa4e1" // of the payment settings; not the SALT
)

// In production these are tables with a unique key.
var (
	mu     sync.Mutex
	seen   = map[string]bool{}
	orders = map[string]int64{"CART-1": 1990}
	paid   = map[string]bool{}
)

func main() {
	port := "9000"
	if len(os.Args) > 1 {
		port = os.Args[1]
	}
	http.HandleFunc("/hook", webhook)
	http.HandleFunc("/notify", callback)
	listener, err := net.Listen("tcp", "127.0.0.1:"+port)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("listens on http://%s\n", listener.Addr())
	log.Fatal(http.Serve(listener, nil))
}

func webhook(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	if !hmac.Equal([]byte(sha1Hex(secret+string(body))), []byte(r.Header.Get("X-Douyin-Signature"))) { // the bytes as they came
		answer(w, http.StatusUnauthorized, map[string]any{"error": "the signature is wrong"})
		return
	}
	var event struct {
		Event   string
		Content json.RawMessage // an object for some events, a string of JSON for others
	}
	if json.Unmarshal(body, &event) != nil {
		answer(w, http.StatusBadRequest, map[string]any{"error": "not JSON"})
		return
	}
	if event.Event == "verify_webhook" {
		var content struct{ Challenge json.RawMessage }
		_ = json.Unmarshal(event.Content, &content)
		answer(w, http.StatusOK, map[string]any{"challenge": content.Challenge})
		return
	}
	if isFirst(r.Header.Get("Msg-Id"), seen) { // a retry has the same Msg-Id
		fmt.Println("event", event.Event)
	}
	answer(w, http.StatusOK, map[string]any{"ok": true})
}

func callback(w http.ResponseWriter, r *http.Request) {
	var sent struct {
		Timestamp, Nonce json.RawMessage // strings today, numbers in the past
		Msg, Type        string
		MsgSignature     string `json:"msg_signature"`
	}
	if r.Method != http.MethodPost || json.NewDecoder(r.Body).Decode(&sent) != nil {
		answer(w, http.StatusBadRequest, map[string]any{"err_no": 400, "err_tips": "not a callback"})
		return
	}
	values := []string{token, strings.Trim(string(sent.Timestamp), `"`), strings.Trim(string(sent.Nonce), `"`), sent.Msg}
	sort.Strings(values)
	right := hmac.Equal([]byte(sha1Hex(strings.Join(values, ""))), []byte(sent.MsgSignature))
	if !right || sent.Type == "payment" && !pay(sent.Msg) {
		answer(w, http.StatusBadRequest, map[string]any{"err_no": 400, "err_tips": "refused"})
		return
	}
	answer(w, http.StatusOK, map[string]any{"err_no": 0, "err_tips": "success"})
}

// pay marks an order as paid once; it says whether the callback fits the order.
func pay(msg string) bool {
	var told struct {
		Number string `json:"cp_orderno"`
		Amount int64  `json:"total_amount"`
		Status string
	}
	if json.Unmarshal([]byte(msg), &told) != nil || told.Status != "SUCCESS" {
		return false
	}
	if amount, known := orders[told.Number]; !known || amount != told.Amount {
		return false
	}
	if isFirst(told.Number, paid) {
		fmt.Println("paid", told.Number) // ship it here
	}
	return true
}

func isFirst(id string, known map[string]bool) bool {
	mu.Lock()
	defer mu.Unlock()
	first := !known[id]
	known[id] = true
	return first
}

func sha1Hex(text string) string {
	sum := sha1.Sum([]byte(text))
	return hex.EncodeToString(sum[:])
}

func answer(w http.ResponseWriter, status int, content any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(content)
}
