"""Sealing: the audit of the open box, and the end of every link between people and choices.

One transaction under the exclusive lock, by the role that owns the tables: audit, marked register,
totals, two new tables in random order that share no column, then the open box is dropped. Whatever
fails leaves the box as it was; the command can simply be run again.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext_lazy as _

from home.errors import DomainError
from residents.models import RollEntry

from .annulment import annulled_versions
from .box_checks import refuse_unsafe
from .box_keys import BoxKey, load_key
from .box_locks import lock_box, lock_chain, lock_round
from .checkpoints import make_checkpoint, verify_chain
from .joint_acts import Effect
from .models import Checkpoint, JointAct, Round, Seal

OWNER = "owner"
ENTRIES_AT_ONCE = 200_000

Say = Callable[[str], None]


class SealingRefused(DomainError):
    """The box cannot be sealed yet."""


class AuditFailed(DomainError):
    """The box is not what it must be; it stays as it is, for the guarantors to look into."""


def owner_alias() -> str:
    """Return the connection of the role that owns the tables (DATABASE_OWNER_URL).

    Where none is set, as in development, the only connection owns them.
    """
    return OWNER if OWNER in connections else DEFAULT_DB_ALIAS


def parameters_for(round: Round) -> dict[str, int]:
    """Return what a request to seal carries: how much was in the box that two people signed for."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        return _contents(cursor, round)


def check(act: JointAct) -> None:
    """Raise SealingRefused or BoxKeyError unless the vote is over and the box key is at hand.

    What was signed for must still be what is in the box, and no annulment may be waiting.
    """
    _refuse_unless_closed(act.round)
    load_key(act.round_id)
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        _refuse_unless_settled(cursor, act)


def apply(act: JointAct) -> None:
    """Do nothing: the two signatures allow the sealing, which the owner's role does afterwards."""


def seal_round(*, round: Round, say: Say = lambda line: None) -> Seal:
    """Audit and seal the box of a closed round; return its seal, also when it was there already.

    Needs an act of sealing that two people signed, and the box key on this machine. Raises
    SealingRefused, AuditFailed, ChainError, DatabaseUnsafe or BoxKeyError; then nothing changed.
    """
    seal = Seal.objects.filter(round=round).first()
    if seal is not None:
        return seal
    # The latest: a sheet that came afterwards is signed for anew.
    act = (
        JointAct.objects.filter(
            round=round, kind=JointAct.Kind.SEALING, state=JointAct.State.CONFIRMED
        )
        .order_by("-decided_at", "-pk")
        .first()
    )
    if act is None:
        raise SealingRefused(_("Sealing takes the signatures of a coordinator and a guarantor."))
    _refuse_unless_closed(round)
    key = load_key(round.pk)
    if _has_unpublished(round):
        checkpoint = make_checkpoint(round=round, occasion=Checkpoint.Occasion.PAPER)
        say(f"checkpoint {checkpoint.number}: {checkpoint.head.hex()}")
    seal = _seal(round=round, act=act, key=key, say=say, using=owner_alias())
    round.refresh_from_db(fields=["state"])
    return seal


def _seal(*, round: Round, act: JointAct, key: BoxKey, say: Say, using: str) -> Seal:
    with transaction.atomic(using=using, durable=True), connections[using].cursor() as cursor:
        refuse_unsafe(cursor)
        # Sorting a million rows in memory; it ends with the transaction.
        cursor.execute("SET LOCAL work_mem = '256MB'")
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
        lock_round(cursor, round.pk)
        _refuse_unless_closed(round)
        lock_box(cursor, round.pk)
        # No checkpoint comes after those that the audit recomputes.
        lock_chain(cursor, round.pk)
        _refuse_unless_settled(cursor, act)
        _prepare(cursor, round, annulled_versions(round, using=using))
        sums = _audit(cursor, round, say=say, using=using)
        sums |= _mark_register(cursor, round, key, say=say, using=using)
        _check_paper(cursor, round)
        _write_totals(cursor, round)
        _write_sealed_tables(cursor, round, sums)
        cursor.execute("SELECT clock_timestamp()")
        seal = Seal(round=round, act=act, sealed_at=cursor.fetchone()[0], **sums)
        seal.save(using=using, force_insert=True)
        # The parts that name ballot keys go before the transaction ends.
        cursor.execute("DROP TABLE budgeting_audited")
        cursor.execute(f"DROP TABLE budgeting_ballot_{int(round.pk)}")
        cursor.execute(
            "UPDATE budgeting_round SET state = %s WHERE id = %s", [Round.State.SEALED, round.pk]
        )
    for line in report_lines(seal):
        say(line)
    return seal


