"""A fresh private network and real clients on it, for as long as a `with` block lasts."""
import contextlib
import json
import os
import pathlib
import re
import signal
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


class Network:
    """`nym-testnet up` in a directory of its own. `clients` are its clients as `status --json` describes them."""

    def __init__(self, programs, folder, stack, clients, options):
        self._stack = stack
        self.folder = folder
        testnet = self.start([programs / "nym-testnet", "up", "--json", "--dir", folder / "network", "--clients", str(clients),
                              *[f"--client-option={option}" for option in options]], {}, "nym-testnet")
        ready = json.loads(testnet.wait_for(r'^(\{.*"ready".*\})').group(1))
        self.directory = ready["directory"]
        self.clients = ready["clients"]
        self.websockets = [client["websocket"] for client in self.clients]

    def start(self, command, environment, name):
        program = Program(command, environment, self.folder, name)
        self._stack.callback(program.stop)
        return program


@contextlib.contextmanager
def network(programs, clients, options=()):
    """A network with so many ready clients, whose `nym-client run` gets the options."""
    with tempfile.TemporaryDirectory(prefix="nym-interop-") as folder, contextlib.ExitStack() as stack:
        yield Network(programs, pathlib.Path(folder), stack, clients, options)


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
