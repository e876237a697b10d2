// The page that shows an OpenAPI document and asks the API: HTML, a script and a style.
#pragma once

#include <string>
#include <string_view>

namespace wend::detail {

/// The page; where it stands is `prefix`.
inline std::string docs_page(std::string_view title, std::string_view prefix, bool swagger) {
  std::string name;
  for (char const c : title) {
    if (c == '&')
      name += "&amp;";
    else if (c == '<')
      name += "&lt;";
    else
      name += c;
  }
  std::string const at(prefix);
  return "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" +
         name + "</title>\n<link rel=\"icon\" href=\"data:,\">\n<link rel=\"stylesheet\" href=\"" +
         at + (swagger ? "/swagger-ui.css" : "/docs.css") +
         "\">\n<main id=\"docs\" data-document=\"" + at +
         "/openapi.json\"><noscript>This page needs scripts; the document is at <a href=\"" + at +
         "/openapi.json\">openapi.json</a>.</noscript></main>\n" +
         (swagger ? "<script src=\"" + at + "/swagger-ui-bundle.js\"></script>\n" : "") +
         "<script src=\"" + at + "/docs.js\"></script>\n</html>\n";
}

inline constexpr std::string_view swagger_script = R"js("use strict";
const docs = document.querySelector("#docs");
window.ui = SwaggerUIBundle({url: docs.dataset.document, domNode: docs, deepLinking: true, validatorUrl: null});
)js";

