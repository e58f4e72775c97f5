"""A private network of `nym-testnet up`, driven over its control socket, and what it costs."""
import asyncio
import contextlib
import json
import os
import pathlib
import re
import signal
import sys
import time
import urllib.request

START_LIMIT = 180  # seconds: builds with sanitizers on a busy machine
STOP_LIMIT = 60
TICKS = os.sysconf("SC_CLK_TCK")


class Failed(Exception):
    """What a proof found wrong."""


def expect(is_so, what):
    if not is_so:
        raise Failed(what)


class Network:
    def __init__(self, programs, folder, process, status):
        self.programs, self.folder, self.process = programs, folder, process
        self.directory = status["directory"]
        self.clients = status["clients"]
        self.nodes = [node["name"] for node in status["mixnodes"] + status["gateways"]]
        self.gateways = [node["name"] for node in status["gateways"]]

    def client(self, name):
        return next(client for client in self.clients if client["name"] == name)

    async def ask(self, command, **more):
        """One request of the control socket."""
        reader, writer = await asyncio.open_unix_connection(str(self.folder / "control.sock"), limit=8 << 20)
        try:
            writer.write(json.dumps({"command": command, **more}).encode() + b"\n")
            answer = json.loads(await asyncio.wait_for(reader.readline(), START_LIMIT))
        finally:
            writer.close()
        expect(answer["ok"], f"{command} {more}: {answer.get('error')}")
        return answer["result"]

    async def status(self):
        return await self.ask("status")

    async def until_ready(self, limit):
        """Waits until every node is."""
        give_up_at = time.monotonic() + limit
        while True:
            status = await self.status()
            if status["ready"]:
                return status
            waiting = [f"{node['name']} is {node['state']} ({node.get('why', '')})" for node in members(status)
                       if node["state"] != "ready"]
            expect(time.monotonic() < give_up_at, f"not ready after {limit} s: {'; '.join(waiting)}")
            await asyncio.sleep(0.2)

    async def run(self, *command):
        """A command of nym-testnet for this network: its exit code and what it printed."""
        process = await asyncio.create_subprocess_exec(
            self.programs / "nym-testnet", *command, "--dir", str(self.folder), stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT, env={**os.environ, "NO_COLOR": "1"})
        printed, _ = await process.communicate()
        return process.returncode, printed.decode()

    async def selftest(self):
        code, printed = await self.run("selftest", "--json")
        expect(code == 0, f"the selftest failed: {printed}")
        return json.loads(printed.splitlines()[-1])

    async def processes(self):
        """Process ids by name; `testnet` is the one that has the directory, the relays and nodes without their own."""
        status = await self.status()
        return {"testnet": status["pid"], **{node["name"]: node["pid"] for node in members(status) if "pid" in node}}

    async def memory(self):
        """Resident bytes of each process."""
        return {name: resident(pid) for name, pid in (await self.processes()).items()}

    async def processor_seconds(self):
        return sum(processor_seconds(pid) for pid in (await self.processes()).values())

    async def counters(self, pattern):
        """Sums, by name and labels but `node`, of counters whose name matches, over all nodes that serve any."""
        status = await self.status()
        places = [self.directory] + [node["http"] for node in members(status) if "http" in node]
        sums = {}
        for place in places:
            with contextlib.suppress(OSError):
                text = await asyncio.to_thread(fetch, place + "/metrics")
                for name, value in samples(text, pattern):
                    sums[name] = sums.get(name, 0) + value
        return sums


def members(status):
    return status["mixnodes"] + status["gateways"] + status["clients"]


def fetch(url):
    with urllib.request.urlopen(url, timeout=20) as answer:
        return answer.read().decode()


def samples(text, pattern):
    for line in text.splitlines():
        if line.startswith("#") or not re.match(pattern, line):
            continue
        name, _, value = line.rpartition(" ")
        name = re.sub(r',?node="[^"]*"', "", name).replace("{,", "{").replace("{}", "")
        yield name, float(value)


def resident(pid):
    try:
        pages = int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def processor_seconds(pid):
    try:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return (int(fields[11]) + int(fields[12])) / TICKS


@contextlib.asynccontextmanager
async def network(programs, folder, *options):
    """`nym-testnet up` with these options: ready. Its clients are as `status --json` says."""
    log = open(folder / "testnet.err", "wb")
    folder = folder / "network"
    process = await asyncio.create_subprocess_exec(
        programs / "nym-testnet", "up", "--json", "--dir", str(folder), *map(str, options),
        stdout=asyncio.subprocess.PIPE, stderr=log, limit=8 << 20, env={**os.environ, "NO_COLOR": "1"})
    try:
        line = await asyncio.wait_for(process.stdout.readline(), START_LIMIT)
        expect(line, "nym-testnet did not start: " + pathlib.Path(log.name).read_text()[-2000:])
        yield Network(programs, folder, process, json.loads(line))
        expect(process.returncode is None, f"nym-testnet ended by itself with {process.returncode}: "
               + pathlib.Path(log.name).read_text()[-2000:])
    finally:
        await stop(process)
        log.close()


async def stop(process):
    if process.returncode is not None:
        return
    process.send_signal(signal.SIGINT)
    try:
        await asyncio.wait_for(process.wait(), STOP_LIMIT)
    except asyncio.TimeoutError:
        process.kill()
        await process.wait()
        raise Failed("nym-testnet did not stop") from None


def megabytes(size):
    return f"{size / (1 << 20):.0f} MB"


def say(text):
    print(text, flush=True)
    sys.stdout.flush()
