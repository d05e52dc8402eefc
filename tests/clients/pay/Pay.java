import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A backend with the JDK alone: the sign and the verifier by the rule of the docs. */
public class Pay {
    static final String SALT = "fa4eSALTfa4eSALTfa4eSALTfa4eSALTfa4e0001";
    static final String TOKEN = "fa4eTOKENfa4eTOKENfa4eTOKENfa4e1";
    static final Set<String> UNSIGNED =
        Set.of("sign", "app_id", "thirdparty_id", "other_settle_params");
    static final HttpClient CLIENT = HttpClient.newHttpClient();
    static final BlockingQueue<String> TOLD = new LinkedBlockingQueue<>();

    public static void main(String[] args) throws Exception {
        var server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/notify", Pay::receive);
        server.start();
        String notify = "http://127.0.0.1:" + server.getAddress().getPort() + "/notify";
        var login = new LinkedHashMap<String, Object>();
        login.put("appid", "ttd0c500000000000001");
        login.put("secret", "fa4efa4efa4efa4efa4efa4efa4efa4efa4e0001");
        login.put("code", System.getenv("LOGIN_CODE"));
        say("openid", quoted(text(post("v2/jscode2session", login), "openid")));
        var order = new LinkedHashMap<String, Object>();
        order.put("out_order_no", "ORDER-1");
        order.put("total_amount", 1990);
        order.put("subject", "月度会员");
        order.put("body", "月度会员");
        order.put("valid_time", 900);
        order.put("disable_msg", 0);
        order.put("cp_extra", "{\"uid\": 42}");
        order.put("notify_url", notify);
        String made = ask("create_order", order);
        System.out.printf(
            "{\"order\": {\"order_id\": \"%s\", \"order_token\": \"%s\"}, \"notify\": \"%s\"}%n",
            text(made, "order_id"), text(made, "order_token"), notify);
        say("paid", TOLD.take());
        var query = new LinkedHashMap<String, Object>();
        query.put("out_order_no", "ORDER-1");
        say("found", ask("query_order", query));
        var refund = new LinkedHashMap<String, Object>();
        refund.put("out_order_no", "ORDER-1");
        refund.put("out_refund_no", "REFUND-1");
        refund.put("refund_amount", 190);
        refund.put("reason", "少发一件");
        refund.put("notify_url", notify);
        say("refund", ask("create_refund", refund));
        say("refunded", TOLD.take());
        var refunded = new LinkedHashMap<String, Object>();
        refunded.put("out_refund_no", "REFUND-1");
        say("refund_found", ask("query_refund", refunded));
        var settle = new LinkedHashMap<String, Object>();
        settle.put("out_order_no", "ORDER-1");
        settle.put("out_settle_no", "SETTLE-1");
        settle.put("settle_desc", "月度结算");
        settle.put("settle_params", "[{\"merchant_uid\":\"70000000000000000002\",\"amount\":300}]");
        settle.put("notify_url", notify);
        say("settle", ask("settle", settle));
        say("settled", TOLD.take());
        var settled = new LinkedHashMap<String, Object>();
        settled.put("out_settle_no", "SETTLE-1");
        say("settle_found", ask("query_settle", settled));
        server.stop(0);
    }

    static void receive(HttpExchange exchange) {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String msg = text(body, "msg");
            var parts = new ArrayList<>(
                List.of(TOKEN, text(body, "timestamp"), text(body, "nonce"), msg));
            Collections.sort(parts);
            boolean good = hash("SHA-1", String.join("", parts)).equals(text(body, "msg_signature"));
            byte[] answer = (good ? "{\"err_no\": 0, \"err_tips\": \"success\"}" : "{\"err_no\": 400}")
                .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(good ? 200 : 400, answer.length);
            exchange.getResponseBody().write(answer);
            if (good) {
                TOLD.add(msg);
            }
        } catch (Exception error) {
            throw new IllegalStateException(error);
        }
    }

    static String ask(String operation, Map<String, Object> fields) throws Exception {
        fields.put("app_id", "ttd0c500000000000001");
        fields.put("sign", sign(fields));
        return post("ecpay/v1/" + operation, fields);
    }

    static String sign(Map<String, Object> fields) throws Exception {
        var values = new ArrayList<>(List.of(SALT));
        fields.forEach((name, value) -> {
            String text = value.toString().trim();
            if (!UNSIGNED.contains(name) && !text.isEmpty() && !text.equals("null")) {
                values.add(text);
            }
        });
        Collections.sort(values);
        return hash("MD5", String.join("&", values));
    }

    static String post(String path, Map<String, Object> fields) throws Exception {
        String body = fields.entrySet().stream()
            .map(e -> quoted(e.getKey()) + ":"
                + (e.getValue() instanceof Integer n ? n : quoted((String) e.getValue())))
            .collect(Collectors.joining(",", "{", "}"));
        var request = HttpRequest.newBuilder(URI.create("https://developer.toutiao.com/api/apps/" + path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
        return CLIENT.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    static String hash(String algorithm, String text) throws Exception {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
    }

    static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** A text in a JSON document, by its name; enough for these answers. */
    static String text(String json, String name) {
        var found = Pattern.compile('"' + name + "\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\"").matcher(json);
        if (!found.find()) {
            throw new IllegalStateException("no " + name + " in " + json);
        }
        return found.group(1).replace("\\\"", "\"").replace("\\\\", "\\");
    }

    static void say(String name, String json) {
        System.out.println("{\"" + name + "\": " + json + "}");
    }
}
