# By base URL. To plain http, --http2 sends `Upgrade: h2c` with each first request of a connection.
login='{"appid": "ttd0c500000000000001", "secret": "fa4efa4efa4efa4efa4efa4efa4efa4efa4e0001", "code": "'$LOGIN_CODE'"}'
curl -sS --http2 --noproxy '*' -w '\n' -H 'Content-Type: application/json' -d "$login" \
  "$MOCKDOUYIN_URL/api/apps/v2/jscode2session" "$MOCKDOUYIN_URL/api/apps/v2/jscode2session"
curl -sS --http2 --noproxy '*' "$MOCKDOUYIN_URL/oauth/client_token/" \
  -d client_key=awd0c50000000003 -d client_secret=fa4efa4efa4efa4efa4efa4efa4e0003 \
  -d grant_type=client_credential
echo
