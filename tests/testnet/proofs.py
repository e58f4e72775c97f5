"""What a private network is good for, seen over real sockets. Each proof has a short form for every run of the suite and a
full one (docs/testnet.md, Proofs)."""
import asyncio
import contextlib
import random
import sqlite3
import time

from app import Post
from network import Failed, expect, megabytes, network, say

CALM_LIMIT = 17 * 60  # seconds: a client gives a fragment up after 15 minutes, then its message has failed
SETTLE = 3  # seconds in which what would come twice comes


class Terms:
    """How a proof is to be run."""

    def __init__(self, programs, folder, full, seed, minutes):
        self.programs, self.folder, self.full, self.minutes = programs, folder, full, minutes
        self.random = random.Random(seed)

    def seconds(self, short):
        """How long load lasts."""
        return self.minutes * 60 if self.full else short


async def until(condition, limit, what):
    give_up_at = time.monotonic() + limit
    while not condition():
        expect(time.monotonic() < give_up_at, f"after {limit} s: {what()}")
        await asyncio.sleep(0.05)


async def attach_all(net, post, names=None):
    wanted = [client for client in net.clients if names is None or client["name"] in names]
    return dict(zip((client["name"] for client in wanted),
                    await asyncio.gather(*(post.attach(client) for client in wanted))))


async def send_at(rate, seconds, send):
    """Calls `send` so many times a second in the mean, at random moments of a Poisson process."""
    clock = asyncio.get_running_loop().time
    end = clock() + seconds
    due = clock()
    while True:
        due += random.expovariate(rate)
        if due >= end:
            return await asyncio.sleep(max(end - clock(), 0))
        await asyncio.sleep(max(due - clock(), 0))
        send()


async def tell(post, net):
    """A line a minute, for who looks on."""
    while True:
        await asyncio.sleep(60)
        say(f"  {post.sent} sent, {post.ended} have an outcome, {len(post.received)} arrived, "
            f"{megabytes(sum((await net.memory()).values()))}; {post.latency_line()}")


@contextlib.asynccontextmanager
async def beside(*work):
    """Goes on as long as the block does."""
    tasks = [asyncio.create_task(one) for one in work]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()


async def until_all_ended(post, limit=CALM_LIMIT):
    began = time.monotonic()
    await until(lambda: post.ended >= post.sent, limit, lambda: "; ".join(post.faults()))
    await asyncio.sleep(SETTLE)
    return time.monotonic() - began - SETTLE


def judge(post):
    faults = post.faults()
    if faults:
        raise Failed("; ".join(faults))


async def speed(terms):
    """How soon a network is there and its selftest passed."""
    for what, options, limit in (("3 mixnodes, 2 gateways", [], 1.0),
                                 ("with 2 clients", ["--clients", 2], None),
                                 ("a process each", ["--processes"], None)):
        folder = terms.folder / what.replace(" ", "-").replace(",", "")
        folder.mkdir()
        began = time.monotonic()
        async with network(terms.programs, folder, *options) as net:
            ready = time.monotonic() - began
            report = await net.selftest()
            say(f"{what}: ready after {ready:.3f} s; selftest of {len(report['legs'])} ways {report['seconds']:.3f} s")
            if terms.full and limit:
                expect(ready < limit, f"ready after {ready:.3f} s")
                expect(report["seconds"] < 4, f"the selftest took {report['seconds']:.3f} s")


async def large(terms):
    """Twenty gateways and thirty mixnodes in one process."""
    began = time.monotonic()
    async with network(terms.programs, terms.folder, "--mixnodes", 30, "--gateways", 20, "--clients", 4) as net:
        say(f"20 gateways, 30 mixnodes and 4 clients: ready after {time.monotonic() - began:.3f} s, "
            f"{megabytes((await net.memory())['testnet'])} in one process")
        post = Post()
        apps = await attach_all(net, post)
        for sender in net.clients:
            for recipient in net.clients:
                post.send(apps[sender["name"]], recipient, 500)
        await until_all_ended(post)
        judge(post)
        say(f"{post.sent} messages between 4 of the gateways: {post.latency_line()}")
        if terms.full:
            report = await net.selftest()
            say(f"selftest of all {len(report['legs'])} ways {report['seconds']:.3f} s, "
                f"of which {report['start_seconds']:.3f} s to start the clients")


