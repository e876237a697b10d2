// A server of Node's for tests/peers/servers.py: prints its port.
const http = require("node:http");

const server = http.createServer((request, answer) => {
  const path = request.url.split("?")[0];
  const pieces = [];
  request.on("data", piece => pieces.push(piece));
  request.on("end", () => {
    const body = Buffer.concat(pieces);
    const routes = {
      "/echo": () => answer.end(body),
      "/method": () => answer.end(request.method),
      "/chunks": () => { for (let i = 0; i < 100; ++i) answer.write("y".repeat(i * 100)); answer.end(); },
      "/trailers": () => { answer.writeHead(200, {Trailer: "X-End"}); answer.write("a"); answer.addTrailers({"X-End": "1"}); answer.end(); },
      "/early": () => { answer.writeEarlyHints({link: "</style.css>; rel=preload"}); answer.end("late"); },
      "/nothing": () => { answer.writeHead(204); answer.end(); },
      "/closes": () => { answer.shouldKeepAlive = false; answer.useChunkedEncodingByDefault = false; answer.removeHeader("transfer-encoding"); answer.write("until "); answer.end("the end"); },
      "/hop": () => { const n = Number(request.url.split("=")[1]); answer.writeHead(302, {Location: n ? `/hop?n=${n - 1}` : "/method"}); answer.end("elsewhere"); },
      "/post-hop": () => { answer.writeHead(307, {Location: "/echo"}); answer.end(); },
      "/peer": () => answer.end(String(request.socket.remotePort)),
      "/breaks": () => { answer.writeHead(200, {"Content-Length": 100}); answer.write("only this"); setTimeout(() => request.socket.destroy(), 20); },
    };
    (routes[path] || (() => { answer.writeHead(404); answer.end("none"); }))();
  });
});
server.keepAliveTimeout = 200;
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.stdin.on("end", () => process.exit(0)).resume();
