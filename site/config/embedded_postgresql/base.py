"""Django database backend: PostgreSQL, started by the first connection that needs it."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.backends.postgresql import base
from psycopg2 import OperationalError, connect, errors, sql

from .server import ensure_running

DEFAULT_DATABASE = "rione"


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL's own backend, with the embedded server's socket as its host."""

    def get_connection_params(self) -> dict[str, Any]:
        parameters: dict[str, Any] = super().get_connection_params()
        parameters["host"] = str(ensure_running(Path(settings.BASE_DIR)))
        parameters["user"] = parameters.get("user") or "postgres"
        return parameters

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        try:
            return super().get_new_connection(conn_params)
        except OperationalError as error:
            # Only the database of this checkout is made here; a mistyped name stays an error.
            if conn_params.get("dbname") != DEFAULT_DATABASE or "does not exist" not in str(error):
                raise
            _create_database(conn_params)
            return super().get_new_connection(conn_params)


def _create_database(conn_params: dict[str, Any]) -> None:
    administration = connect(host=conn_params["host"], user=conn_params["user"], dbname="postgres")
    try:
        administration.autocommit = True
        with administration.cursor() as cursor:
            cursor.execute(
                sql.SQL(
                    "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' "
                    "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'"
                ).format(sql.Identifier(conn_params["dbname"]))
            )
    except errors.DuplicateDatabase:
        pass  # another command was quicker
    finally:
        administration.close()