def report_lines(seal: Seal) -> list[str]:
    """Return the sums of a seal as people read them: numbers only."""
    return [
        f"commitments {seal.commitments} = replaced {seal.replaced} + annulled {seal.annulled} "
        f"+ counted {seal.counted}",
        f"register {seal.registered} = counted not on paper {seal.counted - seal.counted_on_paper} "
        f"+ annulled {seal.annulled}",
        f"paper: tokens {seal.tokens}, counted sheets {seal.counted_on_paper}",
        f"checkpoints recomputed: {seal.checkpoints}",
    ]


def _refuse_unless_closed(round: Round) -> None:
    state = Round.objects.values_list("state", flat=True).get(pk=round.pk)
    if state != Round.State.CLOSED:
        raise SealingRefused(_("Only the box of a vote that is over can be sealed."))


def _contents(cursor: CursorWrapper, round: Round) -> dict[str, int]:
    rows = _rows(
        cursor,
        "SELECT count(commitment),"
        " count(*) FILTER (WHERE channel = 'paper' AND content IS NOT NULL)"
        " FROM budgeting_ballot WHERE round_id = %s",
        round.pk,
    )
    commitments, sheets = rows[0]
    return {"commitments": commitments, "sheets": sheets}


def _refuse_unless_settled(cursor: CursorWrapper, act: JointAct) -> None:
    """Raise SealingRefused while something about the box is undecided or not what was signed."""
    if _number(
        cursor,
        "SELECT count(*) FROM budgeting_jointact"
        " WHERE round_id = %s AND kind = 'annulment' AND state = 'requested'",
        act.round_id,
    ):
        raise SealingRefused(
            _("An annulment waits for its second signature: confirm or refuse it first.")
        )
    if act.parameters != _contents(cursor, act.round):
        raise SealingRefused(
            _("The box no longer holds what was signed for: ask for the sealing again.")
        )


def details(act: JointAct) -> list[tuple[Any, Any]]:
    """Return what the second person reads before signing."""
    return [
        (_("Commitments in the box"), act.parameters["commitments"]),
        (_("Of these, paper sheets"), act.parameters["sheets"]),
    ]


def _has_unpublished(round: Round) -> bool:
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM budgeting_ballot"
            " WHERE round_id = %(round)s AND commitment IS NOT NULL)"
            " > (SELECT count(*) FROM budgeting_leaf WHERE round_id = %(round)s)",
            {"round": round.pk},
        )
        return bool(cursor.fetchone()[0])


def _prepare(cursor: CursorWrapper, round: Round, annulled: list[tuple[bytes, int]]) -> None:
    """Set apart the last version under each ballot key, with its contest and its state."""
    cursor.execute(
        """
        CREATE TEMPORARY TABLE budgeting_audited ON COMMIT DROP AS
        SELECT t.ballot_key, t.version, t.channel, t.place, t.scope_id, t.content,
               c.id AS contest_id,
               CASE WHEN t.content IS NULL THEN 'token'
                    WHEN a.ballot_key IS NOT NULL THEN 'annulled'
                    ELSE 'counted' END AS state
          FROM (SELECT DISTINCT ON (ballot_key)
                       ballot_key, version, channel, place, scope_id, content
                  FROM budgeting_ballot WHERE round_id = %(round)s
                 ORDER BY ballot_key, version DESC) t
          LEFT JOIN (SELECT ballot_key, max(through_version) AS through_version
                       FROM unnest(%(keys)s::bytea[], %(versions)s::integer[])
                            AS annulled (ballot_key, through_version)
                      GROUP BY ballot_key) a
            ON a.ballot_key = t.ballot_key AND t.version <= a.through_version
          LEFT JOIN budgeting_contest c
            ON c.scope_id = t.scope_id AND c.slug = t.content::json ->> 'contest'
        """,
        {
            "round": round.pk,
            "keys": [ballot_key for ballot_key, _version in annulled],
            "versions": [version for _ballot_key, version in annulled],
        },
    )
    cursor.execute("CREATE UNIQUE INDEX ON budgeting_audited (ballot_key)")
    cursor.execute("ANALYZE budgeting_audited")


