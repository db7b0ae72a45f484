"""What the web's database role may do: add to the box and read it, and nothing that undoes it."""

from django.db.backends.utils import CursorWrapper
from psycopg2 import sql

from home.errors import DomainError

# What only the owner's role fills: at sealing.
READ_ONLY = (
    "budgeting_seal",
    "budgeting_sealedtotal",
    "budgeting_sealedchoices",
    "budgeting_sealedcommitment",
    "budgeting_registermark",
)
READ_AND_ADD = (
    "budgeting_ballot",
    "budgeting_leaf",
    "budgeting_checkpoint",
    "budgeting_annulment",
    "budgeting_frozenrules",
    "budgeting_recordpart",
)
# Acts, boxes and files of a record get a second half later; triggers say when.
READ_ADD_AND_COMPLETE = {
    "budgeting_box": ("key_destroyed_at", "key_destruction_id"),
    "budgeting_jointact": ("state", "answer", "decided_by_id", "decided_at"),
    "budgeting_recordfile": ("sha256", "crc32", "size"),
}


class RoleUnsuitable(DomainError):
    """A role that could undo what the grants forbid."""


def set_grants(cursor: CursorWrapper, *, role: str) -> None:
    """Give the web's role its rights on every table; run by the owner after each `migrate`.

    Raises RoleUnsuitable for a role that is missing, is a superuser, or owns tables.
    """
    _refuse_unsuitable(cursor, role)
    name = sql.Identifier(role)

    def run(statement: str, **parts: sql.Composable) -> None:
        cursor.execute(sql.SQL(statement).format(role=name, **parts))

    cursor.execute("SELECT current_schema(), current_database()")
    schema, database = (sql.Identifier(found) for found in cursor.fetchone())
    run("GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {role}", database=database)
    run("GRANT USAGE ON SCHEMA {schema} TO {role}", schema=schema)
    run(
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}",
        schema=schema,
    )
    run("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role}", schema=schema)
    run("GRANT EXECUTE ON FUNCTION budgeting_make_ballot_partition(bigint) TO {role}")
    for table in (*READ_ONLY, *READ_AND_ADD, *READ_ADD_AND_COMPLETE):
        run("REVOKE ALL ON {table} FROM {role}", table=sql.Identifier(table))
        run("GRANT SELECT ON {table} TO {role}", table=sql.Identifier(table))
    for table in (*READ_AND_ADD, *READ_ADD_AND_COMPLETE):
        run("GRANT INSERT ON {table} TO {role}", table=sql.Identifier(table))
    for table, columns in READ_ADD_AND_COMPLETE.items():
        run(
            "GRANT UPDATE ({columns}) ON {table} TO {role}",
            table=sql.Identifier(table),
            columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        )
    # Partitions are reached through their table only.
    for partition in _partitions(cursor):
        run("REVOKE ALL ON {table} FROM {role}", table=sql.Identifier(partition))


def _refuse_unsuitable(cursor: CursorWrapper, role: str) -> None:
    cursor.execute("SELECT rolsuper, rolcanlogin FROM pg_roles WHERE rolname = %s", [role])
    row = cursor.fetchone()
    if row is None:
        raise RoleUnsuitable(f"There is no role {role}: make it with CREATE ROLE … LOGIN.")
    if row[0]:
        raise RoleUnsuitable(f"{role} is a superuser, whom no grant binds.")
    cursor.execute(
        "SELECT count(*) FROM pg_tables WHERE pg_has_role(%s, tableowner, 'MEMBER')"
        " AND schemaname = current_schema()",
        [role],
    )
    owned = cursor.fetchone()[0]
    if owned:
        raise RoleUnsuitable(
            f"{role} owns {owned} tables, directly or as a member of their owner: what it owns it "
            "could empty. Give them to another role."
        )


def _partitions(cursor: CursorWrapper) -> list[str]:
    cursor.execute(
        "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
        "WHERE i.inhparent = 'budgeting_ballot'::regclass ORDER BY 1"
    )
    return [row[0] for row in cursor.fetchall()]
