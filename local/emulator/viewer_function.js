// Runs CloudFront Functions: the script of the Node workers that key_value_store.py calls, one call at a time each.
//
// A request is one line of JSON: {code, event, stores: [[arn, etag], ...], contents?: {arn: {...}}}. So is the
// answer: {status: "ok", value}, {status: "error", message}, or {status: "missing"}, when the contents of one of
// the stores are not those that this worker holds; nothing of the function has run then.
"use strict";

const crypto = require("crypto");
const querystring = require("querystring");
const buffer = require("buffer");
const readline = require("readline");
const vm = require("vm");

// stdout is for the answers.
const log = new console.Console(process.stderr, process.stderr);

const held = new Map(); // ARN -> the store's contents, as of the last call that needed them
let associated = []; // ARNs of the stores of the function that runs

function handle(arn) {
  const store = () => held.get(arn);
  return {
    async get(key, options) {
      const value = store().items.get(String(key));
      if (value === undefined) throw new Error(`KeyNotFound: ${key}`);
      const format = (options && options.format) || "string";
      if (format === "string") return value;
      if (format === "json") return JSON.parse(value);
      if (format === "bytes") return buffer.Buffer.from(value, "utf8");
      throw new Error(`InvalidFormat: ${format}; string, json and bytes are known`);
    },
    async exists(key) {
      return store().items.has(String(key));
    },
    async count() {
      return store().items.size;
    },
    async meta() {
      const { created, modified, items } = store();
      return { creationDateTime: created, lastUpdatedDateTime: modified, keyCount: items.size };
    },
  };
}

const cloudfront = {
  kvs(id) {
    if (associated.length === 0) throw new Error("no key value store is associated with this function");
    const arn = id === undefined ? associated[0] : associated.find((one) => one.endsWith(`/${id}`));
    if (arn === undefined) throw new Error(`no key value store with the id ${id} is associated with this function`);
    return handle(arn);
  },
};

const modules = new Map(Object.entries({ buffer, cloudfront, crypto, querystring }));

function load(name) {
  if (!modules.has(name)) throw new Error(`there is no module '${name}' in CloudFront Functions`);
  return modules.get(name);
}

const IMPORT =
  /(^|;)(\s*)import\s*(?:\*\s*as\s+([\w$]+)\s|([\w$]+)\s|\{([^}]*)\})\s*from\s*["']([^"']+)["'][ \t]*;?/gm;

// A script of node:vm cannot import. Every import statement becomes a constant, on the same line.
function withoutImports(code) {
  return code.replace(IMPORT, (_all, before, space, namespace, standard, named, name) => {
    const target = namespace || standard || `{${named.replace(/([\w$]+)\s+as\s+/g, "$1: ")}}`;
    return `${before}${space}const ${target} = require(${JSON.stringify(name)});`;
  });
}

function compile(code) {
  const context = vm.createContext({
    require: load, console: log, JSON, Math, Date, Object, Array, String, Number, Boolean, RegExp, Map, Set,
    Promise, Error, TypeError, RangeError, TextEncoder, TextDecoder, atob, btoa, Buffer: buffer.Buffer,
  });
  const ending = '\n;typeof handler === "function" ? handler : undefined;';
  const handler = new vm.Script(withoutImports(code) + ending, { filename: "function.js" }).runInContext(context);
  if (handler === undefined) throw new Error("the function's code has no function named handler");
  return handler;
}

const handlers = new Map();

async function run({ code, event, stores, contents }) {
  for (const [arn, content] of Object.entries(contents || {})) {
    held.set(arn, { ...content, items: new Map(Object.entries(content.items)) });
  }
  if (stores.some(([arn, etag]) => !held.has(arn) || held.get(arn).etag !== etag)) return { status: "missing" };
  associated = stores.map(([arn]) => arn);
  // Handles that are made at the top level belong to the stores that the function has then.
  const key = JSON.stringify([associated, code]);
  if (!handlers.has(key)) handlers.set(key, compile(code));
  const value = await handlers.get(key)(event);
  return { status: "ok", value: value === undefined ? null : value };
}

// A rejected promise that the function does not wait for is its own affair: without this, it ends the worker.
process.on("unhandledRejection", (reason) => log.error("not awaited:", reason));

readline.createInterface({ input: process.stdin }).on("line", async (line) => {
  let answer;
  try {
    answer = JSON.stringify(await run(JSON.parse(line)));
  } catch (error) {
    answer = JSON.stringify({ status: "error", message: String((error && error.stack) || error) });
  }
  process.stdout.write(`${answer}\n`);
});
