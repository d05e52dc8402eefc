// A backend that uses axios; the argument names the package.
import { createRequire } from 'node:module';

const axios = createRequire(import.meta.url)(process.argv[2]);
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

for (let again = 0; again < 2; again++) {
  console.log(JSON.stringify((await axios.post(sessionUrl, login)).data));
}
console.log(JSON.stringify((await axios.post(tokenUrl, new URLSearchParams(client))).data));
