"""What the database itself guarantees about the ballot box and the acts of two people.

Every function has a fixed search path, so that nobody can put a table of their own in the way.
"""

from django.db import migrations

FIX_SEARCH_PATH = """
SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);
"""

# One row per version of a ballot, per token, per sheet. No foreign key, no sequence, no time.
BALLOT_TABLE = """
CREATE TABLE budgeting_ballot (
    round_id bigint NOT NULL,
    scope_id bigint NOT NULL,
    ballot_key bytea NOT NULL,
    version integer NOT NULL,
    channel varchar(8) NOT NULL,
    place varchar(40),
    content text,
    blinding bytea,
    tracker bytea,
    commitment bytea,
    CONSTRAINT budgeting_ballot_pkey PRIMARY KEY (round_id, ballot_key, version),
    CONSTRAINT budgeting_ballot_tracker_once UNIQUE (round_id, tracker),
    CONSTRAINT budgeting_ballot_channel_known CHECK (channel IN ('online', 'assisted', 'paper')),
    CONSTRAINT budgeting_ballot_lengths CHECK (
        octet_length(ballot_key) = 32 AND octet_length(blinding) = 32
        AND octet_length(tracker) = 16 AND octet_length(commitment) = 32),
    CONSTRAINT budgeting_ballot_version_from_1 CHECK (version BETWEEN 1 AND 32767),
    CONSTRAINT budgeting_ballot_paper_has_one_version CHECK (channel <> 'paper' OR version = 1),
    CONSTRAINT budgeting_ballot_paper_has_a_place CHECK (
        CASE channel WHEN 'paper' THEN coalesce(place, '') <> '' ELSE place IS NULL END),
    CONSTRAINT budgeting_ballot_token_has_no_choices CHECK (
        CASE WHEN content IS NULL
            THEN channel = 'paper' AND blinding IS NULL AND tracker IS NULL AND commitment IS NULL
            ELSE blinding IS NOT NULL AND tracker IS NOT NULL AND commitment IS NOT NULL END)
) PARTITION BY LIST (round_id);
"""

# 1380536130 is the lock class of the box, budgeting.box_locks.BOX. The lock makes an insert that did
# not go through `casting` wait for the close, or be refused by it, like every other.
BALLOT_GUARD = """
CREATE FUNCTION budgeting_guard_ballot() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    round_state text;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(1380536130, NEW.round_id::integer);
    SELECT state INTO round_state FROM budgeting_round WHERE id = NEW.round_id;
    IF NEW.channel = 'paper' AND NEW.content IS NOT NULL THEN
        IF round_state IS DISTINCT FROM 'closed' THEN
            RAISE EXCEPTION 'paper sheets enter the box between the close and the sealing'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'budgeting_ballot_sheet_after_close';
        END IF;
    ELSIF round_state IS DISTINCT FROM 'open' THEN
        RAISE EXCEPTION 'the box takes ballots and tokens only while voting is open'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'budgeting_ballot_while_open';
    END IF;
    IF NEW.version > 1 AND NOT EXISTS (
        SELECT FROM budgeting_ballot
         WHERE round_id = NEW.round_id AND ballot_key = NEW.ballot_key
           AND version = NEW.version - 1 AND content IS NOT NULL)
    THEN
        RAISE EXCEPTION 'a version replaces the one before it, and a paper token is final'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'budgeting_ballot_replaces_previous';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER budgeting_ballot_guard BEFORE INSERT ON budgeting_ballot
    FOR EACH ROW EXECUTE FUNCTION budgeting_guard_ballot();
"""

REFUSE_CHANGE = """
CREATE FUNCTION budgeting_refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are only added: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
"""

