// page: /docs

test("Swagger UI shows the document and asks the server", async () => {
  await until(() => element(".opblock"));
  check(element(".title").textContent.includes("Library"), "the title is there");
  const paths = (await (await fetch("/docs/openapi.json")).json()).paths;
  const operations = Object.values(paths).flatMap(item => Object.keys(item));
  check(operations.length >= 20 && document.querySelectorAll(".opblock").length === operations.length,
        `each of ${operations.length} operations is there`);
  const block = element("#operations-books-list_books");
  block.querySelector("button").click();
  await until(() => block.querySelector(".try-out__btn"));
  block.querySelector(".try-out__btn").click();
  await until(() => block.querySelector(".execute"));
  block.querySelector(".execute").click();
  await until(() => block.querySelector(".live-responses-table tbody .response-col_status"));
  check(block.querySelector(".live-responses-table tbody .response-col_status").textContent.startsWith("200"),
        "it is asked: " + block.querySelector(".live-responses-table").textContent);
  check(block.querySelector(".live-responses-table").textContent.includes("Jane Austen"), "the answer is shown");
  const all = performance.getEntriesByType("resource").map(e => e.name).filter(name => !name.startsWith("data:"));
  check(all.every(name => new URL(name).origin === location.origin), "nothing from another host: " + all);
});
