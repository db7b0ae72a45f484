"""What the database itself guarantees about rounds: frozen rules, projects and dates stay.

Every function has a fixed search path, so that nobody can put a table of their own in the way.
"""

from django.db import migrations

FIX_SEARCH_PATH = """
SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);
"""

FORWARD = r"""
CREATE FUNCTION budgeting_round_is_frozen(bigint) RETURNS boolean LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
DECLARE
    found text;
BEGIN
    -- Waits for an opening under way, and is waited for by it.
    SELECT state INTO found FROM budgeting_round WHERE id = $1 FOR SHARE;
    RETURN found <> 'preparation';
END $$;

CREATE FUNCTION budgeting_refuse(message text) RETURNS void LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'restrict_violation', MESSAGE = message;
END $$;

-- The rules of a round stay as they were at the opening.
CREATE FUNCTION budgeting_guard_round() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
DECLARE
    frozen constant text[] := ARRAY[
        'slug', 'name', 'name_it', 'name_en', 'currency', 'minimum_age', 'roll_id', 'place',
        'who_may_propose', 'who_may_propose_it', 'who_may_propose_en',
        'who_may_vote', 'who_may_vote_it', 'who_may_vote_en',
        'tie_procedure', 'tie_procedure_it', 'tie_procedure_en'];
    col text;
BEGIN
    IF OLD.state = 'preparation' THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    IF TG_OP = 'DELETE' THEN
        PERFORM budgeting_refuse('A round that has been opened is not deleted.');
    END IF;
    FOREACH col IN ARRAY frozen LOOP
        IF to_jsonb(NEW) -> col IS DISTINCT FROM to_jsonb(OLD) -> col THEN
            PERFORM budgeting_refuse('The rules of an opened round do not change: ' || col);
        END IF;
    END LOOP;
    RETURN NEW;
END $$;
CREATE TRIGGER budgeting_round_guard BEFORE UPDATE OR DELETE ON budgeting_round
    FOR EACH ROW EXECUTE FUNCTION budgeting_guard_round();

CREATE FUNCTION budgeting_guard_scope() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
    IF (TG_OP <> 'INSERT' AND budgeting_round_is_frozen(OLD.round_id))
        OR (TG_OP <> 'DELETE' AND budgeting_round_is_frozen(NEW.round_id)) THEN
        PERFORM budgeting_refuse('The rules of an opened round do not change.');
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER budgeting_scope_guard BEFORE INSERT OR UPDATE OR DELETE ON budgeting_scope
    FOR EACH ROW EXECUTE FUNCTION budgeting_guard_scope();

CREATE FUNCTION budgeting_round_of_scope(bigint) RETURNS bigint LANGUAGE sql STABLE
SET search_path FROM CURRENT AS
    $$ SELECT round_id FROM budgeting_scope WHERE id = $1 $$;

CREATE FUNCTION budgeting_guard_contest() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
    IF (TG_OP <> 'INSERT'
            AND budgeting_round_is_frozen(budgeting_round_of_scope(OLD.scope_id)))
        OR (TG_OP <> 'DELETE'
            AND budgeting_round_is_frozen(budgeting_round_of_scope(NEW.scope_id))) THEN
        PERFORM budgeting_refuse('The contests of an opened round do not change.');
    END IF;
    IF TG_OP <> 'DELETE' AND EXISTS (
        SELECT FROM budgeting_contest c JOIN budgeting_scope s ON s.id = c.scope_id
         WHERE c.slug = NEW.slug AND c.id <> NEW.id
           AND s.round_id = budgeting_round_of_scope(NEW.scope_id)) THEN
        RAISE EXCEPTION USING ERRCODE = 'unique_violation',
            MESSAGE = 'Two contests of a round have the same address: ' || NEW.slug;
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER budgeting_contest_guard BEFORE INSERT OR UPDATE OR DELETE ON budgeting_contest
    FOR EACH ROW EXECUTE FUNCTION budgeting_guard_contest();

-- A project belongs to a contest of its own round. Once the vote is open it does not change, except
-- its picture and its common good, and by a withdrawal that two people have signed.
CREATE FUNCTION budgeting_guard_project() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
DECLARE
    free constant text[] := ARRAY['image_id', 'good_id'];
    withdrawing constant text[] := free || ARRAY['state', 'withdrawal_reason'];
BEGIN
    IF TG_OP <> 'DELETE' AND NEW.round_id <> (
        SELECT s.round_id FROM budgeting_contest c JOIN budgeting_scope s ON s.id = c.scope_id
         WHERE c.id = NEW.contest_id) THEN
        PERFORM budgeting_refuse('The contest of a project belongs to another round.');
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.round_id = OLD.round_id AND budgeting_round_is_frozen(NEW.round_id) THEN
        IF to_jsonb(NEW) - free = to_jsonb(OLD) - free THEN
            RETURN NEW;
        END IF;
        IF to_jsonb(NEW) - withdrawing = to_jsonb(OLD) - withdrawing
            AND OLD.state = 'standing' AND NEW.state = 'withdrawn'
            AND EXISTS (
                SELECT FROM budgeting_jointact
                 WHERE round_id = NEW.round_id AND kind = 'withdrawal' AND state = 'confirmed'
                   AND parameters ->> 'project' = NEW.id::text) THEN
            RETURN NEW;
        END IF;
        PERFORM budgeting_refuse('The projects of an opened round do not change.');
    END IF;
    IF (TG_OP <> 'INSERT' AND budgeting_round_is_frozen(OLD.round_id))
        OR (TG_OP <> 'DELETE' AND budgeting_round_is_frozen(NEW.round_id)) THEN
        PERFORM budgeting_refuse('The projects of an opened round do not change.');
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER budgeting_project_guard BEFORE INSERT OR UPDATE OR DELETE ON budgeting_project
    FOR EACH ROW EXECUTE FUNCTION budgeting_guard_project();

CREATE FUNCTION budgeting_guard_rivals() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
DECLARE
    project bigint := CASE TG_OP WHEN 'DELETE' THEN OLD.from_project_id ELSE NEW.from_project_id END;
BEGIN
    IF TG_OP = 'UPDATE' OR budgeting_round_is_frozen(
        (SELECT round_id FROM budgeting_project WHERE id = project)) THEN
        PERFORM budgeting_refuse('The projects of an opened round do not change.');
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER budgeting_project_rivals_guard
    BEFORE INSERT OR UPDATE OR DELETE ON budgeting_project_rivals
    FOR EACH ROW EXECUTE FUNCTION budgeting_guard_rivals();

-- From the opening on: the close of the vote moves only later, while it has not come, by an
-- extension that two people have signed; what follows the vote may move; nothing else does.
CREATE FUNCTION budgeting_guard_phase() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND budgeting_round_is_frozen(NEW.round_id)
        AND NEW.id = OLD.id AND NEW.round_id = OLD.round_id AND NEW.kind = OLD.kind THEN
        IF NEW.kind IN ('award', 'deliver') THEN
            RETURN NEW;
        END IF;
        IF NEW.starts_at = OLD.starts_at AND NEW.ends_at = OLD.ends_at THEN
            RETURN NEW;
        END IF;
        IF NEW.kind = 'vote' AND NEW.starts_at = OLD.starts_at AND NEW.ends_at > OLD.ends_at
            AND clock_timestamp() < OLD.ends_at
            AND EXISTS (SELECT FROM budgeting_round WHERE id = NEW.round_id AND state = 'open')
            AND EXISTS (
                SELECT FROM budgeting_jointact
                 WHERE round_id = NEW.round_id AND kind = 'extension' AND state = 'confirmed'
                   AND (parameters ->> 'ends_at')::timestamptz = NEW.ends_at) THEN
            RETURN NEW;
        END IF;
        PERFORM budgeting_refuse('The dates of an opened vote do not change.');
    END IF;
    IF (TG_OP <> 'INSERT' AND budgeting_round_is_frozen(OLD.round_id))
        OR (TG_OP <> 'DELETE' AND budgeting_round_is_frozen(NEW.round_id)) THEN
        PERFORM budgeting_refuse('The phases of an opened round do not change.');
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER budgeting_phase_guard BEFORE INSERT OR UPDATE OR DELETE ON budgeting_phase
    FOR EACH ROW EXECUTE FUNCTION budgeting_guard_phase();
"""

BACKWARD = r"""
DROP TRIGGER budgeting_phase_guard ON budgeting_phase;
DROP TRIGGER budgeting_project_rivals_guard ON budgeting_project_rivals;
DROP TRIGGER budgeting_project_guard ON budgeting_project;
DROP TRIGGER budgeting_contest_guard ON budgeting_contest;
DROP TRIGGER budgeting_scope_guard ON budgeting_scope;
DROP TRIGGER budgeting_round_guard ON budgeting_round;
DROP FUNCTION budgeting_guard_phase();
DROP FUNCTION budgeting_guard_rivals();
DROP FUNCTION budgeting_guard_project();
DROP FUNCTION budgeting_guard_contest();
DROP FUNCTION budgeting_round_of_scope(bigint);
DROP FUNCTION budgeting_guard_scope();
DROP FUNCTION budgeting_guard_round();
DROP FUNCTION budgeting_refuse(text);
DROP FUNCTION budgeting_round_is_frozen(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("budgeting", "0005_signed_and_held")]

    operations = [
        migrations.RunSQL(FIX_SEARCH_PATH, migrations.RunSQL.noop),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
