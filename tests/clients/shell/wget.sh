login='{"appid": "ttd0c500000000000001", "secret": "fa4efa4efa4efa4efa4efa4efa4efa4efa4e0001", "code": "'$LOGIN_CODE'"}'
for again in 1 2; do
  wget -qO- --header='Content-Type: application/json' --post-data="$login" \
    https://developer.toutiao.com/api/apps/v2/jscode2session
  echo
done
wget -qO- 'https://open.douyin.com/oauth/client_token/?client_key=awd0c50000000003&client_secret=fa4efa4efa4efa4efa4efa4efa4e0003&grant_type=client_credential'
echo
