import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;

/** A world of its own for a test, on a running mockdouyin: its own app, people, clock and rules. */
class Mockdouyin implements AutoCloseable {
    private static final String SERVER = System.getenv().getOrDefault("MOCKDOUYIN_URL", "http://127.0.0.1:8600");
    private static final String TOKEN = System.getenv().getOrDefault("MOCKDOUYIN_CONTROL_TOKEN", "");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final String world;
    /** The world's mini-program. */
    final JsonNode app;
    /** What stands for Douyin's hosts. */
    final String url;

    Mockdouyin() throws Exception {
        JsonNode made = call("POST", "/_mock/worlds", Map.of());
        world = made.path("world").asText();
        app = made.path("apps").path(0);
        url = SERVER + "/@" + world;
    }

    /** What a tt API hands to the front end. */
    JsonNode phone(String api) throws Exception {
        return call("POST", inWorld("/phone/" + api), Map.of());
    }

    /** The next calls of an endpoint are refused. */
    void fail(String endpoint, int error, int times) throws Exception {
        call("POST", inWorld("/rules"), Map.of("on", endpoint, "error", error, "times", times));
    }

    void advanceClock(String by) throws Exception {
        call("POST", inWorld("/clock/advance"), Map.of("by", by));
    }

    /** How often an endpoint was called. */
    int calls(String endpoint) throws Exception {
        return call("GET", inWorld("/journal?endpoint=" + endpoint), null).path("exchanges").size();
    }

    @Override
    public void close() throws Exception {
        JsonNode left = call("DELETE", "/_mock/worlds/" + world, null);
        if (!left.path("unused_rules").isEmpty() || !left.path("unanswered").isEmpty()) {
            throw new AssertionError("rules that never matched, or calls that nothing answered: " + left);
        }
    }

    private String inWorld(String path) {
        return "/_mock/worlds/" + world + path;
    }

    private JsonNode call(String method, String path, Object body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(SERVER + path)).method(method,
                body == null ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)));
        if (!TOKEN.isEmpty()) { // `mockdouyin run` sets one
            request.header("Authorization", "Bearer " + TOKEN);
        }
        HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() >= 400) {
            throw new IOException(answer.body());
        }
        return JSON.readTree(answer.body());
    }
}
