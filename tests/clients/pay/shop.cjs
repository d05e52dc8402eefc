// What a backend in Node does, whatever it signs and verifies with.
const http = require('node:http');
const { once, EventEmitter } = require('node:events');

const say = (line) => console.log(JSON.stringify(line));
const told = new EventEmitter();

// `ask` makes a signed call; `genuine` looks at a callback's fields; `more` goes on after all that.
exports.say = say;
exports.trade = (ask, genuine, more = () => {}) => {
  const server = http.createServer(async (request, answer) => {
    let text = '';
    for await (const part of request.setEncoding('utf8')) text += part;
    const fields = JSON.parse(text);
    const good = genuine(fields);
    answer.writeHead(good ? 200 : 400, { 'Content-Type': 'application/json' });
    answer.end(JSON.stringify(good ? { err_no: 0, err_tips: 'success' } : { err_no: 400 }));
    if (good) told.emit('callback', JSON.parse(fields.msg));
  });
  server.listen(0, '127.0.0.1', async () => {
    const notify = `http://127.0.0.1:${server.address().port}/notify`;
    await sell(ask, notify);
    await more(notify, () => once(told, 'callback'));
    server.close();
    server.closeAllConnections();
  });
};

async function sell(ask, notify) {
  const made = await ask('create_order', {
    out_order_no: 'ORDER-1',
    total_amount: 1990,
    subject: '月度会员',
    body: '月度会员',
    valid_time: 900,
    disable_msg: 0,
    cp_extra: '{"uid": 42}',
    notify_url: notify,
  });
  if (made.err_no !== 0) return say({ made });
  let callback = once(told, 'callback');
  say({ order: made.data, notify });
  say({ paid: (await callback)[0] });
  say({ found: await ask('query_order', { out_order_no: 'ORDER-1' }) });
  callback = once(told, 'callback');
  say({
    refund: await ask('create_refund', {
      out_order_no: 'ORDER-1',
      out_refund_no: 'REFUND-1',
      refund_amount: 190,
      reason: '少发一件',
      notify_url: notify,
    }),
  });
  say({ refunded: (await callback)[0] });
  say({ refund_found: await ask('query_refund', { out_refund_no: 'REFUND-1' }) });
  callback = once(told, 'callback');
  say({
    settle: await ask('settle', {
      out_order_no: 'ORDER-1',
      out_settle_no: 'SETTLE-1',
      settle_desc: '月度结算',
      settle_params: '[{"merchant_uid":"70000000000000000002","amount":300}]',
      notify_url: notify,
    }),
  });
  say({ settled: (await callback)[0] });
  say({ settle_found: await ask('query_settle', { out_settle_no: 'SETTLE-1' }) });
}
