// What a page does in Chromium; `test` and `check` are those of tests/browser/run.py.
const sized = n => Uint8Array.from({length: n}, (_, i) => i % 251);
const same = (a, b) => a.length === b.length && a.every((x, i) => x === b[i]);
const bytes = async answer => new Uint8Array(await answer.arrayBuffer());

test("fetch", async () => {
  const answer = await fetch("/last");
  check(answer.status === 200 && await answer.text() === "last\n", "it is answered");
});

test("a hundred at once", async () => {
  const all = await Promise.all(Array.from({length: 100}, (_, i) => fetch(`/one/${i}`).then(a => a.text())));
  check(all.every((text, i) => text === String(i)), "each has its own answer");
});

test("POST, PUT and a form", async () => {
  for (const method of ["POST", "PUT"])
    check(await (await fetch("/echo", {method, body: "abc"})).text() === "abc", method + " is echoed");
  const form = new FormData();
  form.append("file", new Blob([sized(100000)]), "name");
  check(await (await fetch("/ignored", {method: "POST", body: form})).text() === "ignored\n", "a form is taken");
});

test("8 MiB up and down", async () => {
  const size = 8 << 20;
  check(same(await bytes(await fetch("/echo", {method: "POST", body: sized(size)})), sized(size)), "they come back");
  check(same(await bytes(await fetch(`/bytes/${size}`)), sized(size)), "they come");
});

test("a stream comes in pieces", async () => {
  const reader = (await fetch("/drip")).body.getReader();
  const decoder = new TextDecoder();
  check(decoder.decode((await reader.read()).value) === "first\n", "the first does not wait");
  check(decoder.decode((await reader.read()).value) === "second\n", "the second comes");
  check((await reader.read()).done, "it ends");
});

test("HEAD, 204 and errors", async () => {
  const head = await fetch("/last", {method: "HEAD"});
  check(head.status === 200 && head.headers.get("Content-Length") === "5", "HEAD has a length");
  const nothing = await fetch("/nothing");
  check(nothing.status === 204 && await nothing.text() === "", "204 has no content");
  const missing = await fetch("/nowhere");
  check(missing.status === 404 && (await missing.json()).status === 404, "404 is a problem");
  check((await fetch("/little", {method: "POST", body: "x".repeat(5000)})).status === 413, "413 can be read");
  check((await fetch("/last", {method: "DELETE"})).headers.get("Allow").includes("GET"), "405 has Allow");
});

test("an answer that nobody waits for", async () => {
  const leave = new AbortController();
  const answer = await fetch("/bytes/1000000000", {signal: leave.signal});
  await answer.body.getReader().read();
  leave.abort();
  check(await (await fetch("/last")).text() === "last\n", "the next is answered");
});

test("sendBeacon and XMLHttpRequest", async () => {
  check(navigator.sendBeacon("/ignored", "abc"), "a beacon is taken");
  const text = await new Promise((done, fail) => {
    const old = new XMLHttpRequest();
    old.open("POST", "/echo");
    old.onload = () => done(old.responseText);
    old.onerror = fail;
    old.send("abc");
  });
  check(text === "abc", "it is echoed");
});
