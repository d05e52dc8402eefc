// Calls the methods of the official SDK, untouched: a line of JSON in, a line of JSON out.
//
// The first line out says what the SDK has: each method with its route and its request's model.
const readline = require('node:readline');
const { Readable } = require('node:stream');
const { default: Credential } = require('@open-dy/open_api_credential');
const sdk = require('@open-dy/open_api_sdk');

const describe = (type) => {
  if (typeof type === 'string') return type;
  if (typeof type === 'function') return { model: describeModel(type) };
  if (type.type === 'array') return { array: describe(type.itemType) };
  return { map: describe(type.valueType) };
};

const describeModel = (model) => {
  const types = model.types();
  const named = Object.entries(model.names()).filter(([name]) => name !== 'header');
  return Object.fromEntries(named.map(([name, wire]) => [wire, describe(types[name])]));
};

// A model without fields is what the SDK has for a value of no certain type.
const isBlank = (model) => Object.keys(model.names()).length === 0;

// Makes an instance of a model from fields under the names that they have on the wire.
const build = (type, value) => {
  if (typeof type === 'object' && type.type === 'array') {
    return value.map((item) => build(type.itemType, item));
  }
  if (type === 'Readable') return Readable.from([Buffer.from(value, 'base64')]);
  if (typeof type !== 'function' || isBlank(type)) return value;
  const types = type.types();
  const made = new type({});
  for (const [name, wire] of Object.entries(type.names())) {
    if (wire in value) made[name] = build(types[name], value[wire]);
  }
  return made;
};

const request = (name) => sdk[`${name[0].toUpperCase()}${name.slice(1)}Request`];
const first = (source, pattern) => (source.match(pattern) || [])[1];

const methods = {};
for (const name of Object.getOwnPropertyNames(sdk.default.prototype)) {
  const source = sdk.default.prototype[name].toString();
  if (!request(name)) continue;
  methods[name] = {
    method: first(source, /request_\.method = "(\w+)"/),
    path: first(source, /request_\.pathname = [`"]([^`"]+)[`"]/),
    host: first(source, /headers\["host"\] = "([^"]+)"/),
    fields: describeModel(request(name)),
  };
}
const say = (line) => console.log(JSON.stringify(line));
say(methods);

const client = new sdk.default({ clientKey: 'unused', clientSecret: 'unused' });

async function call({ credential, name, fields }) {
  if (credential) return new Credential(credential).getAccessToken();
  const sent = build(request(name), { ...fields });
  sent.header = {};
  return (await client[name](sent)).toMap();
}

readline.createInterface({ input: process.stdin }).on('line', async (line) => {
  await call(JSON.parse(line)).then(
    (answer) => say({ answer }),
    (error) => say({ error: `${error.code || error.name}: ${error.message}` }),
  );
});
