// A backend that uses Node's own https, with an agent that keeps connections.
const https = require('node:https');

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

const agent = new https.Agent({ keepAlive: true });

function send(url, options, body) {
  return new Promise((resolve, reject) => {
    const request = https.request(url, { agent, ...options }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (part) => { text += part; });
      answer.on('end', () => resolve(text));
    });
    request.on('error', reject);
    request.end(body);
  });
}

(async () => {
  const post = { method: 'POST', headers: { 'Content-Type': 'application/json' } };
  for (let again = 0; again < 2; again++) {
    console.log(await send(sessionUrl, post, JSON.stringify(login)));
  }
  console.log(await send(`${tokenUrl}?${new URLSearchParams(client)}`));
  agent.destroy();
})();
