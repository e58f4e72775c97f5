"""A fresh private network and real clients on it, for as long as a `with` block lasts."""
import contextlib
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import tempfile
import threading

START_LIMIT = 60  # seconds


class Failed(Exception):
    """What a suite found wrong."""


class Program:
    """A program that runs beside the suite; it is told to stop at the end."""

    def __init__(self, command, environment, folder, name):
        self.log_path = folder / f"{name}.err"
        self.name = name
        self._log = open(self.log_path, "wb")
        self.process = subprocess.Popen([str(part) for part in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, env={**os.environ, **environment})
        self._lines = []
        self._changed = threading.Condition()
        self._ended = False
        for stream in (self.process.stdout, self.process.stderr):
            threading.Thread(target=self._read, args=(stream,), daemon=True).start()

    def _read(self, stream):
        for line in stream:
            self._log.write(line)
            self._log.flush()
            with self._changed:
                self._lines.append(line.decode(errors="replace"))
                self._changed.notify_all()
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def wait_for(self, pattern):
        """The first line, past or to come, that matches."""
        def found():
            return next((match for line in self._lines if (match := re.search(pattern, line))), None)
        with self._changed:
            self._changed.wait_for(lambda: found() or self._ended, START_LIMIT)
            match = found()
        if not match:
            raise Failed(f"{self.name} did not get ready:\n" + "".join(self._lines[-20:]))
        return match

    def type(self, line):
        self.process.stdin.write(f"{line}\n".encode())
        self.process.stdin.flush()

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                raise Failed(f"{self.name} did not stop") from None


class Client:
    """A `nym-client` that runs."""

    def __init__(self, program, address, url):
        self.program, self.address, self.url = program, address, url


class Network:
    def __init__(self, programs, folder, stack):
        self._programs, self._stack = programs, stack
        self.folder = folder
        self.testnet = self.start([programs / "nym-testnet", "up", "--json"], {}, "testnet")
        self.description = json.loads(self.testnet.wait_for(r'^(\{.*"ready".*\})').group(1))
        self.directory = self.description["directory"]
        self.gateways = self.description["gateways"]
        self.environment = {"CONFIGURED": "true", "NYM_API": self.directory, "NYXD": self.directory,
                            "HOME": str(folder), "NO_COLOR": "1"}

    def start(self, command, environment, name):
        program = Program(command, environment, self.folder, name)
        self._stack.callback(program.stop)
        return program

    def add_client(self, name, gateway=0, options=()):
        client = self._programs / "nym-client"
        made = subprocess.run([client, "init", "--id", name, "--gateway", self.gateways[gateway]["identity"], "--output", "json"],
                              env={**os.environ, **self.environment}, capture_output=True, text=True, timeout=START_LIMIT)
        if made.returncode:
            raise Failed(f"nym-client init: {made.stderr}")
        running = self.start([client, "run", "--id", name, "--port", "0", *options], self.environment, name)
        where = running.wait_for(r'Running websocket on "([^"]+)"').group(1)
        return Client(running, json.loads(made.stdout)["client_address"], f"ws://{where}")


@contextlib.contextmanager
def network(programs):
    with tempfile.TemporaryDirectory(prefix="nym-interop-") as folder, contextlib.ExitStack() as stack:
        yield Network(programs, pathlib.Path(folder), stack)


def free_ports(count):
    """Ports that nobody has at this moment."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def run(command, limit, environment=None, show=True):
    """Runs a program of others to its end and returns what it printed. Its errors go to ours."""
    try:
        done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, text=True, timeout=limit,
                              env={**os.environ, **(environment or {})})
    except subprocess.TimeoutExpired as late:
        raise Failed(f"{command[0]} was not done after {limit} s; it printed:\n{(late.stdout or b'').decode()}") from None
    if show:
        print(done.stdout, end="", flush=True)
    if done.returncode:
        raise Failed(f"{command[0]} ended with {done.returncode}")
    return done.stdout
