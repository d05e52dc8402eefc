<?php

use PHPUnit\Framework\TestCase;

require_once __DIR__ . '/DouyinClient.php';
require_once __DIR__ . '/Mockdouyin.php';

class DouyinClientTest extends TestCase
{
    private Mockdouyin $douyin;
    private DouyinClient $client;
    private string $tokenFile;

    protected function setUp(): void
    {
        $this->douyin = new Mockdouyin();
        $this->tokenFile = tempnam(sys_get_temp_dir(), 'token');
        ['client_key' => $key, 'client_secret' => $secret] = $this->douyin->app;
        $this->client = new DouyinClient($key, $secret, $this->douyin->url, $this->douyin->url, $this->tokenFile);
    }

    protected function tearDown(): void
    {
        unlink($this->tokenFile);
        $this->assertSame([], $this->douyin->close());
    }

    public function testAPhoneNumberIsDecrypted(): void
    {
        $session = $this->client->login($this->douyin->phone('login')['code']);
        $sealed = $this->douyin->phone('getPhoneNumber')['detail'];

        $number = $this->client->phoneNumber($session['session_key'], $sealed['iv'], $sealed['encryptedData']);

        $this->assertSame('13800138000', $number);
    }

    public function testACodeExpiresAfterFiveMinutes(): void
    {
        $code = $this->douyin->phone('login')['code'];
        $this->douyin->advanceClock('5m1s');

        $this->expectException(DouyinException::class);
        $this->expectExceptionCode(40018);
        $this->client->login($code);
    }

    public function testARuleRefusesOneLogin(): void
    {
        $this->douyin->fail('code_to_session', -1);
        $code = $this->douyin->phone('login')['code'];

        try {
            $this->client->login($code);
            $this->fail('the first login is refused');
        } catch (DouyinException $refused) {
            $this->assertSame(-1, $refused->getCode());
        }
        $this->assertNotEmpty($this->client->login($code)['openid']); // the code was not used up
    }

    public function testAMagicCodeProvokesAnyError(): void
    {
        $this->expectExceptionCode(40017);
        $this->client->login('mock-error-40017');
    }

    public function testTheTokenIsCachedUntilItExpires(): void
    {
        $this->assertTrue($this->client->isClean('你好'));
        $this->assertFalse($this->client->isClean('测试违规词'));
        $this->assertSame(1, $this->douyin->calls('oauth.client_token'));

        $this->douyin->advanceClock('2h1m');

        $this->assertTrue($this->client->isClean('你好'));
        $this->assertSame(2, $this->douyin->calls('oauth.client_token'));
    }
}
