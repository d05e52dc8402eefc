// A web app's backend: from the code of a consent to the user's profile, and a refresh.
//
//     mockdouyin run -- node examples/open_platform.mjs
//
// The addresses are Douyin's own. The person's consent is given over mockdouyin's control API.

const APP = { client_key: "awd0c50000000003", client_secret: "fa4efa4efa4efa4efa4efa4efa4e0003" };
const DOUYIN = "https://open.douyin.com";

async function consent(scope) {
  const { MOCKDOUYIN_URL = "http://127.0.0.1:8600", MOCKDOUYIN_CONTROL_TOKEN: token } = process.env;
  const reply = await fetch(`${MOCKDOUYIN_URL}/_mock/oauth/authorize`, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...(token && { Authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ client_key: APP.client_key, scope }),
  });
  return (await reply.json()).code;
}

async function post(path, form) {
  const reply = await fetch(DOUYIN + path, { method: "POST", body: new URLSearchParams(form) });
  const { data } = await reply.json();
  if (data.error_code !== 0) throw new Error(`${path}: ${data.error_code} ${data.description}`);
  return data;
}

const code = await consent("user_info");
const granted = await post("/oauth/access_token/", { ...APP, code, grant_type: "authorization_code" });
const { access_token, open_id, refresh_token } = granted;
const info = await post("/oauth/userinfo/", { access_token, open_id });
console.log("nickname", info.nickname);

const again = await post("/oauth/refresh_token/", {
  client_key: APP.client_key,
  grant_type: "refresh_token",
  refresh_token,
});
console.log("the same token while it lives:", again.access_token === access_token);
