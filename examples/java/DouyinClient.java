import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** What a mini-program's backend asks of Douyin: a login, a phone number, a token, a text check. */
public class DouyinClient {
    /** A refusal of Douyin's, with its number. */
    public static class DouyinException extends RuntimeException {
        public final int errNo;

        DouyinException(int errNo, String text) {
            super(errNo + " " + text);
            this.errNo = errNo;
        }
    }

    public record Session(String openId, String unionId, String sessionKey) {}

    private record Token(String value, Instant renewAt) {}

    private static final Set<Integer> TOKEN_IS_BAD = Set.of(28001003, 28001008);

    private final HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(3)).build();
    private final ObjectMapper json = new ObjectMapper();
    private final String appId;
    private final String secret;
    private final String loginHost;
    private final String openHost;
    private Token token;

    public DouyinClient(String appId, String secret) {
        this(appId, secret, "https://developer.toutiao.com", "https://open.douyin.com");
    }

    /** The hosts are settings, so that a test can lead the client to mockdouyin. */
    public DouyinClient(String appId, String secret, String loginHost, String openHost) {
        this.appId = appId;
        this.secret = secret;
        this.loginHost = loginHost;
        this.openHost = openHost;
    }

    /** Exchanges the code of tt.login. It works once, within five minutes. */
    public Session login(String code) throws IOException, InterruptedException {
        JsonNode answer = post(loginHost + "/api/apps/v2/jscode2session",
                Map.of("appid", appId, "secret", secret, "code", code));
        if (answer.path("err_no").asInt() != 0) {
            throw new DouyinException(answer.path("err_no").asInt(), answer.path("err_tips").asText());
        }
        JsonNode data = answer.path("data");
        return new Session(data.path("openid").asText(), data.path("unionid").asText(),
                data.path("session_key").asText());
    }

    /** Decrypts what tt.getPhoneNumber gave the front end, with the session_key of the last login. */
    public String phoneNumber(String sessionKey, String iv, String encryptedData)
            throws GeneralSecurityException, IOException {
        Base64.Decoder base64 = Base64.getDecoder();
        Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
        cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(base64.decode(sessionKey), "AES"),
                new IvParameterSpec(base64.decode(iv)));
        JsonNode opened = json.readTree(cipher.doFinal(base64.decode(encryptedData)));
        if (!opened.path("watermark").path("appid").asText().equals(appId)) {
            throw new GeneralSecurityException("the data is another app's");
        }
        return opened.path("purePhoneNumber").asText();
    }

    /** One client_token for the whole process: whoever fetches three within minutes kills the first. */
    public synchronized String clientToken() throws IOException, InterruptedException {
        if (token == null || Instant.now().isAfter(token.renewAt())) {
            JsonNode data = post(openHost + "/oauth/client_token/", Map.of("client_key", appId,
                    "client_secret", secret, "grant_type", "client_credential")).path("data");
            if (data.path("error_code").asInt() != 0) {
                throw new DouyinException(data.path("error_code").asInt(), data.path("description").asText());
            }
            long seconds = data.path("expires_in").asLong();
            token = new Token(data.path("access_token").asText(), Instant.now().plusSeconds(seconds - 300));
        }
        return token.value();
    }

    /** Whether Douyin's content security finds nothing wrong with a text. */
    public boolean isClean(String text) throws IOException, InterruptedException {
        String used = clientToken();
        JsonNode answer = checkText(text, used);
        if (TOKEN_IS_BAD.contains(answer.path("err_no").asInt())) {
            forget(used);
            answer = checkText(text, clientToken());
        }
        if (answer.path("err_no").asInt() != 0) {
            throw new DouyinException(answer.path("err_no").asInt(), answer.path("err_msg").asText());
        }
        return !answer.at("/data/0/predicts/0/hit").asBoolean();
    }

    private JsonNode checkText(String text, String accessToken) throws IOException, InterruptedException {
        return post(openHost + "/api/apps/v1/censor/text/",
                Map.of("app_id", appId, "content", List.of(text)), "access-token", accessToken);
    }

    private synchronized void forget(String used) {
        if (token != null && token.value().equals(used)) { // another thread may have a new one by now
            token = null;
        }
    }

    private JsonNode post(String url, Object body, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(10))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json.writeValueAsString(body)));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return json.readTree(http.send(request.build(), BodyHandlers.ofString()).body());
    }
}
