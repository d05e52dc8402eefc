# A backend that uses Net::HTTP.
require 'json'
require 'net/http'

login = {
  appid: 'ttd0c500000000000001',
  secret: 'fa4efa4efa4efa4efa4efa4efa4efa4efa4e0001',
  code: ENV.fetch('LOGIN_CODE')
}
client = {
  client_key: 'awd0c50000000003',
  client_secret: 'fa4efa4efa4efa4efa4efa4efa4e0003',
  grant_type: 'client_credential'
}

2.times do
  uri = URI('https://developer.toutiao.com/api/apps/v2/jscode2session')
  puts Net::HTTP.post(uri, login.to_json, 'Content-Type' => 'application/json').body
end
puts Net::HTTP.post_form(URI('https://open.douyin.com/oauth/client_token/'), client).body
