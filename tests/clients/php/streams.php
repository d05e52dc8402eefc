<?php
// A backend that uses PHP's streams.
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

$context = stream_context_create(['http' => [
    'method' => 'POST',
    'header' => 'Content-Type: application/json',
    'content' => json_encode($login),
]]);
for ($again = 0; $again < 2; $again++) {
    $url = 'https://developer.toutiao.com/api/apps/v2/jscode2session';
    echo file_get_contents($url, false, $context), "\n";
}
$url = 'https://open.douyin.com/oauth/client_token/?' . http_build_query($client);
echo file_get_contents($url), "\n";