def _audit(cursor: CursorWrapper, round: Round, *, say: Say, using: str) -> dict[str, int]:
    """Open every commitment and recompute every checkpoint. Raises AuditFailed or ChainBroken."""
    unopened = _number(
        cursor,
        """
        SELECT count(*)
          FROM (SELECT *, convert_to(scope_id::text, 'UTF8') AS s, convert_to(content, 'UTF8') AS c
                  FROM budgeting_ballot WHERE round_id = %s AND content IS NOT NULL) b
         WHERE commitment <> sha256(
               'RIONE-C1'::bytea
               || int4send(octet_length(s)) || s
               || int4send(octet_length(tracker)) || tracker
               || int4send(octet_length(c)) || c
               || int4send(octet_length(blinding)) || blinding)
        """,
        round.pk,
    )
    if unopened:
        raise AuditFailed(
            _("Commitments that do not open to the ballot beside them: %(number)d.")
            % {"number": unopened}
        )
    chain = verify_chain(round=round, using=using)
    say(f"checkpoints recomputed: {chain.checkpoints}, last head {chain.head.hex()}")
    astray = _number(
        cursor,
        """
        SELECT count(*) FROM
            (SELECT commitment FROM budgeting_ballot
              WHERE round_id = %(round)s AND commitment IS NOT NULL) b
            FULL JOIN (SELECT commitment FROM budgeting_leaf WHERE round_id = %(round)s) l
            USING (commitment)
         WHERE b.commitment IS NULL OR l.commitment IS NULL
        """,
        {"round": round.pk},
    )
    if astray:
        raise AuditFailed(
            _("Commitments in the box or in the public list, but not in both: %(number)d.")
            % {"number": astray}
        )
    missing = _number(
        cursor,
        "SELECT (SELECT coalesce(sum(version), 0) FROM budgeting_audited)"
        " - (SELECT count(*) FROM budgeting_ballot WHERE round_id = %s)",
        round.pk,
    )
    if missing:
        raise AuditFailed(_("Earlier versions of ballots are missing from the box."))
    if _number(
        cursor,
        "SELECT count(*) FROM budgeting_audited WHERE contest_id IS NULL AND content IS NOT NULL",
    ):
        raise AuditFailed(_("Some ballots name a contest that is not in their scope."))
    commitments = chain.commitments
    by_state = dict(_rows(cursor, "SELECT state, count(*) FROM budgeting_audited GROUP BY state"))
    annulled, counted = by_state.get("annulled", 0), by_state.get("counted", 0)
    return {
        "commitments": commitments,
        "replaced": commitments - annulled - counted,
        "annulled": annulled,
        "counted": counted,
        "counted_on_paper": _number(
            cursor,
            "SELECT count(*) FROM budgeting_audited WHERE state = 'counted' AND channel = 'paper'",
        ),
        "tokens": by_state.get("token", 0),
        "checkpoints": chain.checkpoints,
    }


def _mark_register(
    cursor: CursorWrapper, round: Round, key: BoxKey, *, say: Say, using: str
) -> dict[str, int]:
    """Write who took part, in the order of the roll; every ballot key must be somebody's.

    Different people have different voting ids (a constraint), and so different keys: as many marks
    as keys means that each key belongs to exactly one entry.
    """
    scopes = list(round.scopes.using(using).values_list("pk", flat=True))
    marks = 0
    for batch in _batches(
        RollEntry.objects.using(using)
        .filter(roll=round.roll)
        .order_by("pk")
        .values_list("pk", "voting_id")
        .iterator(chunk_size=ENTRIES_AT_ONCE)
    ):
        for scope_id in scopes:
            cursor.execute(
                """
                INSERT INTO budgeting_registermark (entry_id, scope_id, channel)
                SELECT e.entry_id, a.scope_id, a.channel
                  FROM unnest(%s::bigint[], %s::bytea[]) AS e (entry_id, ballot_key)
                  JOIN budgeting_audited a ON a.ballot_key = e.ballot_key AND a.scope_id = %s
                   AND (a.channel <> 'paper' OR a.state = 'token')
                 ORDER BY e.entry_id
                """,
                [
                    _array(str(entry_id) for entry_id, _voting_id in batch),
                    _array(
                        f'"\\\\x{key.ballot_key(scope_id=scope_id, voting_id=voting_id).hex()}"'
                        for _entry_id, voting_id in batch
                    ),
                    scope_id,
                ],
            )
            marks += cursor.rowcount
    keys = _number(
        cursor,
        "SELECT count(*) FROM budgeting_audited WHERE channel <> 'paper' OR state = 'token'",
    )
    if marks != keys:
        raise AuditFailed(
            _("Ballots in the box that belong to nobody on the roll: %(number)d.")
            % {"number": keys - marks}
        )
    say(f"every ballot belongs to one entry of the roll: {marks}")
    tokens = _number(cursor, "SELECT count(*) FROM budgeting_audited WHERE state = 'token'")
    return {"registered": marks - tokens}


