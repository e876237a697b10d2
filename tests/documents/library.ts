// library.ts URL: the same for the table of api.hpp.
import createClient from "openapi-fetch";
import type {components, paths} from "./library-api.d.ts";

type Book = components["schemas"]["book"];
declare const process: {argv: string[]};
const api = createClient<paths>({baseUrl: process.argv[2]!});

function check(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what);
}

const page = await api.GET("/books", {params: {query: {kind: "poetry", author: ["a", "b"], limit: 2}}});
const first: Book = page.data!.items[0]!;
check(first.title === "Emma" && first.authors[0]!.name === "Jane Austen", "a page of books");
check(first.kind === "novel", "an enumeration");

const made = await api.POST("/books", {body: {title: "Persuasion", kind: "novel", copies: {main: 2}}});
check(made.response.status === 201 && made.data!.copies.main === 2, "a book is added");

const one = await api.GET("/books/{id}", {params: {path: {id: made.data!.id!}}});
check(one.data!.title === "Emma", "a book by its UUID");
const none = await api.GET("/books/{id}", {params: {path: {id: "00000000-0000-4000-8000-000000000000"}}});
check(none.error?.status === 404, "no such book");

const log = await api.GET("/log/{y}/{m}", {params: {path: {y: 2026, m: 5}}});
check(log.data![0] === 1, "an array");
const code = await api.GET("/{code}", {params: {path: {code: "ABC"}}, parseAs: "text"});
check(code.data === "ABC", "text");
const login = await api.POST("/login", {
  body: {name: "ann", password: "long enough"},
  headers: {"Content-Type": "application/x-www-form-urlencoded"},
  bodySerializer: body => new URLSearchParams(body),
  parseAs: "text",
});
check(login.data === "ann", "a form");
const denied = await api.GET("/admin/stats", {});
check(denied.response.status === 401 && denied.error?.title === "Unauthorized", "a key is asked for");
const stats = await api.GET("/admin/stats", {headers: {"X-Key": "sesame"}});
check(stats.data!.books === 1, "and taken");
const pages = await api.GET("/pages/{number}", {params: {path: {number: 7}}});
check((pages.data as components["schemas"]["book_2"]).pages === 7, "one of several types");
