import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Logs a user in and decrypts their profile, with nothing but the JDK:
 *
 * <pre>mockdouyin run -- java examples/MiniProgram.java</pre>
 *
 * The login goes to Douyin's own address; the phone is played over mockdouyin's control API.
 */
public class MiniProgram {
    static final HttpClient HTTP = HttpClient.newHttpClient();
    static final Map<String, String> ENV = System.getenv();

    public static void main(String[] args) throws Exception {
        String code = field(phone("login"), "code");
        String body = "{\"appid\": \"ttd0c500000000000001\", \"code\": \"" + code + "\","
                + " \"secret\": \"fa4efa4efa4efa4efa4efa4efa4efa4efa4e0001\"}";
        String session = post("https://developer.toutiao.com/api/apps/v2/jscode2session", body);
        System.out.println("openid " + field(session, "openid"));

        String profile = phone("getUserProfile");
        Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
        cipher.init(Cipher.DECRYPT_MODE,
                new SecretKeySpec(base64(field(session, "session_key")), "AES"),
                new IvParameterSpec(base64(field(profile, "iv"))));
        byte[] plain = cipher.doFinal(base64(field(profile, "encryptedData")));
        System.out.println("nickname " + field(new String(plain, "UTF-8"), "nickName"));
    }

    static String phone(String api) throws Exception {
        String url = ENV.getOrDefault("MOCKDOUYIN_URL", "http://127.0.0.1:8600");
        return post(url + "/_mock/phone/" + api, "{}");
    }

    static String post(String url, String json) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json));
        if (url.contains("/_mock/") && ENV.containsKey("MOCKDOUYIN_CONTROL_TOKEN")) {
            request.header("Authorization", "Bearer " + ENV.get("MOCKDOUYIN_CONTROL_TOKEN"));
        }
        return HTTP.send(request.build(), BodyHandlers.ofString()).body();
    }

    /** Finds a text field; a real backend has a JSON library for this. */
    static String field(String json, String name) {
        var found = Pattern.compile("\"" + name + "\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\"").matcher(json);
        if (!found.find()) {
            throw new IllegalStateException("no " + name + " in " + json);
        }
        return found.group(1).replace("\\/", "/").replace("\\u003d", "=");
    }

    static byte[] base64(String text) {
        return Base64.getDecoder().decode(text);
    }
}
