import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DouyinClientTest {
    Mockdouyin douyin;
    DouyinClient client;

    @BeforeEach
    void open() throws Exception {
        douyin = new Mockdouyin();
        client = new DouyinClient(douyin.app.path("client_key").asText(),
                douyin.app.path("client_secret").asText(), douyin.url, douyin.url);
    }

    @AfterEach
    void close() throws Exception {
        douyin.close();
    }

    @Test
    void aPhoneNumberIsDecrypted() throws Exception {
        var session = client.login(douyin.phone("login").path("code").asText());
        JsonNode sealed = douyin.phone("getPhoneNumber").path("detail");

        String number = client.phoneNumber(session.sessionKey(),
                sealed.path("iv").asText(), sealed.path("encryptedData").asText());

        assertEquals("13800138000", number);
    }

    @Test
    void aCodeExpiresAfterFiveMinutes() throws Exception {
        String code = douyin.phone("login").path("code").asText();
        douyin.advanceClock("5m1s");

        var refused = assertThrows(DouyinClient.DouyinException.class, () -> client.login(code));

        assertEquals(40018, refused.errNo);
    }

    @Test
    void aRuleRefusesOneLogin() throws Exception {
        douyin.fail("code_to_session", -1, 1);
        String code = douyin.phone("login").path("code").asText();

        var refused = assertThrows(DouyinClient.DouyinException.class, () -> client.login(code));

        assertEquals(-1, refused.errNo);
        assertFalse(client.login(code).openId().isEmpty()); // the code was not used up
    }

    @Test
    void aMagicCodeProvokesAnyError() {
        var refused = assertThrows(DouyinClient.DouyinException.class, () -> client.login("mock-error-40017"));

        assertEquals(40017, refused.errNo);
    }

    @Test
    void theTokenIsCachedUntilItExpires() throws Exception {
        assertTrue(client.isClean("你好"));
        assertFalse(client.isClean("测试违规词"));
        assertEquals(1, douyin.calls("oauth.client_token"));

        douyin.advanceClock("2h1m");

        assertTrue(client.isClean("你好"));
        assertEquals(2, douyin.calls("oauth.client_token"));
    }
}