# The web's role owns nothing and so cannot make tables; this it may do at an opening, and no more.
MAKE_PARTITION = """
CREATE FUNCTION budgeting_make_ballot_partition(box_round bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    partition text := 'budgeting_ballot_' || box_round;
BEGIN
    IF NOT EXISTS (SELECT FROM budgeting_round WHERE id = box_round AND state = 'preparation') THEN
        RAISE EXCEPTION 'a box is made when a round in preparation is opened'
            USING ERRCODE = 'restrict_violation';
    END IF;
    EXECUTE format(
        'CREATE TABLE %I PARTITION OF budgeting_ballot FOR VALUES IN (%s)', partition, box_round);
    -- Row triggers come down from the table to its partitions, this one does not.
    EXECUTE format(
        'CREATE TRIGGER budgeting_no_truncate BEFORE TRUNCATE ON %I '
        'FOR EACH STATEMENT EXECUTE FUNCTION budgeting_refuse_change()', partition);
END $$;
REVOKE ALL ON FUNCTION budgeting_make_ballot_partition(bigint) FROM PUBLIC;
"""

APPEND_ONLY = [
    "budgeting_ballot",
    "budgeting_leaf",
    "budgeting_checkpoint",
    "budgeting_annulment",
    "budgeting_seal",
    "budgeting_sealedtotal",
    "budgeting_sealedchoices",
    "budgeting_sealedcommitment",
    "budgeting_registermark",
    "budgeting_frozenrules",
]
NEVER_DELETED = ["budgeting_box", "budgeting_jointact"]

# What one may do to a sealed table is fill it, once, in the transaction that seals the round.
SEALED_ONCE = """
CREATE FUNCTION budgeting_refuse_sealed_round() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (SELECT DISTINCT {column} AS id FROM added) a
          {joins}
          JOIN budgeting_round r ON r.id = {round}
         WHERE r.state NOT IN ('preparation', 'closed'))
    THEN
        RAISE EXCEPTION 'this round is sealed, or still open: nothing more enters %', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
"""
FROM_CONTEST = """
    JOIN budgeting_contest c ON c.id = a.id
    JOIN budgeting_scope s ON s.id = c.scope_id
"""
FROM_SCOPE = "JOIN budgeting_scope s ON s.id = a.id"
SEALED_TABLES = {
    "sealedchoices": ("contest_id", FROM_CONTEST, "s.round_id"),
    "sealedtotal": ("contest_id", FROM_CONTEST, "s.round_id"),
    "sealedcommitment": ("round_id", "", "a.id"),
    "registermark": ("scope_id", FROM_SCOPE, "s.round_id"),
}

PAPER_ACCOUNTS = """
CREATE FUNCTION budgeting_guard_paperaccount() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF EXISTS (
        SELECT FROM budgeting_scope s JOIN budgeting_round r ON r.id = s.round_id
         WHERE s.id IN (NEW.scope_id, OLD.scope_id) AND EXISTS (
            SELECT FROM budgeting_seal WHERE round_id = r.id))
    THEN
        RAISE EXCEPTION 'the box is sealed: its accounts no longer change'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER budgeting_paperaccount_guard
    BEFORE INSERT OR UPDATE OR DELETE ON budgeting_paperaccount
    FOR EACH ROW EXECUTE FUNCTION budgeting_guard_paperaccount();
"""

ROUND_LATCH = """
CREATE FUNCTION budgeting_guard_round_state() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    states text[] := ARRAY['preparation', 'open', 'closed', 'sealed', 'counted', 'published'];
BEGIN
    IF array_position(states, NEW.state::text) < array_position(states, OLD.state::text) THEN
        RAISE EXCEPTION 'a round only moves forward: % does not follow %', NEW.state, OLD.state
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF array_position(states, NEW.state::text) >= 4
        AND NOT EXISTS (SELECT FROM budgeting_seal WHERE round_id = NEW.id)
    THEN
        RAISE EXCEPTION 'a round whose box is not sealed cannot be %', NEW.state
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER budgeting_round_latch BEFORE UPDATE OF state ON budgeting_round
    FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state)
    EXECUTE FUNCTION budgeting_guard_round_state();
"""

BOX_CHANGES = """
CREATE FUNCTION budgeting_guard_box() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF OLD.key_destroyed_at IS NOT NULL
        OR to_jsonb(OLD) - '{key_destroyed_at,key_destruction_id}'::text[]
            <> to_jsonb(NEW) - '{key_destroyed_at,key_destruction_id}'::text[]
    THEN
        RAISE EXCEPTION 'of a box only the destruction of its key is added'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER budgeting_box_guard BEFORE UPDATE ON budgeting_box
    FOR EACH ROW EXECUTE FUNCTION budgeting_guard_box();
"""

