"""What a page asks the database, and how long it takes."""

from time import perf_counter
from typing import Any

from django.test import Client


class QueryLog:
    """The connection itself is closed after each request, and its log with it."""

    def __init__(self, queries: list[str]) -> None:
        self.queries = queries

    def __call__(self, execute: Any, sql: str, *rest: Any) -> Any:
        self.queries.append(sql)
        return execute(sql, *rest)


def seconds(client: Client, address: str) -> float:
    begin = perf_counter()
    client.get(address)
    return perf_counter() - begin
