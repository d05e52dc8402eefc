// A backend on the package `douyin-api` of npm, untouched: its signs and its verifier. It has
// methods for create_order and, by GET, for query_order; all others go by its general call.
// With `get` it asks by that method.
const { DouyinApp, DouyinPayV1 } = require('douyin-api');
const { say, trade } = require('./shop.cjs');

const appid = 'ttd0c500000000000001';
const app = new DouyinApp({ appid, secret: 'fa4efa4efa4efa4efa4efa4efa4efa4efa4e0001' });
const pay = new DouyinPayV1({
  appid,
  salt: process.env.PAY_SALT ?? 'fa4eSALTfa4eSALTfa4eSALTfa4eSALTfa4e0001',
  token: 'fa4eTOKENfa4eTOKENfa4eTOKENfa4e1',
  env: process.env.PAY_ENVIRONMENT ?? 'online',
});

function ask(operation, fields) {
  const every = { app_id: appid, ...fields };
  const data = { ...every, sign: pay.requestSign(every) };
  if (operation === 'create_order') return pay.prepay(data);
  return pay.request({ method: 'post', url: `/api/apps/ecpay/v1/${operation}`, data });
}

async function queryByGet() {
  const query = { app_id: appid, out_order_no: 'ORDER-1' };
  const signed = { ...query, sign: pay.requestSign(query) };
  const { response } = await pay.payInfoByOutOrderNo(signed).catch((error) => error);
  say({ by_get: [response.status, response.data] });
}

async function sell() {
  const session = await app.code2Session(process.env.LOGIN_CODE);
  say({ openid: session.data.openid });
  trade(ask, (fields) => pay.callbackSign(fields));
}

process.argv[2] === 'get' ? queryByGet() : sell();
