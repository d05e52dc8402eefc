import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A backend with Jackson: requests are objects with fields that stay null, all but ASCII is
 * escaped, and bodies have no length beforehand.
 */
public class Jackson {
    static final String SALT =
        System.getenv().getOrDefault("PAY_SALT", "fa4eSALTfa4eSALTfa4eSALTfa4eSALTfa4e0001");
    static final String TOKEN = "fa4eTOKENfa4eTOKENfa4eTOKENfa4e1";
    static final String HOST = "sandbox".equals(System.getenv("PAY_ENVIRONMENT"))
        ? "open-sandbox.douyin.com" : "developer.toutiao.com";
    static final Set<String> UNSIGNED =
        Set.of("sign", "app_id", "thirdparty_id", "other_settle_params");
    static final ObjectMapper MAPPER =
        new ObjectMapper().configure(JsonGenerator.Feature.ESCAPE_NON_ASCII, true);
    static final BlockingQueue<JsonNode> TOLD = new LinkedBlockingQueue<>();

    static class Order {
        @JsonProperty("app_id") public String appId = "ttd0c500000000000001";
        @JsonProperty("out_order_no") public String outOrderNo = "ORDER-1";
        @JsonProperty("total_amount") public Long totalAmount = 1990L;
        public String subject = "月度会员🎁";
        public String body = "月度会员";
        @JsonProperty("valid_time") public String validTime = "900";
        @JsonProperty("disable_msg") public int disableMsg;
        @JsonProperty("cp_extra") public String cpExtra = "{\"uid\": 42}";
        @JsonProperty("notify_url") public String notifyUrl;
        @JsonProperty("thirdparty_id") public String thirdpartyId;
        @JsonProperty("store_uid") public String storeUid;
        @JsonProperty("expand_order_info") public Map<String, Integer> expandOrderInfo;
        public String sign;
    }

    public static void main(String[] args) throws Exception {
        var server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/notify", Jackson::receive);
        server.start();
        String notify = "http://127.0.0.1:" + server.getAddress().getPort() + "/notify";
        JsonNode session = post("v2/jscode2session", Map.of(
            "appid", "ttd0c500000000000001",
            "secret", "fa4efa4efa4efa4efa4efa4efa4efa4efa4e0001",
            "code", System.getenv("LOGIN_CODE")));
        say("openid", session.path("data").path("openid"));
        var order = new Order();
        order.notifyUrl = notify;
        order.sign = sign(MAPPER.convertValue(order, new TypeReference<Map<String, Object>>() { }));
        JsonNode made = post("ecpay/v1/create_order", order);
        if (made.path("err_no").asInt(-1) != 0) {
            say("made", made);
            System.exit(0);
        }
        System.out.println(MAPPER.writeValueAsString(
            Map.of("order", made.get("data"), "notify", notify)));
        say("paid", TOLD.take());
        say("found", ask("query_order", Map.of("out_order_no", "ORDER-1")));
        say("refund", ask("create_refund", Map.of(
            "out_order_no", "ORDER-1", "out_refund_no", "REFUND-1", "refund_amount", 190,
            "reason", "少发一件", "notify_url", notify)));
        say("refunded", TOLD.take());
        say("refund_found", ask("query_refund", Map.of("out_refund_no", "REFUND-1")));
        String share = MAPPER.writeValueAsString(
            List.of(Map.of("merchant_uid", "70000000000000000002", "amount", 300)));
        say("settle", ask("settle", Map.of(
            "out_order_no", "ORDER-1", "out_settle_no", "SETTLE-1", "settle_desc", "月度结算",
            "settle_params", share, "notify_url", notify)));
        say("settled", TOLD.take());
        say("settle_found", ask("query_settle", Map.of("out_settle_no", "SETTLE-1")));
        server.stop(0);
    }

    static void receive(HttpExchange exchange) {
        try (exchange) {
            JsonNode told = MAPPER.readTree(exchange.getRequestBody());
            String signed = Stream.of(TOKEN, told.get("timestamp").asText(),
                told.get("nonce").asText(), told.get("msg").asText())
                .sorted().collect(Collectors.joining());
            boolean good = hash("SHA-1", signed).equals(told.get("msg_signature").asText());
            exchange.sendResponseHeaders(good ? 200 : 400, 0);  // in chunks
            MAPPER.writeValue(exchange.getResponseBody(),
                Map.of("err_no", good ? 0 : 400, "err_tips", good ? "success" : "bad sign"));
            if (good) {
                TOLD.add(MAPPER.readTree(told.get("msg").asText()));
            }
        } catch (Exception error) {
            throw new IllegalStateException(error);
        }
    }

    static JsonNode ask(String operation, Map<String, Object> fields) throws Exception {
        var every = new LinkedHashMap<String, Object>(fields);
        every.put("app_id", "ttd0c500000000000001");
        every.put("sign", sign(every));
        return post("ecpay/v1/" + operation, every);
    }

    static String sign(Map<String, Object> fields) throws Exception {
        Stream<String> values = fields.entrySet().stream()
            .filter(field -> !UNSIGNED.contains(field.getKey()))
            .map(Map.Entry::getValue).filter(Objects::nonNull)
            .map(value -> value.toString().trim()).filter(value -> !value.isEmpty());
        return hash("MD5", Stream.concat(values, Stream.of(SALT)).sorted()
            .collect(Collectors.joining("&")));
    }

    static JsonNode post(String path, Object body) throws IOException {
        var url = URI.create("https://" + HOST + "/api/apps/" + path).toURL();
        var connection = (HttpURLConnection) url.openConnection();
        connection.setRequestMethod("POST");
        connection.setRequestProperty("Content-Type", "application/json;charset=UTF-8");
        connection.setDoOutput(true);
        connection.setChunkedStreamingMode(16);
        MAPPER.writeValue(connection.getOutputStream(), body);
        return MAPPER.readTree(connection.getInputStream());
    }

    static String hash(String algorithm, String text) throws Exception {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
    }

    static void say(String name, JsonNode value) throws IOException {
        System.out.println(MAPPER.writeValueAsString(Map.of(name, value)));
    }
}
