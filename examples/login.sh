#!/bin/sh
# A login by curl alone, at a running server: `mockdouyin serve`, then `sh examples/login.sh`.
set -eu
URL=${MOCKDOUYIN_URL:-http://127.0.0.1:8600}
APPID=ttd0c500000000000001
SECRET=fa4efa4efa4efa4efa4efa4efa4efa4efa4e0001

# What tt.login hands to the mini-program's front end, which sends it to its backend.
code=$(curl -sf "$URL/_mock/phone/login" -d '{"person": "小红"}' | sed 's/.*"code":"\([^"]*\)".*/\1/')

# What the backend makes of it.
curl -sf "$URL/api/apps/v2/jscode2session" -H 'Content-Type: application/json' \
  -d "{\"appid\": \"$APPID\", \"secret\": \"$SECRET\", \"code\": \"$code\"}"
echo
