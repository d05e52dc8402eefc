import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.web.client.RestTemplate;

/**
 * The same login with Spring's RestTemplate; Jackson is on the class path.
 *
 * <pre>mockdouyin run -- sh -c 'java -cp … RestTemplateLogin APPID SECRET "$(mockdouyin code --plain)"'</pre>
 */
public class RestTemplateLogin {
    private final RestTemplate http;
    private final String host;

    public RestTemplateLogin(String host) {
        SimpleClientHttpRequestFactory factory = new SimpleClientHttpRequestFactory();
        factory.setConnectTimeout(3_000);
        factory.setReadTimeout(10_000);
        this.http = new RestTemplate(factory);
        this.host = host;
    }

    public JsonNode login(String appId, String secret, String code) {
        Map<String, String> body = Map.of("appid", appId, "secret", secret, "code", code);
        JsonNode answer = http.postForObject(host + "/api/apps/v2/jscode2session", body, JsonNode.class);
        if (answer.path("err_no").asInt() != 0) { // a refusal comes with HTTP 200
            throw new IllegalStateException(answer.path("err_no") + " " + answer.path("err_tips").asText());
        }
        return answer.path("data");
    }

    public static void main(String[] args) {
        String host = System.getenv().getOrDefault("DOUYIN_URL", "https://developer.toutiao.com");
        JsonNode session = new RestTemplateLogin(host).login(args[0], args[1], args[2]);
        System.out.println("openid " + session.path("openid").asText());
    }
}
