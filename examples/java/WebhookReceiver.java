import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Receives the webhooks of an app at /hook, and the callbacks of its payments at /notify:
 *
 * <pre>mockdouyin check-webhook http://127.0.0.1:9000/hook --secret SECRET
 * mockdouyin check-webhook http://127.0.0.1:9000/notify --kind ecpay --token TOKEN --order CART-1 --amount 1990</pre>
 */
public class WebhookReceiver {
    static final String SECRET = "fa4efa4efa4efa4efa4efa4efa4e0003"; // a web app's is its client_secret
    static final String TOKEN = "fa4eTOKENfa4eTOKENfa4eTOKENfa4e1"; // of the payment settings; not the SALT
    static final ObjectMapper JSON = new ObjectMapper();

    // In production both are tables with a unique key.
    static final Set<String> SEEN = ConcurrentHashMap.newKeySet();
    static final Map<String, Order> ORDERS = new ConcurrentHashMap<>(Map.of("CART-1", new Order(1990, false)));

    record Order(int amount, boolean paid) {}

    interface Handler {
        void handle(HttpExchange exchange, byte[] body) throws IOException;
    }

    public static void main(String[] args) throws IOException {
        int port = args.length > 0 ? Integer.parseInt(args[0]) : 9000;
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(Executors.newFixedThreadPool(8));
        post(server, "/hook", WebhookReceiver::webhook);
        post(server, "/notify", WebhookReceiver::callback);
        server.start();
        System.out.println("listens on http://127.0.0.1:" + server.getAddress().getPort());
    }

    static void webhook(HttpExchange exchange, byte[] body) throws IOException {
        String signature = exchange.getRequestHeaders().getFirst("X-Douyin-Signature");
        if (!isEqual(sha1(SECRET.getBytes(StandardCharsets.UTF_8), body), signature)) { // the bytes as they came
            answer(exchange, 401, Map.of("error", "the signature is wrong"));
            return;
        }
        JsonNode event = JSON.readTree(body);
        if (event.path("event").asText().equals("verify_webhook")) {
            answer(exchange, 200, Map.of("challenge", event.path("content").path("challenge")));
            return;
        }
        String id = exchange.getRequestHeaders().getFirst("Msg-Id"); // a retry has the same
        if (id != null && SEEN.add(id)) {
            System.out.println("event " + event.path("event").asText());
        }
        answer(exchange, 200, Map.of("ok", true));
    }

    static void callback(HttpExchange exchange, byte[] body) throws IOException {
        JsonNode sent = JSON.readTree(body);
        String msg = sent.path("msg").asText(); // hashed as it came, then parsed
        String joined = Stream.of(TOKEN, sent.path("timestamp").asText(), sent.path("nonce").asText(), msg)
                .sorted().collect(Collectors.joining());
        boolean right = isEqual(sha1(joined.getBytes(StandardCharsets.UTF_8)), sent.path("msg_signature").asText());
        if (right && (!sent.path("type").asText().equals("payment") || pay(JSON.readTree(msg)))) {
            answer(exchange, 200, Map.of("err_no", 0, "err_tips", "success"));
        } else {
            answer(exchange, 400, Map.of("err_no", 400, "err_tips", "refused"));
        }
    }

    /** Marks an order as paid once; says whether the callback fits the order. */
    static boolean pay(JsonNode paid) {
        String number = paid.path("cp_orderno").asText();
        Order order = ORDERS.get(number);
        if (order == null || order.amount() != paid.path("total_amount").asInt()
                || !paid.path("status").asText().equals("SUCCESS")) {
            return false;
        }
        if (ORDERS.replace(number, new Order(order.amount(), false), new Order(order.amount(), true))) {
            System.out.println("paid " + number); // ship it here
        }
        return true;
    }

    static String sha1(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-1");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static boolean isEqual(String right, String given) { // in constant time
        return given != null && MessageDigest.isEqual(right.getBytes(StandardCharsets.UTF_8),
                given.getBytes(StandardCharsets.UTF_8));
    }

    static void post(HttpServer server, String path, Handler handler) {
        server.createContext(path, exchange -> {
            try (exchange) {
                if (exchange.getRequestMethod().equals("POST")) {
                    handler.handle(exchange, exchange.getRequestBody().readAllBytes());
                } else {
                    answer(exchange, 405, Map.of("error", "POST only"));
                }
            } catch (com.fasterxml.jackson.core.JacksonException e) {
                answer(exchange, 400, Map.of("error", "not JSON"));
            }
        });
    }

    static void answer(HttpExchange exchange, int status, Object content) throws IOException {
        byte[] body = JSON.writeValueAsBytes(content);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }
}
