<?php
// Receives the webhooks of an app at /hook, and the callbacks of its payments at /notify:
//
//     php -S 127.0.0.1:9000 receiver.php
//     mockdouyin check-webhook http://127.0.0.1:9000/hook --secret SECRET
//     mockdouyin check-webhook http://127.0.0.1:9000/notify --kind ecpay --token TOKEN --order CART-1 --amount 1990

const SECRET = 'fa4efa4efa4efa4efa4efa4efa4e0003'; // a web app's is its client_secret
const TOKEN = 'fa4eTOKENfa4eTOKENfa4eTOKENfa4e1'; // of the payment settings; not the SALT
const ORDERS = ['CART-1' => 1990];

/** Says whether this is the first time. In production: an INSERT under a unique key. */
function isFirst(string $what): bool
{
    $folder = getenv('RECEIVER_DATA') ?: sys_get_temp_dir();
    return (bool) @fopen("$folder/" . sha1($what), 'x');
}

function answer(int $status, array $content): void
{
    http_response_code($status);
    header('Content-Type: application/json');
    echo json_encode($content);
}

function webhook(string $body): void
{
    $signature = $_SERVER['HTTP_X_DOUYIN_SIGNATURE'] ?? '';
    if (!hash_equals(sha1(SECRET . $body), $signature)) { // the bytes as they came
        answer(401, ['error' => 'the signature is wrong']);
        return;
    }
    $event = json_decode($body, true);
    if ($event['event'] === 'verify_webhook') {
        answer(200, ['challenge' => $event['content']['challenge']]);
        return;
    }
    if (isFirst('event ' . ($_SERVER['HTTP_MSG_ID'] ?? ''))) { // a retry has the same Msg-Id
        error_log("event {$event['event']}");
    }
    answer(200, ['ok' => true]);
}

function callback(string $body): void
{
    $sent = json_decode($body, true) ?? [];
    $values = [TOKEN, (string) ($sent['timestamp'] ?? ''), (string) ($sent['nonce'] ?? ''), (string) ($sent['msg'] ?? '')];
    sort($values, SORT_STRING); // without the flag PHP compares numeric strings as numbers
    $isRight = hash_equals(sha1(implode($values)), $sent['msg_signature'] ?? '');
    if ($isRight && ($sent['type'] !== 'payment' || pay(json_decode($sent['msg'], true)))) {
        answer(200, ['err_no' => 0, 'err_tips' => 'success']);
    } else {
        answer(400, ['err_no' => 400, 'err_tips' => 'refused']);
    }
}

/** Marks an order as paid once; says whether the callback fits the order. */
function pay(array $paid): bool
{
    if ((ORDERS[$paid['cp_orderno']] ?? null) !== $paid['total_amount'] || $paid['status'] !== 'SUCCESS') {
        return false;
    }
    if (isFirst("paid {$paid['cp_orderno']}")) {
        error_log("paid {$paid['cp_orderno']}"); // ship it here
    }
    return true;
}

$body = file_get_contents('php://input');
match ($_SERVER['REQUEST_METHOD'] . ' ' . parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH)) {
    'POST /hook' => webhook($body),
    'POST /notify' => callback($body),
    default => answer(404, ['error' => 'no such path']),
};
