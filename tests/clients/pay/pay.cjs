// A backend with nothing but Node: the sign and the verifier by the rule of the docs.
const crypto = require('node:crypto');
const { say, trade } = require('./shop.cjs');

const SALT = process.env.PAY_SALT ?? 'fa4eSALTfa4eSALTfa4eSALTfa4eSALTfa4e0001';
const TOKEN = 'fa4eTOKENfa4eTOKENfa4eTOKENfa4e1';
const HOSTS = { production: 'developer.toutiao.com', sandbox: 'open-sandbox.douyin.com' };
const HOST = HOSTS[process.env.PAY_ENVIRONMENT ?? 'production'];
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
  const answer = await fetch(`https://${HOST}/api/apps/${path}`, {
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

function genuine({ timestamp, nonce, msg, msg_signature: given }) {
  return hash('sha1', [TOKEN, timestamp, nonce, msg].sort().join('')) === given;
}

async function main() {
  const session = await post('v2/jscode2session', {
    appid: 'ttd0c500000000000001',
    secret: 'fa4efa4efa4efa4efa4efa4efa4efa4efa4e0001',
    code: process.env.LOGIN_CODE,
  });
  say({ openid: session.data.openid });
  trade(ask, genuine);
}

if (require.main === module) main();
module.exports = { ask, genuine };
