"""Loads a server with wrk, and tells what it answered and what that took of the processors."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Self

from bench.processes import processor_seconds
from tests.machine import debian

# Each request comes from another of 250 addresses, which a trusted proxy would forward: all are
# made before the load begins, and sent in turn.
SCRIPT = """
local requests, at = {}, 0
local number = 0
setup = function(thread)
  number = number + 1
  thread:set("first", number)
end
init = function(arguments)
  local paths = #arguments > 0 and arguments or {wrk.path}
  for n = 0, 249 do
    wrk.headers["X-Forwarded-For"] = string.format("10.%d.%d.%d", first, n, n % 7 + 1)
    requests[n + 1] = wrk.format(nil, paths[n % #paths + 1])
  end
end
request = function()
  at = at % #requests + 1
  return requests[at]
end
done = function(summary, latency)
  local e = summary.errors
  io.write("\\nRESULT " .. string.format(
    '{"requests":%d,"microseconds":%d,"bytes":%d,"p50":%d,"p99":%d,"status":%d,"socket":%d}\\n',
    summary.requests, summary.duration, summary.bytes,
    latency:percentile(50), latency:percentile(99),
    e.status, e.connect + e.read + e.write + e.timeout))
end
"""
# A sample with fewer answers is taken again, of twice the time.
FEWEST, LONGEST = 20, 20
STORED_CONNECTIONS, FRESH_CONNECTIONS = 32, 8


class Unanswered(Exception):
    """The server answered some requests with an error, or not at all."""


class NotInstalled(Exception):
    """A program of the machine is missing; the message names it."""


@dataclass(frozen=True)
class Sample:
    """What one load gave. `cpu` is of the whole server, `p50` and `p99` are what the client
    waited: all in milliseconds. `size` is of an answer with its headers, in bytes."""

    per_second: float
    p50: float
    p99: float
    cpu: float
    size: float

    @classmethod
    def median_of(cls, samples: Sequence[Self]) -> "Sample":
        fields = ("per_second", "p50", "p99", "cpu", "size")
        return Sample(*(median(getattr(each, name) for each in samples) for name in fields))


def program(name: str, package: str) -> str:
    """Where it is; where the machine lets us, it is installed. Raises NotInstalled."""
    path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    if not (found := shutil.which(name) or shutil.which(name, path=path)):
        if debian.can_install() and debian.install(package):
            return program(name, package)
        raise NotInstalled(f"{name} is missing: install it with `apt-get install {package}`.")
    return found


def load(
    url: str,
    root: int,
    *,
    paths: Sequence[str] = (),
    headers: Mapping[str, str] | None = None,
    seconds: int = 3,
    connections: int = FRESH_CONNECTIONS,
) -> Sample:
    """Ask for `url`, or in turn for the `paths` of its host, as fast as the server answers; its
    processes are `root` and what descends from it. Raises Unanswered, NotInstalled."""
    wrk = program("wrk", "wrk")
    sent = {"Accept-Encoding": "gzip", "User-Agent": "Mozilla/5.0 (bench)"} | dict(headers or {})
    lines = [part for name, value in sent.items() for part in ("-H", f"{name}: {value}")]
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(SCRIPT)
        script.flush()
        command = [wrk, "-t2", f"-c{connections}", f"-d{seconds}s", "--timeout", "20s"]
        command += ["-s", script.name, *lines, url, "--", *paths]
        before = processor_seconds(root)
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        worked = processor_seconds(root) - before
    found = done.stdout.rpartition("RESULT ")[2]
    if done.returncode or not found.startswith("{"):
        raise Unanswered(f"{url}: wrk failed: {done.stdout} {done.stderr}")
    told: dict[str, int] = json.loads(found)
    if told["status"] or told["socket"]:
        raise Unanswered(
            f"{url}: of {told['requests']} answers {told['status']} were errors, "
            f"{told['socket']} connections failed"
        )
    if told["requests"] < FEWEST and seconds < LONGEST:
        return load(
            url, root, paths=paths, headers=headers, seconds=2 * seconds, connections=connections
        )
    if not told["requests"]:
        raise Unanswered(f"{url}: no answer within {seconds} s")
    return Sample(
        per_second=told["requests"] / (told["microseconds"] / 1e6),
        p50=told["p50"] / 1000,
        p99=told["p99"] / 1000,
        cpu=worked * 1000 / told["requests"],
        size=told["bytes"] / told["requests"],
    )