async def load(terms):
    """Clients at default rates: every message is acknowledged and arrives once."""
    clients = 15 if terms.full else 3
    rate, seconds = 5, terms.seconds(10)  # messages a second of each client: half of what it can send
    async with network(terms.programs, terms.folder, "--clients", clients) as net:
        post = Post()
        apps = await attach_all(net, post)
        processor, began = await net.processor_seconds(), time.monotonic()

        def send():
            sender, recipient = terms.random.sample(net.clients, 2)
            post.send(apps[sender["name"]], recipient, terms.random.choice((10, 500, 1500, 4000, 8000)))

        async with beside(tell(post, net)):
            await send_at(rate * clients, seconds, send)
            processor, seconds = await net.processor_seconds() - processor, time.monotonic() - began
            waited = await until_all_ended(post)
        counts = await net.counters(r"nym_(gateway_packets_accepted|mixnode_dropped|gateway_dropped|client_packets_sent)")
        packets = counts["nym_gateway_packets_accepted_total"]
        say(f"{clients} clients, {seconds:.0f} s: {post.sent} messages, outcomes {post.outcome_counts()}, the last "
            f"{waited:.1f} s after the end; {post.latency_line()}")
        say(f"{packets:.0f} packets of clients; all processes {processor / seconds:.2f} of a core, "
            f"{1000 * processor / packets:.2f} ms a packet with its acknowledgement")
        for name, value in sorted(counts.items()):
            if value:
                say(f"  {name} {value:.0f}")
        judge(post)
        expect(post.outcome_counts() == {"acknowledged": post.sent}, f"not all were acknowledged: {post.reasons}")


class Chaos:
    """Does something to a random node, again and again; at most one thing to each at a time."""

    def __init__(self, net, terms, pause_between):
        self.net, self.random, self.pause_between = net, terms.random, pause_between
        self.busy, self.done = set(), {}
        self.tasks = set()

    async def run(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            await asyncio.sleep(self.random.uniform(0.2, 2) * self.pause_between)
            free = [node for node in self.net.nodes if node not in self.busy]
            node, what = self.random.choice(free), self.random.choice(("kill", "restart", "pause"))
            length = self.random.choice((0.1, 0.5, 1, 3, 8)) * self.random.random()
            self.done[what] = self.done.get(what, 0) + 1
            task = asyncio.create_task(self.do(what, node, length))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)
        await asyncio.gather(*self.tasks)

    async def do(self, what, node, length):
        self.busy.add(node)
        await self.net.ask(what, node=node)
        await asyncio.sleep(length)
        if what == "kill":
            await self.net.ask("restart", node=node)
        if what == "pause":
            await self.net.ask("resume", node=node)
        self.busy.discard(node)


async def watch_memory(net, seen, every):
    while True:
        seen.append((time.monotonic(), await net.memory()))
        await asyncio.sleep(every)


async def chaos(terms):
    """Nodes die, come back and stand still, links lose frames: every message has one outcome, none comes twice."""
    seconds = terms.seconds(12)
    options = ["--processes", "--clients", 6, "--gateways", 3, "--mixnodes", 6]
    async with network(terms.programs, terms.folder, *options) as net:
        post, memory = Post(), []
        apps = await attach_all(net, post)
        for link in ("mix*->mix*", "gw*->mix*", "mix*->gw*"):
            await net.ask("fault-add", line=f"{link} loss 2%")

        def send():
            sender, recipient = terms.random.sample(net.clients, 2)
            post.send(apps[sender["name"]], recipient, terms.random.choice((10, 500, 1500, 4000)))

        disorder = Chaos(net, terms, 4 if terms.full else 2)
        async with beside(tell(post, net), watch_memory(net, memory, 10 if terms.full else 2)):
            began = time.monotonic()
            await asyncio.gather(disorder.run(seconds), send_at(10, seconds, send))
            lasted = time.monotonic() - began
            await net.ask("fault-clear")
            healed = time.monotonic()
            await net.until_ready(120)
            ready_after = time.monotonic() - healed
            waited = await until_all_ended(post)
        memory.append((time.monotonic(), await net.memory()))
        counts = await net.counters(r"nym_client_packets_sent_total.*|nym_client_gateway_reconnections")
        say(f"{lasted:.0f} s with {disorder.done} and 2 % loss on mix links: {post.sent} messages, outcomes "
            f"{post.outcome_counts()} {post.reasons or ''}; {post.latency_line()}")
        say(f"all nodes ready {ready_after:.1f} s after the last fault, the last outcome after {waited:.1f} s")
        say("  " + ", ".join(f"{name} {value:.0f}" for name, value in sorted(counts.items()) if value))
        judge(post)
        judge_memory(memory, began + (120 if terms.full else seconds / 2), terms.full)


