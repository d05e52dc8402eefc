# A backend with curl and openssl, which takes no callbacks: its values are lines, sorted by their
# bytes. An argument names a habit: `echo` hashes a line end too, `joint` leaves one & at the end,
# `md5sum` takes what it prints for the sign.
set -eu
salt=${PAY_SALT:-fa4eSALTfa4eSALTfa4eSALTfa4eSALTfa4e0001}
case ${PAY_ENVIRONMENT:-production} in
  sandbox) host=open-sandbox.douyin.com ;;
  *) host=developer.toutiao.com ;;
esac
post() { curl -sS "https://$host/api/apps/$1" -H 'Content-Type: application/json' -H 'Expect: 100-continue' --data-binary "$2"; }

text=$(printf '%s\n' "$salt" ORDER-1 1990 月度会员 月度会员 900 '{"uid": 42}' | LC_ALL=C sort | tr '\n' '&')
text=${text%&}
case ${1:-} in
  echo) sign=$(echo "$text" | md5sum | cut -d' ' -f1) ;;
  joint) sign=$(printf '%s&' "$text" | md5sum | cut -d' ' -f1) ;;
  md5sum) sign=$(printf '%s' "$text" | md5sum) ;;
  *) sign=$(printf '%s' "$text" | openssl md5 -r | cut -d' ' -f1) ;;
esac

login=$(post v2/jscode2session '{"appid": "ttd0c500000000000001",
  "secret": "fa4efa4efa4efa4efa4efa4efa4efa4efa4e0001", "code": "'"$LOGIN_CODE"'"}')
printf '{"openid": "%s"}\n' "$(printf '%s' "$login" | sed 's/.*"openid":"\([^"]*\)".*/\1/')"
printf '{"made": %s}\n' "$(post ecpay/v1/create_order '{
  "app_id": "ttd0c500000000000001",
  "out_order_no": "ORDER-1",
  "total_amount": 1990,
  "subject": "月度会员",
  "body": "月度会员",
  "valid_time": 900,
  "cp_extra": "{\"uid\": 42}",
  "sign": "'"$sign"'"
}')"
