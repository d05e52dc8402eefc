# What is given as arguments goes to curl: `--noproxy '*'`, say.
login='{"appid": "ttd0c500000000000001", "secret": "fa4efa4efa4efa4efa4efa4efa4efa4efa4e0001", "code": "'$LOGIN_CODE'"}'
for again in 1 2; do
  curl -sS "$@" https://developer.toutiao.com/api/apps/v2/jscode2session \
    -H 'Content-Type: application/json' -d "$login"
  echo
done
curl -sS "$@" https://open.douyin.com/oauth/client_token/ \
  -d client_key=awd0c50000000003 -d client_secret=fa4efa4efa4efa4efa4efa4efa4e0003 \
  -d grant_type=client_credential
echo
