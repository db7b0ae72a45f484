"""What a city sets from outside: every environment variable, once, with its meaning.

A value that cannot be read is kept as a problem and reported by a system check in words; the
program still starts far enough to say so.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from . import readers


@dataclass(frozen=True)
class Variable:
    """One environment variable: its name, what it is for, how it is read."""

    name: str
    meaning: str
    default: Any = ""
    read: Callable[[str], Any] = str
    production: str = "optional"  # "required" or "optional"
    example: str = ""
    is_secret: bool = False  # then what is said of a wrong value does not repeat it


VARIABLES = {
    variable.name: variable
    for variable in [
        Variable(
            "SECRET_KEY",
            "Signs sessions and e-mail codes; at least 50 random characters, the same on every "
            "server of the site.",
            production="required",
            example="$(openssl rand -base64 48)",
        ),
        Variable(
            "DATABASE_URL",
            "The PostgreSQL database, 15 or later. Without it the embedded one is used, which "
            "production refuses.",
            production="required",
            example="postgres://rione:password@localhost/rione",
            read=readers.postgresql_address,
            is_secret=True,
        ),
        Variable(
            "DATABASE_OWNER_URL",
            "The same database under the role that owns its tables: for sealing a ballot box and "
            "for `set_box_grants`. The web's own role owns nothing.",
            example="postgres://rione_owner:password@localhost/rione",
            read=readers.postgresql_address,
            is_secret=True,
        ),
        Variable(
            "ALLOWED_HOSTS",
            "Host names the site answers to, separated by commas.",
            default=[],
            read=readers.host_names,
            production="required",
            example="partecipa.comune.example.it",
        ),
        Variable(
            "SITE_URL",
            "The address of the site, used in e-mails and feeds.",
            default="http://localhost:8000",
            production="required",
            example="https://partecipa.comune.example.it",
            read=readers.site_address,
        ),
        Variable(
            "EMAIL_HOST",
            "The mail server.",
            production="required",
            example="smtp.comune.example.it",
            read=readers.host_name,
        ),
        Variable(
            "EMAIL_PORT",
            "Its port.",
            default=587,
            read=readers.whole_number(least=1, most=65_535),
            example="587",
        ),
        Variable("EMAIL_HOST_USER", "Its user name, when it asks for one."),
        Variable("EMAIL_HOST_PASSWORD", "Its password, when it asks for one."),
        Variable(
            "DEFAULT_FROM_EMAIL",
            "The sender of the site's e-mails.",
            default="rione@localhost",
            production="required",
            example="partecipa@comune.example.it",
            read=readers.email_sender,
        ),
        Variable(
            "BOX_KEYS_DIR",
            "Folder of the ballot boxes' keys: on every web server, mode 0700, outside the web "
            "root and outside every backup.",
            production="required",
            example="/etc/rione/box-keys",
            read=readers.folder,
        ),
        Variable(
            "ROLL_SECRET",
            "Keys the hash of codici fiscali on the rolls; at least 32 random characters, kept "
            "outside the database and never changed while a roll is in use.",
            production="required",
            example="$(openssl rand -base64 48)",
        ),
        Variable(
            "MEDIA_ROOT",
            "Folder of the pictures and documents that editors upload.",
            example="/srv/rione/media",
            read=readers.folder,
        ),
        Variable(
            "STATIC_ROOT",
            "Folder that `collectstatic` fills.",
            example="/srv/rione/static",
            read=readers.folder,
        ),
        Variable(
            "SOURCE_CODE_URL",
            "Address of the source code of the version in use; the result page and recount kits "
            "name it.",
            example="https://example.org/rione/rione/tree/v0.1.0",
            read=readers.web_address,
        ),
        Variable(
            "MAP_TILES_URL",
            "Address of map tiles with {z}, {x} and {y}. Without it maps show boundaries and "
            "places only.",
            read=readers.tiles_address,
            example="https://tiles.example.org/{z}/{x}/{y}.png",
        ),
        Variable("MAP_TILES_ATTRIBUTION", "The credit that the tiles' owner asks for."),
        Variable(
            "TRUSTED_PROXIES",
            "How many reverse proxies stand before the site; as many addresses are believed from "
            "X-Forwarded-For.",
            default=0,
            read=readers.whole_number(least=0, most=10),
            example="1",
        ),
        Variable(
            "OIDC_SERVER_URL",
            "Address of the OpenID Connect gateway for SPID and CIE; without it people sign in by "
            "e-mail code.",
            read=readers.web_address,
            example="https://gateway.example.org",
        ),
        Variable("OIDC_CLIENT_ID", "The site's name at that gateway."),
        Variable("OIDC_SECRET", "The site's secret at that gateway."),
        Variable("OIDC_NAME", "What people call that gateway.", default="SPID / CIE"),
        Variable(
            "OIDC_SCOPES",
            "What the site asks that gateway for, separated by commas.",
            default=["openid", "profile", "email"],
            read=readers.words,
        ),
        Variable(
            "OIDC_FISCAL_CODE_CLAIM",
            "The claim of that gateway that carries the codice fiscale.",
            default="fiscal_number",
        ),
        Variable("OIDC_EMAIL_CLAIM", "The claim with the e-mail address.", default="email"),
        Variable("OIDC_FIRST_NAME_CLAIM", "The claim with the first name.", default="given_name"),
        Variable("OIDC_LAST_NAME_CLAIM", "The claim with the last name.", default="family_name"),
        Variable(
            "DEVELOPMENT_SIGN_IN",
            "Offers the demonstration people on the sign-in page and shows e-mails on a page. "
            "Production refuses it.",
            default=False,
            read=readers.switch,
            example="no",
        ),
    ]
}

PROBLEMS: dict[str, str] = {}  # by the name of the variable


def value(name: str) -> Any:
    """Return what the environment says, or the default; note what cannot be read in PROBLEMS."""
    variable = VARIABLES[name]
    text = os.environ.get(name, "")
    if not text:
        return variable.default
    try:
        return variable.read(text)
    except ValueError as error:
        wrong = "cannot be read" if variable.is_secret else f"is {text!r}"
        PROBLEMS[name] = f"{name} {wrong}: {error}. {variable.meaning}"
        return variable.default
