// Logs a user in at Douyin's own address:
//
//	mockdouyin run -- sh -c 'DOUYIN_APP_ID=… DOUYIN_SECRET=… go run ./login "$(mockdouyin code --plain)"'
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	"example.com/douyin"
)

func main() {
	client := douyin.New(os.Getenv("DOUYIN_APP_ID"), os.Getenv("DOUYIN_SECRET"))
	session, err := client.Login(context.Background(), os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("openid", session.OpenID)
}
