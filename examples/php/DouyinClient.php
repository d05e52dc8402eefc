<?php

/** A refusal of Douyin's; its code is Douyin's number. */
class DouyinException extends RuntimeException {}

/** What a mini-program's backend asks of Douyin: a login, a phone number, a token, a text check. */
class DouyinClient
{
    private const TOKEN_IS_BAD = [28001003, 28001008];

    /** The hosts are settings, so that a test can lead the client to mockdouyin. */
    public function __construct(
        private string $appId,
        private string $secret,
        private string $loginHost = 'https://developer.toutiao.com',
        private string $openHost = 'https://open.douyin.com',
        private ?string $tokenFile = null,
    ) {
        $this->tokenFile ??= sys_get_temp_dir() . "/douyin-token-$appId.json";
    }

    /** Exchanges the code of tt.login for openid, unionid and session_key. It works once, within five minutes. */
    public function login(string $code): array
    {
        $answer = $this->post("{$this->loginHost}/api/apps/v2/jscode2session", [
            'appid' => $this->appId, 'secret' => $this->secret, 'code' => $code,
        ]);
        if ($answer['err_no'] !== 0) {
            throw new DouyinException($answer['err_tips'], $answer['err_no']);
        }
        return $answer['data'];
    }

    /** Decrypts what tt.getPhoneNumber gave the front end, with the session_key of the last login. */
    public function phoneNumber(string $sessionKey, string $iv, string $encryptedData): string
    {
        $plain = openssl_decrypt(
            base64_decode($encryptedData), 'aes-128-cbc', base64_decode($sessionKey), OPENSSL_RAW_DATA, base64_decode($iv)
        );
        $opened = $plain === false ? null : json_decode($plain, true);
        if (($opened['watermark']['appid'] ?? null) !== $this->appId) {
            throw new DouyinException('the session_key is not that of the last login, or the data is another app\'s');
        }
        return $opened['purePhoneNumber'];
    }

    /** Whether Douyin's content security finds nothing wrong with a text. */
    public function isClean(string $text): bool
    {
        $body = ['app_id' => $this->appId, 'content' => [$text]];
        $check = fn (string $token) => $this->post("{$this->openHost}/api/apps/v1/censor/text/", $body, ["access-token: $token"]);
        $token = $this->clientToken();
        $answer = $check($token);
        if (in_array($answer['err_no'], self::TOKEN_IS_BAD, true)) {
            $answer = $check($this->clientToken($token));
        }
        if ($answer['err_no'] !== 0) {
            throw new DouyinException($answer['err_msg'], $answer['err_no']);
        }
        return !$answer['data'][0]['predicts'][0]['hit'];
    }

    /** One client_token for all PHP processes: whoever fetches three within minutes kills the first. */
    public function clientToken(?string $refused = null): string
    {
        $file = fopen($this->tokenFile, 'c+');
        chmod($this->tokenFile, 0600);
        flock($file, LOCK_EX);
        try {
            $kept = json_decode(stream_get_contents($file), true);
            if ($kept && $kept['renew_at'] > time() && $kept['access_token'] !== $refused) {
                return $kept['access_token'];
            }
            $data = $this->post("{$this->openHost}/oauth/client_token/", [
                'client_key' => $this->appId, 'client_secret' => $this->secret, 'grant_type' => 'client_credential',
            ])['data'];
            if ($data['error_code'] !== 0) {
                throw new DouyinException($data['description'], $data['error_code']);
            }
            $data['renew_at'] = time() + $data['expires_in'] - 300;
            ftruncate($file, 0);
            rewind($file);
            fwrite($file, json_encode($data));
            return $data['access_token'];
        } finally {
            fclose($file); // lets go of the lock
        }
    }

    private function post(string $url, array $body, array $headers = []): array
    {
        $request = curl_init($url);
        curl_setopt_array($request, [
            CURLOPT_POSTFIELDS => json_encode($body), // not the array itself: that would be a form
            CURLOPT_HTTPHEADER => ['Content-Type: application/json', ...$headers],
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_CONNECTTIMEOUT => 3,
            CURLOPT_TIMEOUT => 10,
        ]);
        $answer = curl_exec($request);
        if ($answer === false) {
            throw new DouyinException(curl_error($request));
        }
        return json_decode($answer, true, flags: JSON_BIGINT_AS_STRING | JSON_THROW_ON_ERROR);
    }
}