def judge_memory(memory, from_time, full):
    """What all processes hold at `from_time` and at the end."""
    early = next(sizes for moment, sizes in memory if moment >= from_time)
    late = memory[-1][1]
    total_early, total_late = sum(early.values()), sum(late.values())
    say(f"memory of all processes {megabytes(total_early)} early, {megabytes(total_late)} at the end, at most "
        f"{megabytes(max(sum(sizes.values()) for _, sizes in memory))}; clients "
        f"{megabytes(sum(size for name, size in early.items() if name.startswith('c')))}, then "
        f"{megabytes(sum(size for name, size in late.items() if name.startswith('c')))}")
    if full:
        expect(total_late < 1.2 * total_early + (16 << 20), "memory grew")


async def storage(terms):
    """A gateway dies with messages for absent clients in it, and again while it hands them out."""
    count = 10_000 if terms.full else 400
    options = ["--processes", "--gateways", 2, "--clients", 8, "--client-option=--no-cover"]
    async with network(terms.programs, terms.folder, *options) as net:
        absent = [client for client in net.clients if client["gateway"] == "gw1"]
        senders = [client for client in net.clients if client["gateway"] == "gw2"]
        post = Post()
        apps = await attach_all(net, post, {client["name"] for client in senders})
        for client in absent:
            await net.ask("kill", node=client["name"])
        began = time.monotonic()
        for batch in range(2):
            for number in range(count // 2):
                sender = senders[number % len(senders)]["name"]
                post.send(apps[sender], terms.random.choice(absent), terms.random.choice((10, 300, 1000)))
                await apps[sender].drain()
            if batch == 0:  # once while they come in: what was acknowledged by then must be on disk
                await until(lambda: post.ended >= count // 4, CALM_LIMIT, lambda: f"{post.ended} ended")
                await net.ask("restart", node="gw1")
        await until_all_ended(post)
        expect(post.outcome_counts() == {"acknowledged": count}, f"outcomes {post.outcome_counts()} {post.reasons}")
        waiting = rows(net.folder / "gw1/db.sqlite")
        say(f"{count} messages acknowledged after {time.monotonic() - began:.1f} s; {waiting} wait in gw1")
        expect(waiting >= count, f"only {waiting} wait in gw1")
        await net.ask("restart", node="gw1")

        began = time.monotonic()
        for client in absent:
            await net.ask("restart", node=client["name"])
        await attach_all(net, post, {client["name"] for client in absent})
        await until(lambda: len(post.received) >= count // 3, CALM_LIMIT, lambda: f"{len(post.received)} arrived")
        at_kill = len(post.received)
        await net.ask("restart", node="gw1")
        await until(lambda: len(post.received) >= count, 120, lambda: f"{len(post.received)} of {count} arrived")
        took = time.monotonic() - began
        await asyncio.sleep(SETTLE)
        judge(post)
        say(f"kill -9 once while they came in, once when all waited, once when {at_kill} were handed out: "
            f"all {len(post.received)} arrived once, {took:.1f} s after the clients were started")
        await until_empty(net.folder / "gw1/db.sqlite")


def rows(database):
    """Messages that a gateway keeps for clients."""
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return connection.execute("SELECT count(*) FROM message_store").fetchone()[0]


async def until_empty(database):
    give_up_at = time.monotonic() + 60
    while rows(database):
        expect(time.monotonic() < give_up_at, f"{rows(database)} messages stay in the gateway")
        await asyncio.sleep(0.5)


PROOFS = {"speed": speed, "large": large, "load": load, "chaos": chaos, "storage": storage}
