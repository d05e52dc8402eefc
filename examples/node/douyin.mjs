// What this backend calls Douyin for. Nothing here knows of mockdouyin: DOUYIN_URL is any address.

export class RefusedError extends Error {}

export class Douyin {
  constructor({ url, appId, secret } = {}) {
    this.url = url ?? process.env.DOUYIN_URL ?? "https://developer.toutiao.com";
    this.appId = appId ?? process.env.DOUYIN_APP_ID ?? "ttd0c500000000000001";
    this.secret = secret ?? process.env.DOUYIN_SECRET ?? "fa4efa4efa4efa4efa4efa4efa4efa4efa4e0001";
  }

  // Exchange the code of tt.login for openid, unionid and session_key.
  async codeToSession(code) {
    const reply = await fetch(`${this.url}/api/apps/v2/jscode2session`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ appid: this.appId, secret: this.secret, code }),
      signal: AbortSignal.timeout(5000),
    });
    const answer = await reply.json();
    if (answer.err_no !== 0) throw new RefusedError(`${answer.err_no} ${answer.err_tips}`);
    return answer.data;
  }
}
