// A backend that has the official credential package fetch both kinds of token.
const { default: Credential } = require('@open-dy/open_api_credential');

(async () => {
  const web = new Credential({
    clientKey: 'awd0c50000000003',
    clientSecret: 'fa4efa4efa4efa4efa4efa4efa4e0003',
  });
  const program = new Credential({
    clientKey: 'ttd0c500000000000001',
    clientSecret: 'fa4efa4efa4efa4efa4efa4efa4efa4efa4e0001',
  });
  const wrong = new Credential({ clientKey: 'awd0c50000000003', clientSecret: 'wrong' });
  console.log(JSON.stringify({
    clientToken: await web.getClientToken(),
    appToken: await program.getAccessToken(),
    wrong: await wrong.getClientToken().catch((error) => error.message),
  }));
})();