ACT_CHANGES = """
CREATE FUNCTION budgeting_guard_jointact() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF OLD.state <> 'requested'
        OR to_jsonb(OLD) - '{state,answer,decided_by_id,decided_at}'::text[]
            <> to_jsonb(NEW) - '{state,answer,decided_by_id,decided_at}'::text[]
    THEN
        RAISE EXCEPTION 'what two people signed is not changed afterwards'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER budgeting_jointact_guard BEFORE UPDATE ON budgeting_jointact
    FOR EACH ROW EXECUTE FUNCTION budgeting_guard_jointact();
"""


def append_only(table: str) -> str:
    return f"""
CREATE TRIGGER budgeting_only_added BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION budgeting_refuse_change();
CREATE TRIGGER budgeting_no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION budgeting_refuse_change();
"""


def never_deleted(table: str) -> str:
    return f"""
CREATE TRIGGER budgeting_not_deleted BEFORE DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION budgeting_refuse_change();
CREATE TRIGGER budgeting_no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION budgeting_refuse_change();
"""


def sealed_once(table: str, column: str, joins: str, round: str) -> str:
    function = f"budgeting_refuse_sealed_{table}"
    body = SEALED_ONCE.format(column=column, joins=joins, round=round)
    return f"""
{body.replace("budgeting_refuse_sealed_round", function)}
CREATE TRIGGER budgeting_sealed_once AFTER INSERT ON budgeting_{table}
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION {function}();
"""


def drop_triggers() -> str:
    drops = []
    for table in APPEND_ONLY:
        if table != "budgeting_ballot":
            drops.append(f"DROP TRIGGER budgeting_only_added ON {table};")
            drops.append(f"DROP TRIGGER budgeting_no_truncate ON {table};")
    for table in NEVER_DELETED:
        drops.append(f"DROP TRIGGER budgeting_not_deleted ON {table};")
        drops.append(f"DROP TRIGGER budgeting_no_truncate ON {table};")
    for table in SEALED_TABLES:
        drops.append(f"DROP TRIGGER budgeting_sealed_once ON budgeting_{table};")
        drops.append(f"DROP FUNCTION budgeting_refuse_sealed_{table}();")
    for table, function in {
        "paperaccount_guard": "guard_paperaccount",
        "round_latch": "guard_round_state",
        "box_guard": "guard_box",
        "jointact_guard": "guard_jointact",
    }.items():
        drops.append(
            f"DROP TRIGGER budgeting_{table} ON budgeting_{table.split('_')[0]};"
            f"DROP FUNCTION budgeting_{function}();"
        )
    return "\n".join(drops)


class Migration(migrations.Migration):
    dependencies = [("budgeting", "0002_box")]

    operations = [
        migrations.RunSQL(FIX_SEARCH_PATH, migrations.RunSQL.noop),
        migrations.RunSQL(REFUSE_CHANGE, "DROP FUNCTION budgeting_refuse_change();"),
        migrations.RunSQL(BALLOT_TABLE, "DROP TABLE budgeting_ballot;"),
        migrations.RunSQL(BALLOT_GUARD, "DROP TRIGGER budgeting_ballot_guard ON budgeting_ballot;"
                                        "DROP FUNCTION budgeting_guard_ballot();"),
        migrations.RunSQL(
            MAKE_PARTITION, "DROP FUNCTION budgeting_make_ballot_partition(bigint);"
        ),
        migrations.RunSQL(
            "".join(
                [append_only(table) for table in APPEND_ONLY]
                + [never_deleted(table) for table in NEVER_DELETED]
                + [sealed_once(table, *how) for table, how in SEALED_TABLES.items()]
                + [PAPER_ACCOUNTS, ROUND_LATCH, BOX_CHANGES, ACT_CHANGES]
            ),
            drop_triggers(),
        ),
    ]
