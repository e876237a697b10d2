// Node's clients: `node node.js URL SIZE` prints "ok NAME", or "FAIL NAME: WHY", for each thing it tries.
const http = require("node:http");
const {Readable} = require("node:stream");
const {pipeline} = require("node:stream/promises");

const [url, large] = [process.argv[2], Number(process.argv[3])];
const sized = n => Buffer.from(Uint8Array.from({length: n}, (_, i) => i % 251));
const check = (condition, what) => { if (!condition) throw new Error("it does not hold that " + what); };
const sum = data => `${data.length} ${crc32(data)}\n`;

function crc32(data) {
  let value = ~0;
  for (const byte of data) {
    value ^= byte;
    for (let i = 0; i < 8; ++i) value = value & 1 ? (value >>> 1) ^ 0xEDB88320 : value >>> 1;
  }
  return ~value >>> 0;
}

/* the answer, with its content; `send` writes the body */
const ask = (path, options = {}, send = request => request.end()) => new Promise((done, fail) => {
  const request = http.request(url + path, options, async answer => {
    const pieces = [];
    try {
      for await (const piece of answer) pieces.push(piece);
    } catch (why) {
      fail(why);
    }
    done({status: answer.statusCode, fields: answer.headers, body: Buffer.concat(pieces), pieces: pieces.length,
          reused: request.reusedSocket});
  });
  request.on("error", fail);
  send(request);
});

function* slices(data, size) {
  for (let at = 0; at < data.length; at += size) yield data.subarray(at, at + size);
}

const tests = {
  async "http, on one connection"() {
    const agent = new http.Agent({keepAlive: true, maxSockets: 1});
    for (let i = 0; i < 20; ++i) {
      const answer = await ask(`/one/${i}`, {agent});
      check(answer.body.toString() === String(i), "it is answered");
      check(answer.reused === i > 0, `the connection is kept for ${i}`);
    }
    for (const [method, path, status] of [["HEAD", "/last", 200], ["GET", "/nothing", 204], ["GET", "/unchanged", 304],
                                          ["GET", "/nowhere", 404], ["GET", "/drip", 200]]) {
      const answer = await ask(path, {agent, method});
      check(answer.status === status && answer.reused, `${method} ${path} is answered on it`);
    }
    agent.destroy();
  },
  async "http, a hundred at once on four connections"() {
    const agent = new http.Agent({keepAlive: true, maxSockets: 4});
    const all = await Promise.all(Array.from({length: 100}, (_, i) => ask(`/one/${i}`, {agent})));
    check(all.every((answer, i) => answer.body.toString() === String(i)), "each has its own answer");
    agent.destroy();
  },
  async "http, a stream up"() {
    const data = sized(large);
    const stream = Readable.from(slices(data, 50000));
    const answer = await ask("/sum", {method: "POST"}, request => pipeline(stream, request).catch(() => {}));
    check(answer.body.toString() === sum(data), "all of it came");
  },
  async "http, a length up and a stream down"() {
    const data = sized(large);
    const up = await ask("/echo", {method: "PUT", headers: {"Content-Length": large}}, request => request.end(data));
    check(up.body.equals(data), "it is echoed");
    check((await ask(`/bytes/${large}`)).body.equals(data), "it comes");
    check((await ask("/drip")).pieces === 2, "pieces come when they are made");
  },
  async "http, Expect: 100-continue"() {
    let told = false;
    const headers = {Expect: "100-continue", "Content-Length": 3};
    const answer = await ask("/echo", {method: "POST", headers}, request => {
      request.on("continue", () => { told = true; request.end("abc"); });
      request.flushHeaders();
    });
    check(told && answer.body.toString() === "abc", "it is told to go on");
  },
  async "http, trailers"() {
    const answer = await ask("/echo", {method: "POST", headers: {Trailer: "X", "Transfer-Encoding": "chunked"}},
                             request => { request.write("abc"); request.addTrailers({X: "y"}); request.end(); });
    check(answer.body.toString() === "abc", "they do no harm");
  },
  async "fetch"() {
    for (let i = 0; i < 20; ++i)
      check(await (await fetch(`${url}/one/${i}`)).text() === String(i), "it is answered");
    const all = await Promise.all(Array.from({length: 100}, (_, i) => fetch(`${url}/one/${i}`).then(a => a.text())));
    check(all.every((text, i) => text === String(i)), "each has its own answer");
    const missing = await fetch(url + "/nowhere");
    check(missing.status === 404 && (await missing.json()).status === 404, "404 is a problem");
    check((await fetch(url + "/nothing")).status === 204, "204 is one");
    check((await fetch(url + "/last", {method: "HEAD"})).headers.get("content-length") === "5", "HEAD has a length");
  },
  async "fetch, a stream up"() {
    const data = sized(large);
    const body = Readable.toWeb(Readable.from(slices(data, 50000)));
    const answer = await fetch(url + "/sum", {method: "POST", body, duplex: "half"});
    check(await answer.text() === sum(data), "all of it came");
  },
  async "fetch, a stream down"() {
    const pieces = [];
    for await (const piece of (await fetch(url + "/drip")).body) pieces.push(Buffer.from(piece).toString());
    check(pieces.join("|") === "first\n|second\n", "pieces come when they are made");
    const all = Buffer.from(await (await fetch(`${url}/bytes/${large}`)).arrayBuffer());
    check(all.equals(sized(large)), "all of it comes");
  },
  async "fetch, an answer that nobody waits for"() {
    const leave = new AbortController();
    const answer = await fetch(url + "/bytes/1000000000", {signal: leave.signal});
    await answer.body.getReader().read();
    leave.abort();
    check(await (await fetch(url + "/last")).text() === "last\n", "the next is answered");
  },
};

(async () => {
  for (const [name, run] of Object.entries(tests)) {
    try {
      await run();
      console.log("ok " + name);
    } catch (why) {
      console.log(`FAIL ${name}: ${String(why.cause ?? why).split("\n")[0]}`);
    }
  }
  process.exit(0);
})();
