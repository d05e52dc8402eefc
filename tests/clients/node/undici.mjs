// A backend that keeps a pool of connections with undici.
import { Pool, request } from 'undici';

const login = {
  appid: 'ttd0c500000000000001',
  secret: 'fa4efa4efa4efa4efa4efa4efa4efa4efa4e0001',
  code: process.env.LOGIN_CODE,
};
const client = {
  client_key: 'awd0c50000000003',
  client_secret: 'fa4efa4efa4efa4efa4efa4efa4e0003',
  grant_type: 'client_credential',
};
const sessionUrl = 'https://developer.toutiao.com/api/apps/v2/jscode2session';
const tokenUrl = 'https://open.douyin.com/oauth/client_token/';

const toutiao = new Pool('https://developer.toutiao.com', { connections: 2 });
for (let again = 0; again < 2; again++) {
  const { body } = await toutiao.request({
    path: '/api/apps/v2/jscode2session',
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(login),
  });
  console.log(await body.text());
}
await toutiao.close();
const { body } = await request(`${tokenUrl}?${new URLSearchParams(client)}`);
console.log(await body.text());
