<?php
// A backend in plain PHP: the sign and the verifier by the rule of the docs.
// With `array_filter` it leaves a 0 out of the sign; with `unset` out of the request as well; with
// `form` it hands curl the array, which is sent as a form; with `sort` it sorts as PHP does unless
// told otherwise.
const SALT = 'fa4eSALTfa4eSALTfa4eSALTfa4eSALTfa4e0001';
const TOKEN = 'fa4eTOKENfa4eTOKENfa4eTOKENfa4e1';
$odd = $argv[1] ?? '';

function sign(array $fields, string $odd): string
{
    $values = [SALT];
    foreach ($odd === 'array_filter' ? array_filter($fields) : $fields as $name => $value) {
        $value = trim((string) $value);
        if (!in_array($name, ['sign', 'app_id', 'thirdparty_id', 'other_settle_params'], true)
            && $value !== '' && $value !== 'null') {
            $values[] = $value;
        }
    }
    sort($values, $odd === 'sort' ? SORT_REGULAR : SORT_STRING);
    return md5(implode('&', $values));
}

function post(string $path, array $fields, bool $isForm = false): array
{
    $handle = curl_init("https://developer.toutiao.com/api/apps/$path");
    curl_setopt_array($handle, [
        CURLOPT_POSTFIELDS => $isForm ? $fields : json_encode($fields),
        CURLOPT_HTTPHEADER => $isForm ? [] : ['Content-Type: application/json'],
        CURLOPT_RETURNTRANSFER => true,
    ]);
    $answer = curl_exec($handle);
    if ($answer === false) {
        throw new RuntimeException(curl_error($handle));
    }
    return json_decode($answer, true);
}

function ask(string $operation, array $fields, string $odd = ''): array
{
    $fields = ['app_id' => 'ttd0c500000000000001'] + $fields;
    if ($odd === 'unset') {
        $fields = array_filter($fields);
    }
    $fields['sign'] = sign($fields, $odd);
    return post("ecpay/v1/$operation", $fields, $odd === 'form');
}

function say(string $name, array $value, array $more = []): void
{
    echo json_encode([$name => $value] + $more, JSON_UNESCAPED_UNICODE), "\n";
}

// Take one request; answer it; return what a callback that is signed tells, else null.
function take($server): ?array
{
    $connection = stream_socket_accept($server, 60);
    $length = 0;
    while (($line = trim(fgets($connection))) !== '') {
        if (stripos($line, 'content-length:') === 0) {
            $length = (int) substr($line, 15);
        }
    }
    $told = json_decode(stream_get_contents($connection, $length), true);
    $parts = [TOKEN, $told['timestamp'], $told['nonce'], $told['msg']];
    sort($parts, SORT_STRING);
    $good = hash_equals(sha1(implode('', $parts)), $told['msg_signature']);
    $body = json_encode($good ? ['err_no' => 0, 'err_tips' => 'success'] : ['err_no' => 400]);
    $status = $good ? '200 OK' : '400 Bad Request';
    fwrite($connection, "HTTP/1.1 $status\r\nContent-Length: " . strlen($body)
        . "\r\nConnection: close\r\n\r\n$body");
    fclose($connection);
    return $good ? json_decode($told['msg'], true) : null;
}

$server = stream_socket_server('tcp://127.0.0.1:0');
$notify = 'http://' . stream_socket_get_name($server, false) . '/notify';
$session = post('v2/jscode2session', [
    'appid' => 'ttd0c500000000000001',
    'secret' => 'fa4efa4efa4efa4efa4efa4efa4efa4efa4e0001',
    'code' => getenv('LOGIN_CODE'),
]);
echo json_encode(['openid' => $session['data']['openid']]), "\n";
$made = ask('create_order', [
    'out_order_no' => 'ORDER-1',
    'total_amount' => 1990,
    'subject' => '月度会员',
    'body' => '月度会员',
    'valid_time' => 900,
    'disable_msg' => 0,
    'cp_extra' => '{"uid": 42}',
    'notify_url' => $notify,
], $odd);
if ($made['err_no'] !== 0 || $odd) {
    say('made', $made);
    exit;
}
say('order', $made['data'], ['notify' => $notify]);
do {
    $paid = take($server);
} while ($paid === null);
say('paid', $paid);
say('found', ask('query_order', ['out_order_no' => 'ORDER-1']));
say('refund', ask('create_refund', [
    'out_order_no' => 'ORDER-1',
    'out_refund_no' => 'REFUND-1',
    'refund_amount' => 190,
    'reason' => '少发一件',
    'notify_url' => $notify,
]));
say('refunded', take($server));
say('refund_found', ask('query_refund', ['out_refund_no' => 'REFUND-1']));
say('settle', ask('settle', [
    'out_order_no' => 'ORDER-1',
    'out_settle_no' => 'SETTLE-1',
    'settle_desc' => '月度结算',
    'settle_params' => '[{"merchant_uid":"70000000000000000002","amount":300}]',
    'notify_url' => $notify,
]));
say('settled', take($server));
say('settle_found', ask('query_settle', ['out_settle_no' => 'SETTLE-1']));