inline constexpr std::string_view docs_style = R"css(
:root { color-scheme: light dark; --line: #8886; --soft: #8882; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; }
main { max-width: 56rem; margin: 0 auto; padding: 1rem; }
code, pre, textarea, input, select, .path { font-family: ui-monospace, monospace; font-size: .9rem; }
details { border: 1px solid var(--line); border-radius: .4rem; margin: .5rem 0; }
summary { padding: .5rem .75rem; cursor: pointer; overflow-wrap: anywhere; }
summary::marker { content: ""; }
details > div { padding: 0 .75rem .75rem; border-top: 1px solid var(--line); }
.method { display: inline-block; min-width: 4.5rem; font-weight: 700; }
.GET { color: #1a7fd4; } .POST { color: #1b8a4b; } .PUT, .PATCH { color: #b06f00; } .DELETE { color: #d03a3a; }
.deprecated { text-decoration: line-through; }
.why { color: #888; margin-left: .75rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--line); }
th { font-weight: 400; white-space: nowrap; }
input, textarea, select { width: 100%; box-sizing: border-box; padding: .3rem; }
textarea { min-height: 8rem; }
button { padding: .3rem 1rem; margin: .5rem 0; }
pre { background: var(--soft); padding: .5rem; overflow: auto; max-height: 24rem; border-radius: .3rem; margin: .25rem 0; }
h3 { font-size: 1rem; margin: .75rem 0 .25rem; }
.required::after { content: " *"; color: #d03a3a; }
)css";

inline constexpr std::string_view docs_script = R"js("use strict";
/* An element: make("p", {class: "why"}, "text", other, ...). */
const make = (name, attributes, ...children) => {
  const out = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) if (value !== undefined) out.setAttribute(key, value);
  out.append(...children.filter(child => child !== undefined && child !== ""));
  return out;
};
const root = document.querySelector("#docs");
let api;

const resolve = schema => {
  for (let depth = 0; schema && schema.$ref && depth < 20; ++depth)
    schema = schema.$ref.slice(2).split("/").reduce((at, key) => at[key.replace(/~1/g, "/").replace(/~0/g, "~")], api);
  return schema || {};
};

/* A schema in a few words: "integer 1 to 100", "note[]". */
const brief = schema => {
  if (!schema) return "bytes";
  if (schema.$ref) return schema.$ref.split("/").pop();
  if (schema.anyOf) return schema.anyOf.map(brief).join(" or ");
  if (schema.enum) return schema.enum.join(" | ");
  if (schema.type === "array" && schema.items) return brief(schema.items) + "[]";
  let out = [].concat(schema.format || schema.type || "any").join(" or ");
  if (schema.format && Array.isArray(schema.type) && schema.type.includes("null")) out += " or null";
  const low = schema.minimum ?? schema.minLength, high = schema.maximum ?? schema.maxLength;
  if (low !== undefined && high !== undefined) out += ` ${low} to ${high}`;
  else if (low !== undefined) out += ` from ${low}`;
  else if (high !== undefined) out += ` up to ${high}`;
  if (schema.minLength !== undefined || schema.maxLength !== undefined) out += " characters";
  if (schema.pattern) out += ` ${schema.pattern}`;
  return out;
};

/* A value that a schema allows, to begin with. */
const example = (schema, depth = 0) => {
  schema = resolve(schema);
  if (schema.default !== undefined) return schema.default;
  if (schema.enum) return schema.enum[0];
  if (schema.anyOf) return example(schema.anyOf[0], depth);
  const type = [].concat(schema.type)[0];
  if (depth > 4) return null;
  if (type === "object")
    return Object.fromEntries(Object.entries(schema.properties || {}).map(([k, v]) => [k, example(v, depth + 1)]));
  if (type === "array") return (schema.prefixItems || []).map(item => example(item, depth + 1));
  if (type === "integer" || type === "number") return schema.minimum ?? 0;
  if (type === "boolean") return false;
  if (type === "null") return null;
  const made = {uuid: "00000000-0000-4000-8000-000000000000", date: "2026-01-01", "date-time": "2026-01-01T00:00:00Z"};
  return made[schema.format] ?? "text".slice(0, schema.maxLength ?? 4).padEnd(schema.minLength ?? 0, "x");
};

const pretty = text => {
  try { return JSON.stringify(JSON.parse(text), null, 2); } catch { return text; }
};

/* The row of a parameter: its name, what it is, a field for its value. */
const parameterRow = (id, p) => {
  const schema = resolve(p.schema), many = schema.type === "array";
  const options = many ? undefined : schema.enum;
  const field = options
      ? make("select", {id}, ...(p.required ? [] : [make("option", {value: ""}, "")]), ...options.map(o => make("option", {}, o)))
      : make(many ? "textarea" : "input", {id, placeholder: schema.default, rows: many ? 3 : undefined});
  return [field, make("tr", {},
    make("th", {}, make("label", {for: id, class: p.required ? "required" : undefined}, p.name), make("div", {class: "why"}, p.in)),
    make("td", {}, field, make("div", {class: "why"}, brief(p.schema), p.description ? ". " + p.description : "",
                               many ? ", one a line" : "")))];
};

const call = async (method, path, parameters, fields, content) => {
  const query = new URLSearchParams(), headers = {};
  let url = path;
  parameters.forEach((p, i) => {
    const value = fields[i].value;
    if (p.in === "path") {
      const text = encodeURIComponent(value);
      url = url.replace(`{${p.name}}`, () => /slashes/.test(p.description || "") ? text.replace(/%2F/g, "/") : text);
    } else if (value === "") {
      return;
    } else if (p.in === "query") {
      (resolve(p.schema).type === "array" ? value.split("\n") : [value]).forEach(v => query.append(p.name, v));
    } else if (p.in === "header") {
      headers[p.name] = value;
    } else {
      document.cookie = `${p.name}=${value}; path=/`;
    }
  });
  if (content) headers["Content-Type"] = content.type;
  const server = (api.servers && api.servers[0].url || "/").replace(/\/$/, "");
  const target = server + url + (query.size ? "?" + query : "");
  const answer = await fetch(target, {method, headers, body: content && content.text});
  return {target, answer, text: await answer.text()};
};

const operationOf = (path, method, op) => {
  const name = method.toUpperCase(), id = op.operationId, parameters = op.parameters || [];
  const rows = parameters.map((p, i) => parameterRow(`${id}-${i}`, p));
  const body = op.requestBody && Object.entries(op.requestBody.content)[0];
  const entry = body && make("textarea", {id: `${id}-body`});
  if (entry && body[1].schema) {
    const value = example(body[1].schema);
    entry.value = body[0] === "application/json" ? JSON.stringify(value, null, 2) : new URLSearchParams(value).toString();
  }
  const shown = make("div", {class: "answer", role: "status"}), send = make("button", {type: "button"}, "Send");
  send.addEventListener("click", async () => {
    shown.replaceChildren("…");
    try {
      const {target, answer, text} = await call(name, path, parameters, rows.map(r => r[0]), body && {type: body[0], text: entry.value});
      shown.replaceChildren(make("h3", {}, make("span", {class: "status"}, `${answer.status} ${answer.statusText}`), ` ${name} ${target}`),
          make("pre", {class: "headers"}, [...answer.headers].map(h => h.join(": ")).join("\n")), make("pre", {class: "content"}, pretty(text)));
    } catch (e) {
      shown.replaceChildren(make("pre", {class: "content"}, String(e)));
    }
  });
  const answers = Object.entries(op.responses).map(([code, r]) => make("tr", {},
      make("th", {}, code),
      make("td", {}, r.description || "", ...Object.entries(r.content || {}).map(([type, c]) => make("div", {class: "why"}, `${type}: ${brief(c.schema)}`)))));
  return make("details", {id},
    make("summary", {class: op.deprecated ? "deprecated" : undefined},
      make("span", {class: `method ${name}`}, name), make("span", {class: "path"}, path), make("span", {class: "why"}, op.summary || "")),
    make("div", {},
      op.description && make("p", {}, op.description),
      rows.length ? make("table", {}, ...rows.map(r => r[1])) : undefined,
      body && make("h3", {}, "Body ", make("span", {class: "why"}, `${body[0]}: ${brief(body[1].schema)}`)), entry,
      send, shown, make("h3", {}, "Answers"), make("table", {}, ...answers)));
};

const show = () => {
  const {title, version, description} = api.info;
  root.replaceChildren(make("h1", {}, title, " ", make("small", {class: "why"}, version)),
    make("p", {}, description || "", " ", make("a", {href: root.dataset.document}, "openapi.json")));
  const groups = new Map([["", []], ...(api.tags || []).map(t => [t.name, []])]);
  for (const [path, item] of Object.entries(api.paths))
    for (const [method, op] of Object.entries(item)) {
      const tag = (op.tags || [""])[0];
      groups.set(tag, [...(groups.get(tag) || []), operationOf(path, method, op)]);
    }
  for (const [name, operations] of groups) {
    if (!operations.length) continue;
    const about = (api.tags || []).find(t => t.name === name);
    if (name) root.append(make("h2", {}, name), make("p", {}, about && about.description || ""));
    root.append(...operations);
  }
  const schemas = Object.entries(api.components && api.components.schemas || {});
  if (schemas.length) root.append(make("h2", {}, "Schemas"));
  for (const [name, schema] of schemas)
    root.append(make("details", {id: `schema-${name}`}, make("summary", {class: "path"}, name),
      make("div", {}, make("pre", {}, JSON.stringify(schema, null, 2)))));
  const wanted = location.hash && document.getElementById(location.hash.slice(1));
  if (wanted) { wanted.open = true; wanted.scrollIntoView(); }
};

fetch(root.dataset.document).then(r => r.json()).then(document => { api = document; show(); })
  .catch(e => root.replaceChildren(make("p", {}, "The document could not be read: " + e)));
)js";

}  // namespace wend::detail
