// Redirects Node's connections to Douyin's hosts to mockdouyin, whichever library opens them.
// Only the address of the socket changes: TLS and the Host header still name the host.
'use strict';

const net = require('node:net');

const { hosts, port } = {} /* target */;
const intercepted = new Set(hosts);
const loopback = '127.0.0.1';

const isIntercepted = (host) =>
  typeof host === 'string' && intercepted.has(host.toLowerCase().replace(/\.$/, ''));

function redirect(options) {
  if (options === null || typeof options !== 'object' || !isIntercepted(options.host)) return options;
  const { lookup, family, localAddress, ...others } = options;
  return { ...others, host: loopback, port };
}

const connect = net.Socket.prototype.connect;

net.Socket.prototype.connect = function (...given) {
  const [first, second] = given;
  if (Array.isArray(first)) first[0] = redirect(first[0]); // as net.connect passes its arguments
  else if (isIntercepted(second)) given.splice(0, 2, port, loopback); // connect(port, host)
  else given[0] = redirect(first);
  return connect.apply(this, given);
};
