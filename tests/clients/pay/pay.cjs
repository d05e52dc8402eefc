// A backend with nothing but Node: the sign and the verifier by the rule of the docs.
const crypto = require('node:crypto');
const http = require('node:http');
const { once, EventEmitter } = require('node:events');

const SALT = 'fa4eSALTfa4eSALTfa4eSALTfa4eSALTfa4e0001';
const TOKEN = 'fa4eTOKENfa4eTOKENfa4eTOKENfa4e1';
const UNSIGNED = new Set(['sign', 'app_id', 'thirdparty_id', 'other_settle_params']);
const hash = (algorithm, text) => crypto.createHash(algorithm).update(text).digest('hex');

function sign(fields) {
  const values = [SALT];
  for (const [name, value] of Object.entries(fields)) {
    const text = String(value).trim();
    if (!UNSIGNED.has(name) && text !== '' && text !== 'null') values.push(text);
  }
  return hash('md5', values.sort().join('&'));
}

async function post(path, body) {
  const answer = await fetch(`https://developer.toutiao.com/api/apps/${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  return answer.json();
}

function ask(operation, fields) {
  const every = { app_id: 'ttd0c500000000000001', ...fields };
  return post(`ecpay/v1/${operation}`, { ...every, sign: sign(every) });
}

const say = (line) => console.log(JSON.stringify(line));
const told = new EventEmitter();

const server = http.createServer(async (request, answer) => {
  let text = '';
  for await (const part of request.setEncoding('utf8')) text += part;
  const { timestamp, nonce, msg, msg_signature: given } = JSON.parse(text);
  const good = hash('sha1', [TOKEN, timestamp, nonce, msg].sort().join('')) === given;
  answer.writeHead(good ? 200 : 400, { 'Content-Type': 'application/json' });
  answer.end(JSON.stringify(good ? { err_no: 0, err_tips: 'success' } : { err_no: 400 }));
  if (good) told.emit('callback', JSON.parse(msg));
});

server.listen(0, '127.0.0.1', async () => {
  const notify = `http://127.0.0.1:${server.address().port}/notify`;
  const session = await post('v2/jscode2session', {
    appid: 'ttd0c500000000000001',
    secret: 'fa4efa4efa4efa4efa4efa4efa4efa4efa4e0001',
    code: process.env.LOGIN_CODE,
  });
  say({ openid: session.data.openid });
  const made = await ask('create_order', {
    out_order_no: 'ORDER-1',
    total_amount: 1990,
    subject: '月度会员',
    body: '月度会员',
    valid_time: 900,
    disable_msg: 0,
    cp_extra: '{"uid": 42}',
    notify_url: notify,
  });
  let callback = once(told, 'callback');
  say({ order: made.data, notify });
  say({ paid: (await callback)[0] });
  say({ found: await ask('query_order', { out_order_no: 'ORDER-1' }) });
  callback = once(told, 'callback');
  say({
    refund: await ask('create_refund', {
      out_order_no: 'ORDER-1',
      out_refund_no: 'REFUND-1',
      refund_amount: 190,
      reason: '少发一件',
      notify_url: notify,
    }),
  });
  say({ refunded: (await callback)[0] });
  server.close();
  server.closeAllConnections();
});
