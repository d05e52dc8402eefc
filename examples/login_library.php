<?php
// A login service with its own error numbers, as PHP applications wrap Douyin's: 53030 is a login that failed.
//
//     mockdouyin run -- php examples/login_library.php
//     mockdouyin run --scenario 53030 -- php examples/login_library.php

const MINI_PROGRAM = 'https://developer.toutiao.com/api/apps/v2/jscode2session';

class LoginException extends Exception {}

function post(string $url, array $body, array $headers = []): array
{
    $request = curl_init($url);
    curl_setopt_array($request, [
        CURLOPT_POSTFIELDS => json_encode($body ?: new stdClass()),
        CURLOPT_HTTPHEADER => ['Content-Type: application/json', ...$headers],
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_TIMEOUT => 10,
    ]);
    $answer = curl_exec($request);
    if ($answer === false) {
        throw new LoginException(curl_error($request), 53030);
    }
    return json_decode($answer, true);
}

function openIdByCode(string $appid, string $secret, string $code): array
{
    $response = post(MINI_PROGRAM, ['appid' => $appid, 'secret' => $secret, 'code' => $code]);
    if ($response['err_no'] !== 0) {
        throw new LoginException("{$response['err_no']} {$response['err_tips']}", 53030);
    }
    return $response['data'];
}

$url = getenv('MOCKDOUYIN_URL') ?: 'http://127.0.0.1:8600';
$token = getenv('MOCKDOUYIN_CONTROL_TOKEN');
$phone = post("$url/_mock/phone/login", [], $token ? ["Authorization: Bearer $token"] : []);

try {
    $session = openIdByCode('ttd0c500000000000001', 'fa4efa4efa4efa4efa4efa4efa4efa4efa4e0001', $phone['code']);
    echo "openid {$session['openid']}\n";
} catch (LoginException $e) {
    echo "login failed, {$e->getCode()}: {$e->getMessage()}\n";
}
