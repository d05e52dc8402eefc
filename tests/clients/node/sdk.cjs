// A backend that uses the official SDK, which fetches its client tokens itself.
const sdk = require('@open-dy/open_api_sdk');
const { default: Client } = sdk;

const program = {
  appid: 'ttd0c500000000000001',
  secret: 'fa4efa4efa4efa4efa4efa4efa4efa4efa4e0001',
};
const game = {
  appid: 'ttd0c500000000000002',
  secret: 'fa4efa4efa4efa4efa4efa4efa4efa4efa4e0002',
};
const web = {
  clientKey: 'awd0c50000000003',
  clientSecret: 'fa4efa4efa4efa4efa4efa4efa4e0003',
};
const { LOGIN_CODE, GAME_CODE, AUTH_CODE } = process.env;

async function flows(client) {
  const session = await client.v2Jscode2session(
    new sdk.V2Jscode2sessionRequest({ ...program, code: LOGIN_CODE }),
  );
  const again = await client
    .v2Jscode2session(new sdk.V2Jscode2sessionRequest({ ...program, code: LOGIN_CODE }))
    .catch((error) => ({ code: error.code, message: error.message }));
  const appToken = await client.v2Token(
    new sdk.V2TokenRequest({ ...program, grantType: 'client_credential' }),
  );
  const clientToken = await client.oauthClientToken(
    new sdk.OauthClientTokenRequest({ ...web, grantType: 'client_credential' }),
  );
  const granted = await client.oauthAccessToken(
    new sdk.OauthAccessTokenRequest({ ...web, code: AUTH_CODE, grantType: 'authorization_code' }),
  );
  const user = await client.oauthUserinfo(
    new sdk.OauthUserinfoRequest({
      accessToken: granted.data.accessToken,
      openId: granted.data.openId,
    }),
  );
  const { accessToken } = clientToken.data;
  const ticket = await client.jsGetticket(new sdk.JsGetticketRequest({ accessToken }));
  const share = await client.shareid(new sdk.ShareidRequest({ accessToken, needCallback: true }));
  const player = await client.appsJscode2session(
    new sdk.AppsJscode2sessionRequest({ ...game, code: GAME_CODE }),
  );
  const gameToken = await client.appsV2Token(
    new sdk.AppsV2TokenRequest({ ...game, grantType: 'client_credential' }),
  );
  const notified = await client.v1Notify(
    new sdk.V1NotifyRequest({
      accessToken: gameToken.data.accessToken,
      appId: game.appid,
      tplId: 'MSG1000000000000000002',
      openId: player.openid,
      data: { 快递派送: '您的快递已送达' },
    }),
  );
  return {
    session, again, appToken, clientToken, granted, user, ticket, share, player, notified,
  };
}

flows(new Client(web)).then((came) => console.log(JSON.stringify(came)));
