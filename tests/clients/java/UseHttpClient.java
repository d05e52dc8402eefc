import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;

/**
 * A backend that uses java.net.http; with the argument `direct`, one that ignores proxies; with
 * `base`, one that takes its base URL from the environment. To plain http it sends `Upgrade: h2c`.
 */
public class UseHttpClient {
    static final String LOGIN = """
        {"appid": "ttd0c500000000000001", "secret": "fa4efa4efa4efa4efa4efa4efa4efa4efa4e0001", "code": "%s"}""";
    static final String CLIENT =
        "client_key=awd0c50000000003&client_secret=fa4efa4efa4efa4efa4efa4efa4e0003&grant_type=client_credential";

    public static void main(String[] args) throws Exception {
        var builder = HttpClient.newBuilder();
        boolean base = args.length > 0 && args[0].equals("base");
        String url = base ? System.getenv("MOCKDOUYIN_URL") : "";
        if (args.length > 0) {
            builder.proxy(HttpClient.Builder.NO_PROXY);
        }
        var http = builder.build();
        for (int again = 0; again < 2; again++) {
            post(http, (base ? url : "https://developer.toutiao.com") + "/api/apps/v2/jscode2session",
                "application/json", LOGIN.formatted(System.getenv("LOGIN_CODE")));
        }
        post(http, (base ? url : "https://open.douyin.com") + "/oauth/client_token/",
            "application/x-www-form-urlencoded", CLIENT);
    }

    static void post(HttpClient http, String url, String type, String body) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", type).POST(BodyPublishers.ofString(body)).build();
        System.out.println(http.send(request, BodyHandlers.ofString()).body());
    }
}
