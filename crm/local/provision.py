"""The two roles and the database that the app lives in: one owns the schema and migrates, one runs the app."""

from collections.abc import Callable, Mapping

import psycopg
from psycopg import sql

OWNER = "zhike_owner"
APP = "zhike_app"
DATABASE = "zhike"


def provision(
    dsn: Callable[[str], str], passwords: Mapping[str, str], *, owner_may_create_databases: bool = False
) -> None:
    """Create roles and database where they are missing, and bring passwords and rights up to date.

    dsn: gives a superuser's connection string for a database name; passwords: by role, both roles.
    owner_may_create_databases: for tests, which make databases of their own.
    Raises psycopg.Error when the server refuses.
    """
    with psycopg.connect(dsn("postgres"), autocommit=True) as connection:
        _role(connection, OWNER, passwords[OWNER], create_databases=owner_may_create_databases)
        _role(connection, APP, passwords[APP], create_databases=False)
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER))
            )
    with psycopg.connect(dsn(DATABASE), autocommit=True) as connection:
        connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
        connection.execute(sql.SQL("GRANT ALL ON SCHEMA public TO {}").format(sql.Identifier(OWNER)))
        connection.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(sql.Identifier(APP)))


def _role(connection: psycopg.Connection, name: str, password: str, *, create_databases: bool) -> None:
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
    connection.execute(
        sql.SQL("{verb} ROLE {role} LOGIN {can} PASSWORD {password}").format(
            verb=sql.SQL("ALTER" if known else "CREATE"),
            role=sql.Identifier(name),
            can=sql.SQL("CREATEDB" if create_databases else "NOCREATEDB"),
            password=sql.Literal(password),
        )
    )
