// notes.ts URL: the client that openapi-typescript makes of the document of examples/notes.cpp.
import createClient from "openapi-fetch";
import type {components, paths} from "./notes-api.d.ts";

type Note = components["schemas"]["note"];
type Draft = components["schemas"]["note_input"];
declare const process: {argv: string[]};
const api = createClient<paths>({baseUrl: process.argv[2]!});

function check(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what);
}

const empty = await api.GET("/notes", {params: {query: {limit: 5}}});
check(empty.response.status === 200 && empty.data?.length === 0, "no notes at first");

const draft: Draft = {title: "typed"};
const made = await api.POST("/notes", {body: draft});
check(made.response.status === 201, "a note is made");
const note: Note = made.data!;
const id: number = note.id;  // an answer lacks nothing
const body: string | null = note.body;
check(body === null, "and says of what is not there that it is not");
check(made.response.headers.get("Location") === `/notes/${id}`, "Location says where");

const read = await api.GET("/notes/{id}", {params: {path: {id}}});
const title: string = read.data!.title;
check(title === "typed", "it is read back");

const none = await api.GET("/notes/{id}", {params: {path: {id: 999}}});
check(none.response.status === 404 && none.error?.status === 404, "a problem is typed");

const wrong = await api.POST("/notes", {body: {title: ""}});
check(wrong.error?.errors?.[0]?.pointer === "/title", "a mistake has its place");

// @ts-expect-error: a note without a title does not compile
await api.POST("/notes", {body: {body: "text"}});
// @ts-expect-error: a path that is not there does not compile
await api.GET("/nowhere", {});

const gone = await api.DELETE("/notes/{id}", {params: {path: {id}}});
check(gone.response.status === 204, "it is deleted");