def _check_paper(cursor: CursorWrapper, round: Round) -> None:
    """Per place and scope: tokens = sheets in the box + invalid + not returned."""
    open_accounts = _rows(
        cursor,
        """
        SELECT s.name, p.place,
               p.tokens, p.sheets + coalesce(a.invalid, 0) + coalesce(a.not_returned, 0)
          FROM (SELECT scope_id, place, count(*) FILTER (WHERE content IS NULL) AS tokens,
                       count(*) FILTER (WHERE content IS NOT NULL) AS sheets
                  FROM budgeting_audited WHERE channel = 'paper' GROUP BY scope_id, place
                UNION
                SELECT a.scope_id, a.place, 0, 0
                  FROM budgeting_paperaccount a JOIN budgeting_scope s ON s.id = a.scope_id
                 WHERE s.round_id = %s AND NOT EXISTS (
                       SELECT FROM budgeting_audited b
                        WHERE b.channel = 'paper' AND (b.scope_id, b.place) = (a.scope_id, a.place)
                 )) p
          JOIN budgeting_scope s ON s.id = p.scope_id
          LEFT JOIN budgeting_paperaccount a
            ON a.scope_id = p.scope_id AND a.place = p.place
         WHERE p.tokens <> p.sheets + coalesce(a.invalid, 0) + coalesce(a.not_returned, 0)
         ORDER BY 1, 2
        """,
        round.pk,
    )
    if open_accounts:
        raise AuditFailed(
            _("The paper ballots do not add up: %(places)s")
            % {
                "places": "; ".join(
                    f"{scope} · {place}: {handed_out} ≠ {accounted_for}"
                    for scope, place, handed_out, accounted_for in open_accounts
                )
            }
        )


def _write_totals(cursor: CursorWrapper, round: Round) -> None:
    cursor.execute(
        """
        INSERT INTO budgeting_sealedtotal (contest_id, channel, ballots)
        SELECT c.id, h.channel, count(a.*)
          FROM budgeting_contest c
          JOIN budgeting_scope s ON s.id = c.scope_id
         CROSS JOIN (VALUES ('online'), ('assisted'), ('paper')) AS h (channel)
          LEFT JOIN budgeting_audited a
            ON a.contest_id = c.id AND a.channel = h.channel AND a.state = 'counted'
         WHERE s.round_id = %s
         GROUP BY c.id, h.channel
         ORDER BY c.id, h.channel
        """,
        [round.pk],
    )


def _write_sealed_tables(cursor: CursorWrapper, round: Round, sums: dict[str, int]) -> None:
    """Fill the two tables, each in a random order of its own from the system's generator."""
    cursor.execute(
        """
        INSERT INTO budgeting_sealedchoices (contest_id, number, choices)
        SELECT contest_id, row_number() OVER (PARTITION BY contest_id ORDER BY shuffle), choices
          FROM (SELECT contest_id, (content::json -> 'choices')::text AS choices,
                       gen_random_uuid() AS shuffle
                  FROM budgeting_audited WHERE state = 'counted') AS shuffled
        """
    )
    if cursor.rowcount != sums["counted"]:
        raise AuditFailed(_("Not every counted ballot could be sealed."))
    cursor.execute(
        """
        INSERT INTO budgeting_sealedcommitment (round_id, tracker, commitment)
        SELECT round_id, tracker, commitment
          FROM budgeting_ballot WHERE round_id = %s AND commitment IS NOT NULL
         ORDER BY gen_random_uuid()
        """,
        [round.pk],
    )
    if cursor.rowcount != sums["commitments"]:
        raise AuditFailed(_("Not every commitment could be sealed."))


def _array(items: Iterable[str]) -> str:
    """Write an array in one piece: item by item PostgreSQL takes three times as long to read it."""
    return f"{{{','.join(items)}}}"


def _batches(rows: Iterator[tuple[int, Any]]) -> Iterator[list[tuple[int, Any]]]:
    while batch := list(islice(rows, ENTRIES_AT_ONCE)):
        yield batch


def _rows(cursor: CursorWrapper, statement: str, parameters: Any = None) -> list[tuple[Any, ...]]:
    if parameters is not None and not isinstance(parameters, dict):
        parameters = [parameters]
    cursor.execute(statement, parameters)
    return list(cursor.fetchall())


def _number(cursor: CursorWrapper, statement: str, parameters: Any = None) -> int:
    return int(_rows(cursor, statement, parameters)[0][0])


EFFECT = Effect(check=check, apply=apply, details=details)
