<?php
// A backend that uses PHP's curl.
$login = [
    'appid' => 'ttd0c500000000000001',
    'secret' => 'fa4efa4efa4efa4efa4efa4efa4efa4efa4e0001',
    'code' => getenv('LOGIN_CODE'),
];
$client = [
    'client_key' => 'awd0c50000000003',
    'client_secret' => 'fa4efa4efa4efa4efa4efa4efa4e0003',
    'grant_type' => 'client_credential',
];

function post(string $url, string $body, string $type): string
{
    $handle = curl_init($url);
    curl_setopt_array($handle, [
        CURLOPT_POSTFIELDS => $body,
        CURLOPT_HTTPHEADER => ["Content-Type: $type"],
        CURLOPT_RETURNTRANSFER => true,
    ]);
    $answer = curl_exec($handle);
    if ($answer === false) {
        throw new RuntimeException(curl_error($handle));
    }
    return $answer;
}

for ($again = 0; $again < 2; $again++) {
    $url = 'https://developer.toutiao.com/api/apps/v2/jscode2session';
    echo post($url, json_encode($login), 'application/json'), "\n";
}
$url = 'https://open.douyin.com/oauth/client_token/';
echo post($url, http_build_query($client), 'application/x-www-form-urlencoded'), "\n";
