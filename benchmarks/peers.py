"""Who wend is compared with, how they are started, and what they have to answer."""
import contextlib
import json
import os
import shlex
import shutil
import tempfile

import common
import serving

NAMES = ("epoll_limit", "asio_limit", "wend", "nginx", "h2o", "microhttpd", "restinio", "pistache", "beast", "httplib")
TARGETS = {
    "/": lambda body: body == b"Hello, world!",
    "/users/42": lambda body: body == b"42",
    "/json": lambda body: json.loads(body) == {"message": "Hello, world!"},
}
SERVER_CPU, LOAD_CPU = min(os.sched_getaffinity(0)), max(os.sched_getaffinity(0))
NGINX = common.ROOT / "benchmarks" / "peers" / "nginx.conf"

# what every stage with peers may be told
OPTIONS = {"only": ([], "measure only this server; may be said often"),
           "also": ([], 'a server more: "name=command with {port}"')}


@contextlib.contextmanager
def commands(names, also=()):
    """name: what starts it, for those of `names` that can be had and for "name=command" of `also`."""
    with tempfile.TemporaryDirectory() as folder:
        found = {"wend": [common.PROGRAMS / "bench_server"]} if "wend" in names else {}
        common.build("bench_server", *(f"peer_{n}" for n in names))
        for name in names:
            program = common.PROGRAMS / f"peer_{name}"
            if program.exists():
                found[name] = [program, "{port}"]
            elif name == "nginx" and shutil.which("nginx"):
                config = f"sed 's/PORT/{{port}}/' {shlex.quote(str(NGINX))} >{folder}/nginx.conf"
                found[name] = ["sh", "-c", f"{config} && exec nginx -p {folder} -c {folder}/nginx.conf -e stderr"]
            elif name not in found:
                common.say(f"{name} is left out: its package is not installed")
        yield found | {name: shlex.split(command) for name, _, command in (a.partition("=") for a in also)}


@contextlib.contextmanager
def servers(settings, names=NAMES, cpu=None):
    """name: Server, all running at once, of `names` and what the command line says."""
    prefix = [] if cpu is None else ["taskset", "-c", str(cpu)]
    with commands(settings.only or names, settings.also) as found, contextlib.ExitStack() as running:
        yield {name: running.enter_context(serving.Server(prefix + command)) for name, command in found.items()}


def answers_well(name, server, target):
    """The size of the answer, or 0 if it is not what it should be; of the limit it is always the same."""
    try:
        status, body, size = server.answer(target)
        return size if name == "epoll_limit" or (status == 200 and TARGETS[target](body)) else 0
    except (OSError, ValueError):
        return 0
