// Logs a user in at Douyin's own address:
//
//	mockdouyin run -- sh -c 'APPID=… SECRET=… go run ./login "$(mockdouyin code --plain)"'
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	"example.com/douyin"
)

func main() {
	client := douyin.New(os.Getenv("APPID"), os.Getenv("SECRET"))
	session, err := client.Login(context.Background(), os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("openid", session.OpenID)
}
