"""Packages of others, pinned with their hashes, installed into the build directory."""
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys

from network import Failed

HERE = pathlib.Path(__file__).resolve().parent
INSTALL_LIMIT = 600  # seconds

# What package clients say when they reach no registry. All else is a failure: a wrong hash must not look like a skip.
UNREACHABLE = re.compile(
    r"ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|could not resolve|could not connect|failed to connect|"
    r"connection (refused|reset|timed out)|no such host|network is unreachable|name resolution|timed? ?out|"
    r"failed to download|i/o timeout|spurious network error|from versions: none|lookup disabled|offline mode", re.I)


class Skipped(Exception):
    """Why a suite cannot run on this machine."""


def tool(name, at_least=None):
    """Path of a program; `at_least` is the oldest version that does."""
    path = shutil.which(name)
    if not path:
        raise Skipped(f"{name} is not installed")
    if at_least:
        printed = subprocess.run([path, "version" if name == "go" else "--version"], capture_output=True, text=True, timeout=60)
        version = re.search(r"(\d+)\.(\d+)", printed.stdout)
        if not version or tuple(map(int, version.groups())) < at_least:
            raise Skipped(f"{name} is older than {at_least[0]}.{at_least[1]}: {printed.stdout.strip()}")
    return path


def browser():
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    raise Skipped("chromium is not installed")


def _digest(files):
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _run(command, folder, environment):
    return subprocess.run([str(part) for part in command], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          timeout=INSTALL_LIMIT, env={**os.environ, **environment}, stdin=subprocess.DEVNULL)


def _fetch(what, command, folder, environment={}):
    done = _run(command, folder, environment)
    if done.returncode == 0:
        return
    if UNREACHABLE.search(done.stdout):
        raise Skipped(f"the packages of {what} cannot be installed here:\n{done.stdout[-1500:]}")
    raise Failed(f"the packages of {what} cannot be installed:\n{done.stdout[-4000:]}")


def _build(what, command, folder, environment={}):
    done = _run(command, folder, environment)
    if done.returncode:
        raise Failed(f"{what} does not compile:\n{done.stdout[-4000:]}")


def _once(target, files, install):
    """Installs unless that was done with the same files."""
    stamp, digest = target / ".installed", _digest(files)
    if stamp.exists() and stamp.read_text() == digest:
        return target
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    install()
    stamp.write_text(digest)
    return target


def npm(build, name):
    """The packages of tests/interop/NAME/package-lock.json; returns the folder that has node_modules."""
    npm_program = tool("npm")
    files = [HERE / name / "package.json", HERE / name / "package-lock.json"]
    target = build / name

    def install():
        for file in files:
            shutil.copy(file, target)
        _fetch(name, [npm_program, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], target)
    return _once(target, files, install)


def pip(build, name):
    """The packages of tests/interop/NAME/requirements.txt; returns the folder for PYTHONPATH."""
    if subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True).returncode:
        raise Skipped(f"{sys.executable} has no pip")
    requirements = HERE / name / "requirements.txt"
    target = build / f"{name}-python"
    return _once(target, [requirements], lambda: _fetch(
        name, [sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps", "--only-binary", ":all:",
               "--target", target, "-r", requirements], build))


def cargo(build, name, program):
    """A program of the crate in tests/interop/NAME."""
    cargo_program = tool("cargo", (1, 85))
    crate = HERE / name
    _fetch(name, [cargo_program, "fetch", "--locked", "--manifest-path", crate / "Cargo.toml"], build)
    _build(name, [cargo_program, "build", "--quiet", "--release", "--locked", "--offline", "--manifest-path", crate / "Cargo.toml",
                  "--target-dir", build / name], build)
    return build / name / "release" / program


def go(build, name):
    """The program of the module in tests/interop/NAME."""
    go_program = tool("go", (1, 20))
    program = build / f"{name.replace('/', '-')}-program"
    environment = {"GOTOOLCHAIN": "local"}
    _fetch(name, [go_program, "mod", "download"], HERE / name, environment)
    _build(name, [go_program, "build", "-mod=readonly", "-o", program, "."], HERE / name, environment)
    return program
