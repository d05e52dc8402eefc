// A backend on the official SDK, which has no signs and no orders: with it go the login and the
// merchant's money once it is settled.
const sdk = require('@open-dy/open_api_sdk');
const { ask, genuine } = require('./pay.cjs');
const { say, trade } = require('./shop.cjs');

const app = {
  appid: 'ttd0c500000000000001',
  secret: 'fa4efa4efa4efa4efa4efa4efa4efa4efa4e0001',
};
const key = { clientKey: app.appid, clientSecret: app.secret };
const client = new sdk.default(key);
const merchant = { merchantUid: '70000000000000000001', channelType: 'alipay', appId: app.appid };

async function withdraw(notify, callback) {
  const token = await client.oauthClientToken(
    new sdk.OauthClientTokenRequest({ ...key, grantType: 'client_credential' }),
  );
  const account = { ...merchant, accessToken: token.data.accessToken };
  const balance = async () => {
    const request = new sdk.SaasQueryMerchantBalanceRequest(account);
    return (await client.saasQueryMerchantBalance(request)).data.accountInfo;
  };
  say({ balance: await balance() });
  const came = callback();
  const withdrawal = await client.saasMerchantWithdraw(
    new sdk.SaasMerchantWithdrawRequest({
      ...account, outOrderId: 'OUT-1', withdrawAmount: '1000', callback: notify,
    }),
  );
  say({ withdrawal: withdrawal.data });
  say({ withdrawn: (await came)[0] });
  const found = await client.saasQueryWithdrawOrder(
    new sdk.SaasQueryWithdrawOrderRequest({ ...account, outOrderId: 'OUT-1' }),
  );
  say({ withdrawal_found: found.data, left: await balance() });
}

async function main() {
  const session = await client.v2Jscode2session(
    new sdk.V2Jscode2sessionRequest({ ...app, code: process.env.LOGIN_CODE }),
  );
  say({ openid: session.data.openid });
  trade(ask, genuine, withdraw);
}

main();
