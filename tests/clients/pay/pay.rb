# A backend with nothing but Ruby: one connection for all calls, bodies in chunks, an emoji in
# what is sold, and a nested field, which is signed as the platform's Go prints it.
require 'digest'
require 'json'
require 'net/http'
require 'socket'
require 'stringio'

SALT = ENV.fetch('PAY_SALT', 'fa4eSALTfa4eSALTfa4eSALTfa4eSALTfa4e0001')
TOKEN = 'fa4eTOKENfa4eTOKENfa4eTOKENfa4e1'
HOSTS = { 'production' => 'developer.toutiao.com', 'sandbox' => 'open-sandbox.douyin.com' }
UNSIGNED = %i[sign app_id thirdparty_id other_settle_params]

def as_go(value)
  case value
  when Hash then "map[#{value.sort.map { |key, each| "#{key}:#{as_go(each)}" }.join(' ')}]"
  when Array then "[#{value.map { |each| as_go(each) }.join(' ')}]"
  else value.to_s
  end
end

def sign(fields)
  values = fields.except(*UNSIGNED).values.map { |value| as_go(value).strip }
  Digest::MD5.hexdigest((values - ['', 'null'] + [SALT]).sort.join('&'))
end

def genuine?(told)
  told['msg_signature'] ==
    Digest::SHA1.hexdigest([TOKEN, told['timestamp'], told['nonce'], told['msg']].sort.join)
end

def say(line)
  puts line.to_json
  $stdout.flush
end

host = HOSTS.fetch(ENV.fetch('PAY_ENVIRONMENT', 'production'))
http = Net::HTTP.start(host, 443, use_ssl: true)
post = lambda do |path, fields|
  request = Net::HTTP::Post.new("/api/apps/#{path}/", 'Content-Type' => 'application/json;charset=UTF-8')
  request['Transfer-Encoding'] = 'chunked'
  request.body_stream = StringIO.new(fields.to_json)
  JSON.parse(http.request(request).body)
end
ask = lambda do |operation, fields|
  every = { app_id: 'ttd0c500000000000001', **fields }
  post.call("ecpay/v1/#{operation}", { **every, sign: sign(every) })
end

session = post.call('v2/jscode2session', {
  appid: 'ttd0c500000000000001',
  secret: 'fa4efa4efa4efa4efa4efa4efa4efa4efa4e0001',
  code: ENV.fetch('LOGIN_CODE')
})
say(openid: session['data']['openid'])

server = TCPServer.new('127.0.0.1', 0)
notify = "http://127.0.0.1:#{server.addr[1]}/notify"
told = Queue.new
Thread.new do
  loop do
    client = server.accept
    head = client.gets("\r\n\r\n")
    callback = JSON.parse(client.read(head[/content-length: *(\d+)/i, 1].to_i))
    good = genuine?(callback)
    answer = { err_no: good ? 0 : 400, err_tips: good ? 'success' : 'bad sign' }.to_json
    client.write("HTTP/1.1 #{good ? '200 OK' : '400 Bad Request'}\r\nConnection: close\r\n\r\n#{answer}")
    client.close
    told << JSON.parse(callback['msg']) if good
  end
end

made = ask.call('create_order', {
  out_order_no: 'ORDER-1',
  total_amount: 1990,
  subject: '月度会员🎁',
  body: '月度会员',
  valid_time: 900,
  disable_msg: 0,
  cp_extra: '{"uid": 42}',
  expand_order_info: { original_delivery_fee: 15, actual_delivery_fee: 10 },
  store_uid: nil,
  msg_page: '',
  notify_url: notify
})
if made['err_no'] != 0
  say(made: made)
  exit
end
say(order: made['data'], notify: notify)
say(paid: told.pop)
say(found: ask.call('query_order', { out_order_no: 'ORDER-1' }))
say(refund: ask.call('create_refund', {
  out_order_no: 'ORDER-1', out_refund_no: 'REFUND-1', refund_amount: 190, reason: '少发一件', notify_url: notify
}))
say(refunded: told.pop)
say(refund_found: ask.call('query_refund', { out_refund_no: 'REFUND-1' }))
say(settle: ask.call('settle', {
  out_order_no: 'ORDER-1',
  out_settle_no: 'SETTLE-1',
  settle_desc: '月度结算',
  settle_params: [{ merchant_uid: '70000000000000000002', amount: 300 }].to_json,
  notify_url: notify
}))
say(settled: told.pop)
say(settle_found: ask.call('query_settle', { out_settle_no: 'SETTLE-1' }))
