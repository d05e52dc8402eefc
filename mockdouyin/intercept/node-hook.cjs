// Leads Node's connections to Douyin's hosts to mockdouyin, whatever library makes them.
// Only where a socket connects changes: TLS still names the host, and so does the Host header.
'use strict';

const net = require('node:net');

const { hosts, port } = {} /* reach */;
const taken = new Set(hosts);
const here = '127.0.0.1';

const isTaken = (host) =>
  typeof host === 'string' && taken.has(host.toLowerCase().replace(/\.$/, ''));

function led(options) {
  if (options === null || typeof options !== 'object' || !isTaken(options.host)) return options;
  const { lookup, family, localAddress, ...others } = options;
  return { ...others, host: here, port };
}

const connect = net.Socket.prototype.connect;

net.Socket.prototype.connect = function (...given) {
  const [first, second] = given;
  if (Array.isArray(first)) first[0] = led(first[0]); // as net.connect hands its arguments on
  else if (isTaken(second)) given.splice(0, 2, port, here); // connect(port, host)
  else given[0] = led(first);
  return connect.apply(this, given);
};
