package douyin

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"testing"
)

// A world of its own for a test, on a running mockdouyin: its own app, people, clock and rules.
type world struct {
	t    *testing.T
	name string
	app  struct {
		ClientKey    string `json:"client_key"`
		ClientSecret string `json:"client_secret"`
	}
}

var server = "http://127.0.0.1:8600"

func init() {
	if url := os.Getenv("MOCKDOUYIN_URL"); url != "" { // `mockdouyin run` sets it
		server = url
	}
}

func newWorld(t *testing.T) *world {
	var made struct {
		World string
		Apps  []json.RawMessage
	}
	w := &world{t: t}
	w.call("POST", "/_mock/worlds", map[string]any{}, &made)
	w.name = made.World
	if err := json.Unmarshal(made.Apps[0], &w.app); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		var left struct {
			UnusedRules []any `json:"unused_rules"`
			Unanswered  []any
		}
		w.call("DELETE", "/_mock/worlds/"+w.name, nil, &left)
		if len(left.UnusedRules)+len(left.Unanswered) > 0 {
			t.Errorf("rules that never matched, or calls that nothing answered: %v", left)
		}
	})
	return w
}

// client returns one that is led to the world.
func (w *world) client() *Client {
	c := New(w.app.ClientKey, w.app.ClientSecret)
	c.LoginHost = server + "/@" + w.name
	c.OpenHost = c.LoginHost
	return c
}

// phone is what a tt API hands to the front end.
func (w *world) phone(api string) (given struct {
	Code   string
	Detail struct{ IV, EncryptedData string }
}) {
	w.call("POST", "/_mock/worlds/"+w.name+"/phone/"+api, map[string]any{}, &given)
	return given
}

// fail has the next calls of an endpoint refused.
func (w *world) fail(endpoint string, number, times int) {
	rule := map[string]any{"on": endpoint, "error": number, "times": times}
	w.call("POST", "/_mock/worlds/"+w.name+"/rules", rule, nil)
}

func (w *world) advanceClock(by string) {
	w.call("POST", "/_mock/worlds/"+w.name+"/clock/advance", map[string]any{"by": by}, nil)
}

// calls says how often an endpoint was called.
func (w *world) calls(endpoint string) int {
	var journal struct{ Exchanges []any }
	w.call("GET", "/_mock/worlds/"+w.name+"/journal?endpoint="+endpoint, nil, &journal)
	return len(journal.Exchanges)
}

func (w *world) call(method, path string, body, answer any) {
	w.t.Helper()
	var sent bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&sent).Encode(body); err != nil {
			w.t.Fatal(err)
		}
	}
	request, err := http.NewRequest(method, server+path, &sent)
	if err != nil {
		w.t.Fatal(err)
	}
	if token := os.Getenv("MOCKDOUYIN_CONTROL_TOKEN"); token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		w.t.Fatal(err)
	}
	defer response.Body.Close()
	got, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode >= 400 {
		w.t.Fatalf("%s %s: %s %v", method, path, got, err)
	}
	if answer != nil {
		if err := json.Unmarshal(got, answer); err != nil {
			w.t.Fatal(err)
		}
	}
}
