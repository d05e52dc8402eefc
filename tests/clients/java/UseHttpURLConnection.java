import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URL;
import java.nio.charset.StandardCharsets;

/** A backend that uses HttpURLConnection; with an argument, one that ignores proxies. */
public class UseHttpURLConnection {
    static final String LOGIN = """
        {"appid": "ttd0c500000000000001", "secret": "fa4efa4efa4efa4efa4efa4efa4efa4efa4e0001", "code": "%s"}""";
    static final String CLIENT =
        "client_key=awd0c50000000003&client_secret=fa4efa4efa4efa4efa4efa4efa4e0003&grant_type=client_credential";

    public static void main(String[] args) throws Exception {
        boolean direct = args.length > 0;
        for (int again = 0; again < 2; again++) {
            post(direct, "https://developer.toutiao.com/api/apps/v2/jscode2session",
                "application/json", LOGIN.formatted(System.getenv("LOGIN_CODE")));
        }
        post(direct, "https://open.douyin.com/oauth/client_token/",
            "application/x-www-form-urlencoded", CLIENT);
    }

    static void post(boolean direct, String address, String type, String body) throws Exception {
        var url = new URL(address);
        var connection = (HttpURLConnection)
            (direct ? url.openConnection(Proxy.NO_PROXY) : url.openConnection());
        connection.setDoOutput(true);
        connection.setRequestProperty("Content-Type", type);
        connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
        try (var answer = connection.getInputStream()) {
            System.out.println(new String(answer.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
