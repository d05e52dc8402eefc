// A backend that uses node-fetch.
import fetch from 'node-fetch';

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

const headers = { 'Content-Type': 'application/json' };
for (let again = 0; again < 2; again++) {
  const answer = await fetch(sessionUrl, { method: 'POST', headers, body: JSON.stringify(login) });
  console.log(await answer.text());
}
const answer = await fetch(tokenUrl, { method: 'POST', body: new URLSearchParams(client) });
console.log(await answer.text());
