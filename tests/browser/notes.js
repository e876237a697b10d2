// page: /docs

const operation = id => element(`details#${id}`);
const ask = async (id, values, body) => {
  const at = operation(id);
  at.open = true;
  values.forEach((value, i) => enter(`#${id}-${i}`, value));
  if (body !== undefined) enter(`#${id}-body`, body);
  at.querySelector("button").click();
  await until(() => at.querySelector(".status"));
  return {status: text(`#${id} .status`), content: text(`#${id} .content`), headers: text(`#${id} .headers`)};
};
const loaded = () => until(() => element("details"));

test("the page shows every operation of the table", async () => {
  await loaded();
  check(text("h1").startsWith("Notes"), "the title is there");
  const shown = [...document.querySelectorAll("details .path")].map(e => e.textContent);
  for (const path of ["/", "/notes", "/notes/{id}"]) check(shown.includes(path), path + " is shown");
  check(element("#note").textContent.includes("404"), "an operation tells its answers");
  check(element("#notes").textContent.includes("integer") || element("#notes").textContent.includes("int32 1 to 100"),
        "bounds are told");
});

test("an operation is tried out against the server", async () => {
  await loaded();
  const made = await ask("add", [], JSON.stringify({title: "from the page", body: "<b>"}));
  check(made.status === "201 Created", "a note is made: " + made.status);
  const {id} = JSON.parse(made.content);
  check(made.headers.includes(`location: /notes/${id}`), "headers are shown");
  const read = await ask("note", [String(id)]);
  check(read.status === "200 OK" && JSON.parse(read.content).title === "from the page", "it is read back");
  const list = await ask("notes", ["1", ""]);
  check(JSON.parse(list.content).length === 1, "a query is sent: " + list.content);
});

test("a refusal is shown with every mistake", async () => {
  await loaded();
  const refused = await ask("add", [], "{}");
  check(refused.status.startsWith("422"), "the status is shown");
  check(refused.content.includes("/title"), "the pointer is shown");
});

test("what the page offers to begin with fits", async () => {
  await loaded();
  const made = await ask("add", []);
  check(made.status.startsWith("201") || made.status.startsWith("409"), "the example is taken: " + made.status);
});

test("nothing is loaded from another host", async () => {
  await loaded();
  await ask("get_root", []);
  const all = performance.getEntriesByType("resource").map(e => e.name);
  check(all.length >= 3, "the page loads its parts: " + all);
  check(all.every(name => new URL(name).origin === location.origin), "all from here: " + all);
});

