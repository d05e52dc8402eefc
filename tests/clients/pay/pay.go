// A backend with net/http: the sign and the verifier by the rule of the docs. With `float` it
// signs amounts that went through JSON, which Go writes as 1e+06 from a million on.
package main

import (
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"encoding/json"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"sort"
	"strings"
)

const (
	salt  = "fa4eSALTfa4eSALTfa4eSALTfa4eSALTfa4e0001"
	token = "fa4eTOKENfa4eTOKENfa4eTOKENfa4e1"
)

type fields map[string]interface{}

func sign(of fields) string {
	values := []string{salt}
	for name, value := range of {
		switch name {
		case "sign", "app_id", "thirdparty_id", "other_settle_params":
			continue
		}
		text := strings.TrimSpace(fmt.Sprintf("%v", value))
		if text != "" && text != "null" {
			values = append(values, text)
		}
	}
	sort.Strings(values)
	return fmt.Sprintf("%x", md5.Sum([]byte(strings.Join(values, "&"))))
}

func post(path string, body fields) fields {
	text, _ := json.Marshal(body)
	answer, err := http.Post("https://developer.toutiao.com/api/apps/"+path,
		"application/json", bytes.NewReader(text))
	if err != nil {
		log.Fatal(err)
	}
	defer answer.Body.Close()
	var read fields
	if err := json.NewDecoder(answer.Body).Decode(&read); err != nil {
		log.Fatal(err)
	}
	return read
}

func ask(operation string, given fields) fields {
	given["app_id"] = "ttd0c500000000000001"
	given["sign"] = sign(given)
	return post("ecpay/v1/"+operation, given)
}

func say(line fields) {
	text, _ := json.Marshal(line)
	fmt.Println(string(text))
}

func receive(told chan<- json.RawMessage) http.HandlerFunc {
	return func(writer http.ResponseWriter, request *http.Request) {
		var sent map[string]string
		if err := json.NewDecoder(request.Body).Decode(&sent); err != nil {
			http.Error(writer, "not JSON", 400)
			return
		}
		parts := []string{token, sent["timestamp"], sent["nonce"], sent["msg"]}
		sort.Strings(parts)
		if fmt.Sprintf("%x", sha1.Sum([]byte(strings.Join(parts, "")))) != sent["msg_signature"] {
			http.Error(writer, `{"err_no": 400}`, 400)
			return
		}
		fmt.Fprint(writer, `{"err_no":0,"err_tips":"success"}`)
		told <- json.RawMessage(sent["msg"])
	}
}

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	told := make(chan json.RawMessage, 2)
	go http.Serve(listener, receive(told))
	notify := "http://" + listener.Addr().String() + "/notify"
	session := post("v2/jscode2session", fields{
		"appid":  "ttd0c500000000000001",
		"secret": "fa4efa4efa4efa4efa4efa4efa4efa4efa4e0001",
		"code":   os.Getenv("LOGIN_CODE"),
	})
	say(fields{"openid": session["data"].(map[string]interface{})["openid"]})
	order := fields{
		"out_order_no": "ORDER-1", "total_amount": 1990, "subject": "月度会员", "body": "月度会员",
		"valid_time": 900, "disable_msg": 0, "cp_extra": `{"uid": 42}`, "notify_url": notify,
	}
	if len(os.Args) > 1 {
		order["total_amount"] = 1990000
		text, _ := json.Marshal(order)
		json.Unmarshal(text, &order)
		say(fields{"made": ask("create_order", order)})
		return
	}
	say(fields{"order": ask("create_order", order)["data"], "notify": notify})
	say(fields{"paid": <-told})
	say(fields{"found": ask("query_order", fields{"out_order_no": "ORDER-1"})})
	say(fields{"refund": ask("create_refund", fields{
		"out_order_no": "ORDER-1", "out_refund_no": "REFUND-1", "refund_amount": 190,
		"reason": "少发一件", "notify_url": notify,
	})})
	say(fields{"refunded": <-told})
	say(fields{"refund_found": ask("query_refund", fields{"out_refund_no": "REFUND-1"})})
	say(fields{"settle": ask("settle", fields{
		"out_order_no": "ORDER-1", "out_settle_no": "SETTLE-1", "settle_desc": "月度结算",
		"settle_params": `[{"merchant_uid":"70000000000000000002","amount":300}]`,
		"notify_url": notify,
	})})
	say(fields{"settled": <-told})
	say(fields{"settle_found": ask("query_settle", fields{"out_settle_no": "SETTLE-1"})})
}
