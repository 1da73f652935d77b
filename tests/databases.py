"""Databases of a test's own, dropped when it is over."""

import time

import psycopg
from psycopg import sql

PATIENCE = 60  # seconds


def drop(owner: psycopg.Connection, name: str) -> None:
    """Drop database `name`, by a connection in autocommit.

    A worker of autovacuum belongs to the superuser, and the owner may not end it: it is gone in a moment by itself.
    """
    statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            owner.execute(statement)
            return
        except (psycopg.errors.InsufficientPrivilege, psycopg.errors.ObjectInUse):
            if time.monotonic() > deadline:
                raise
