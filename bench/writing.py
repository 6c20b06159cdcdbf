"""Readers' replies on their way in: several connections post without a pause."""

import asyncio
import random
import time
from collections.abc import Iterator
from statistics import median, quantiles
from urllib.parse import urlencode, urlsplit

from bench.newsrooms import wait_for_workers
from bench.posting import SLUG, Posted, form_of, lost_replies, words
from bench.processes import processor_seconds
from bench.rows import Bar, Row, row
from bench.wrk import Sample, Unanswered
from tests.running import Running

PATIENCE = 60.0  # seconds for one answer, and for the workers
SLOWEST = {16: 250.0, 64: 1000.0}  # p99, in milliseconds


def posting(newsroom: Running, connections: int, replies: int, times: int) -> list[Row]:
    """`times` times so many replies; what the workers do of it counts. Raises Unanswered where
    one is refused or lost."""
    samples = [sample(newsroom, connections, replies, seed) for seed in range(times)]
    bars = [Bar("p99", at_most=SLOWEST[connections])]
    if connections == 16:
        bars.append(Bar("cpu", at_most=5))
    return [row(f"posting a reply, {connections} at once", "writing", samples, *bars)]


def sample(newsroom: Running, connections: int, replies: int, seed: int) -> Sample:
    requests = made(newsroom, connections, replies, seed)
    root = newsroom.process.pid
    before = processor_seconds(root)
    begun = time.perf_counter()
    posted = asyncio.run(crowd(newsroom.url, requests, connections))
    took = time.perf_counter() - begun
    wait_for_workers(newsroom, PATIENCE)
    worked = processor_seconds(root) - before
    refused = [each for each in posted if each.status != 303]
    if refused:
        raise Unanswered(f"{len(refused)} of {replies} replies: {refused[0].status}")
    if lost := lost_replies(newsroom, posted):
        raise Unanswered(f"{len(lost)} of {replies} replies were lost")
    waited = [each.seconds for each in posted]
    return Sample(
        per_second=replies / took,
        p50=median(waited) * 1000,
        p99=quantiles(waited, n=100)[98] * 1000,
        cpu=worked * 1000 / replies,
        size=median(len(each.page) for each in posted),
    )


def made(
    newsroom: Running, connections: int, replies: int, seed: int
) -> Iterator[tuple[str, bytes]]:
    """The text and the whole request of each; senders are new, and of many networks."""
    form, host = form_of(newsroom), urlsplit(newsroom.url).netloc
    chance = random.Random(f"{connections} {seed} {time.time()}")
    first = chance.randrange(10**9)
    requests = []
    for number in range(first, first + replies):
        text = f"No. {number}: {words(chance)}"
        sender = {"author": f"Reader {number}", "email": f"reader-{number}@example.org"}
        body = urlencode(form | sender | {"comment": text}).encode()
        head = (
            f"POST /articles/{SLUG}/comments/ HTTP/1.1\r\nHost: {host}\r\n"
            f"X-Forwarded-For: 10.{number % 250}.{number // 250 % 250}.{number % 199 + 1}\r\n"
            "User-Agent: Mozilla/5.0 (bench)\r\nSec-Fetch-Site: same-origin\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        requests.append((text, head.encode() + body))
    return iter(requests)


async def crowd(url: str, requests: Iterator[tuple[str, bytes]], connections: int) -> list[Posted]:
    """Each connection sends the next one as soon as it was answered."""
    posted: list[Posted] = []
    parts = urlsplit(url)

    async def reader() -> None:
        stream, writer = await asyncio.open_connection(parts.hostname, parts.port)
        for text, request in requests:
            begun = time.perf_counter()
            writer.write(request)
            status, body = await asyncio.wait_for(answer(stream), PATIENCE)
            posted.append(Posted(text, status, time.perf_counter() - begun, body))
        writer.close()

    async with asyncio.TaskGroup() as group:
        for _ in range(connections):
            group.create_task(reader())
    return posted


async def answer(stream: asyncio.StreamReader) -> tuple[int, str]:
    head = (await stream.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    lines = head.split("\r\n")
    headers = dict(line.partition(": ")[::2] for line in lines[1:] if line)
    if headers.get("transfer-encoding") == "chunked":
        body = b""
        while size := int(await stream.readline(), 16):
            body += await stream.readexactly(size)
            await stream.readexactly(2)
        await stream.readexactly(2)
    else:
        body = await stream.readexactly(int(headers.get("content-length", "0")))
    return int(lines[0].split()[1]), body.decode("utf-8", "replace")
