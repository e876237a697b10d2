// args: --period 20

test("the clock ticks, and no tick is missed", async () => {
  await until(() => Number(text("#tick")) > 0);
  const first = Number(text("#tick"));
  await until(() => Number(text("#tick")) > first + 5);
  check(/^\d\d:\d\d:\d\d$/.test(text("#time")), "the page shows the time");
  check(text("#missed") === "0", "no tick is missed");
  check(text("#connected") === "1", "the page connected once");
});

test("a page whose stream ends comes back for what it missed", async () => {
  // the server ends this stream after three events; EventSource reconnects with Last-Event-ID
  const ids = [];
  let opened = 0;
  const source = new EventSource("/ticks?events=3");
  source.onopen = () => ++opened;
  source.addEventListener("tick", e => ids.push(Number(e.lastEventId)));
  await until(() => ids.length >= 9);
  source.close();
  check(opened >= 3, "it connected three times");
  check(ids.every((id, i) => i === 0 || id === ids[i - 1] + 1), "no tick is missed or doubled: " + ids);
});

test("a page may leave, and others go on", async () => {
  const sources = [1, 2, 3].map(() => new EventSource("/ticks"));
  await Promise.all(sources.map(s => new Promise(done => s.addEventListener("tick", done, {once: true}))));
  sources.forEach(s => s.close());
  const now = Number(text("#tick"));
  await until(() => Number(text("#tick")) > now + 3);
});
