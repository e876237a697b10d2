"""Python's clients that are packages: `packages.py URL SIZE MODULE` prints "ok NAME", or "FAIL NAME: WHY"."""
import asyncio
import importlib
import json
import logging
import sys
import zlib

URL, LARGE = sys.argv[1], int(sys.argv[2])
DATA = (bytes(range(251)) * (LARGE // 251 + 1))[:LARGE]
SUM = f"{LARGE} {zlib.crc32(DATA)}\n"


def pieces():
    for at in range(0, LARGE, 50000):
        yield DATA[at:at + 50000]


async def late_pieces():
    for piece in pieces():
        yield piece


def same(got, wanted):
    if got != wanted:
        raise AssertionError(f"{got!r:.100}, not {wanted!r:.100}")


def use_requests(requests):
    opened = []
    log = logging.getLogger("urllib3.connectionpool")
    log.setLevel(logging.DEBUG)
    log.addFilter(lambda record: opened.append(1) if "connection" in str(record.msg) else False)
    with requests.Session() as session:
        for n in range(20):
            same(session.get(f"{URL}/one/{n}").text, str(n))
        same(session.head(f"{URL}/last").headers["Content-Length"], "5")
        same([session.get(URL + p).status_code for p in ("/nothing", "/unchanged", "/nowhere")], [204, 304, 404])
        same(session.post(f"{URL}/echo", data=b"abc").content, b"abc")
        same(session.post(f"{URL}/sum", data=pieces()).text, SUM)
        same(session.post(f"{URL}/echo", files={"a": b"abc"}).status_code, 200)
        with session.get(f"{URL}/bytes/{LARGE}", stream=True) as answer:
            same(b"".join(answer.iter_content(10000)), DATA)
        same(len(opened), 1)
        same(session.get(f"{URL}/says/close").text, "said\n")
        same(session.get(f"{URL}/last").text, "last\n")


def use_httpx(httpx):
    with httpx.Client(base_url=URL) as client:
        happened = []
        trace = {"trace": lambda name, _: happened.append(name)}
        for n in range(20):
            same(client.get(f"/one/{n}", extensions=trace).text, str(n))
        paths = ("/nothing", "/unchanged", "/nowhere")
        same([client.get(path, extensions=trace).status_code for path in paths], [204, 304, 404])
        same(happened.count("connection.connect_tcp.complete"), 1)
        same(client.post("/echo", content=b"abc").content, b"abc")
        same(client.post("/sum", content=pieces()).text, SUM)
        with client.stream("GET", f"/bytes/{LARGE}") as answer:
            same(b"".join(answer.iter_bytes()), DATA)
        same(client.get("/says/close").text, "said\n")
        same(client.get("/last").text, "last\n")


async def use_aiohttp(aiohttp):
    opened = 0

    async def count(*_):
        nonlocal opened
        opened += 1

    trace = aiohttp.TraceConfig()
    trace.on_connection_create_end.append(count)
    connector = aiohttp.TCPConnector(limit=4)
    async with aiohttp.ClientSession(connector=connector, trace_configs=[trace]) as session:
        async def text(method, path, **more):
            async with session.request(method, URL + path, **more) as answer:
                return await answer.text()

        same(await asyncio.gather(*[text("GET", f"/one/{n}") for n in range(100)]), [str(n) for n in range(100)])
        same(opened <= 4, True)
        same(await text("HEAD", "/last"), "")
        same(await text("GET", "/nothing"), "")
        same(json.loads(await text("GET", "/nowhere"))["status"], 404)
        same(await text("POST", "/echo", data=b"abc"), "abc")
        same(await text("POST", "/echo", data=b"abc", expect100=True), "abc")
        same(await text("POST", "/sum", data=late_pieces()), SUM)
        same(await text("GET", "/drip"), "first\nsecond\n")
        same(opened <= 4, True)
        async with session.get(f"{URL}/bytes/{LARGE}") as answer:
            same(await answer.read(), DATA)


def main():
    name = sys.argv[3]
    module = importlib.import_module(name)
    try:
        if name == "aiohttp":
            asyncio.run(use_aiohttp(module))
        else:
            {"requests": use_requests, "httpx": use_httpx}[name](module)
        print(f"ok {name}")
    except Exception as why:  # whatever a client makes of what it was sent
        print(f"FAIL {name}: {type(why).__name__} {why}".splitlines()[0])


if __name__ == "__main__":
    main()
