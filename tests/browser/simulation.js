const years = () => Number(text("#years"));
const running = () => until(() => years() >= 0);
const state = async () => (await fetch("/state")).json();

test("the page shows a simulation that goes on", async () => {
  await running();
  const before = {years: years(), rabbits: text("#rabbits"), foxes: text("#foxes")};
  await until(() => years() > before.years);
  await until(() => text("#rabbits") !== before.rabbits && text("#foxes") !== before.foxes);
  const pixels = element("#chart").getContext("2d").getImageData(0, 0, 640, 224).data;
  check(pixels.some(p => p > 0), "there is a chart");
});

test("a slider steers, and its effect is seen", async () => {
  await running();
  // without foxes' hunger rabbits can but grow
  enter("[name=births]", 20);  // slowly, or else they soon are as many as there may be
  enter("[name=hunger]", 0);
  enter("[name=speed]", 500);
  await until(async () => (await state()).now.hunger === 0 && (await state()).now.speed === 500);
  const rabbits = Number(text("#rabbits")), begun = years();
  await until(() => years() > begun + 1);
  check(Number(text("#rabbits")) > rabbits, "the rabbits grow");
  enter("[name=hunger]", 400);
  enter("[name=births]", 0);
  await until(() => Number(text("#rabbits")) < 0.1);
});

test("pause holds it, for all who watch, and run lets it go on", async () => {
  await running();
  element("button[value=true]").click();
  await until(() => !element("#paused").hidden);
  const stopped = text("#years");
  const events = [];
  const other = new EventSource("/events");
  other.onmessage = e => events.push(JSON.parse(e.data));
  await until(() => events.length > 5);
  other.close();
  check(events.every(e => e.now.paused && e.years === events[0].years), "another page sees it too");
  check(text("#years") === stopped, "time stands still");
  element("button[value=false]").click();
  await until(() => text("#years") !== stopped);
  check(element("#paused").hidden, "it runs");
});

test("the page begins with what others have set", async () => {
  await running();
  const {now} = await state();
  for (const name of ["speed", "births", "hunger", "breeding", "deaths"])
    check(Number(element(`[name=${name}]`).value) === now[name], name + " is shown");
});

test("the form steers without scripts", async () => {
  await running();
  const fields = new URLSearchParams({
    speed: 100, births: 110, hunger: 40, breeding: 10, deaths: 40, paused: false});
  const answer = await fetch("/parameters", {method: "POST", body: fields});
  check(answer.redirected && new URL(answer.url).pathname === "/", "it leads back to the page");
  check((await state()).now.births === 110, "it was heard");
});
