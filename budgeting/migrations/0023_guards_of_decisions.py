"""What two people decided above the rule changes inputs before the count, and nothing else does."""

from django.db import migrations

FIX_SEARCH_PATH = """
SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);
"""

FORWARD = r"""
-- The latest amount that two people decided on for a project's cost or a contest's budget.
CREATE OR REPLACE FUNCTION budgeting_decided_amount(bigint, kind text, about text, key bigint) RETURNS bigint
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT (a.parameters ->> 'amount')::bigint
      FROM budgeting_jointact a
     WHERE a.round_id = $1 AND a.kind = 'override' AND a.state = 'confirmed'
       AND a.parameters ->> 'kind' = $2 AND a.parameters ->> $3 = $4::text
     ORDER BY a.decided_at DESC, a.id DESC LIMIT 1
$$;

-- Inputs change between the close of the vote and the first count.
CREATE OR REPLACE FUNCTION budgeting_awaits_its_count(bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT EXISTS (SELECT FROM budgeting_round WHERE id = $1 AND state IN ('closed', 'sealed'))
       AND NOT EXISTS (
            SELECT FROM budgeting_count n
              JOIN budgeting_contest c ON c.id = n.contest_id
              JOIN budgeting_scope s ON s.id = c.scope_id
             WHERE s.round_id = $1)
$$;

CREATE OR REPLACE FUNCTION budgeting_guard_contest() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
DECLARE
    round bigint;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        round := budgeting_round_of_scope(OLD.scope_id);
        IF budgeting_round_is_frozen(round)
            AND to_jsonb(NEW) - 'budget' = to_jsonb(OLD) - 'budget'
            AND budgeting_awaits_its_count(round)
            AND NEW.budget = budgeting_decided_amount(round, 'budget', 'contest', NEW.id) THEN
            RETURN NEW;
        END IF;
    END IF;
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

CREATE OR REPLACE FUNCTION budgeting_guard_project() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
DECLARE
    free constant text[] := ARRAY['image_id', 'good_id'];
    withdrawing constant text[] := free || ARRAY['state', 'withdrawal_reason'];
    pricing constant text[] := free || ARRAY['cost'];
    before jsonb := budgeting_row_by_language(to_jsonb(OLD));
    after jsonb := budgeting_row_by_language(to_jsonb(NEW));
BEGIN
    IF TG_OP <> 'DELETE' AND NEW.round_id <> (
        SELECT s.round_id FROM budgeting_contest c JOIN budgeting_scope s ON s.id = c.scope_id
         WHERE c.id = NEW.contest_id) THEN
        PERFORM budgeting_refuse('The contest of a project belongs to another round.');
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.round_id = OLD.round_id AND budgeting_round_is_frozen(NEW.round_id) THEN
        IF after - free = before - free THEN
            RETURN NEW;
        END IF;
        IF after - withdrawing = before - withdrawing
            AND OLD.state = 'standing' AND NEW.state = 'withdrawn'
            AND EXISTS (
                SELECT FROM budgeting_jointact
                 WHERE round_id = NEW.round_id AND kind = 'withdrawal' AND state = 'confirmed'
                   AND parameters ->> 'project' = NEW.id::text) THEN
            RETURN NEW;
        END IF;
        IF after - pricing = before - pricing
            AND budgeting_awaits_its_count(NEW.round_id)
            AND NEW.cost = budgeting_decided_amount(NEW.round_id, 'cost', 'project', NEW.id) THEN
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

CREATE FUNCTION budgeting_signed_override(act bigint, contest bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT EXISTS (
        SELECT FROM budgeting_jointact a
          JOIN budgeting_scope s ON s.round_id = a.round_id
          JOIN budgeting_contest c ON c.scope_id = s.id
         WHERE a.id = $1 AND c.id = $2 AND a.kind = 'override' AND a.state = 'confirmed')
$$;

CREATE FUNCTION budgeting_guard_override() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM budgeting_refuse('A decision of two people is revoked, never deleted.');
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF OLD.revoked_by_id IS NULL
            AND to_jsonb(NEW) - 'revoked_by_id' = to_jsonb(OLD) - 'revoked_by_id'
            AND budgeting_signed_override(NEW.revoked_by_id, NEW.contest_id)
            AND EXISTS (
                SELECT FROM budgeting_jointact
                 WHERE id = NEW.revoked_by_id AND parameters ->> 'override' = NEW.id::text) THEN
            RETURN NEW;
        END IF;
        PERFORM budgeting_refuse('A decision of two people does not change.');
    END IF;
    IF NEW.revoked_by_id IS NOT NULL
        OR NOT budgeting_signed_override(NEW.act_id, NEW.contest_id)
        OR NOT EXISTS (
            SELECT FROM budgeting_jointact
             WHERE id = NEW.act_id AND parameters ->> 'kind' = NEW.kind
               AND parameters ->> 'project' IS NOT DISTINCT FROM NEW.project_id::text
               AND parameters ->> 'contest' = NEW.contest_id::text
               AND (parameters ->> 'amount')::bigint IS NOT DISTINCT FROM NEW.amount) THEN
        PERFORM budgeting_refuse('A decision above the rule is what two people have signed.');
    END IF;
    IF NEW.project_id IS NOT NULL AND NEW.contest_id <> (
        SELECT contest_id FROM budgeting_project WHERE id = NEW.project_id) THEN
        PERFORM budgeting_refuse('The project of a decision stands in another contest.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER budgeting_override_guard BEFORE INSERT OR UPDATE OR DELETE ON budgeting_override
    FOR EACH ROW EXECUTE FUNCTION budgeting_guard_override();

CREATE FUNCTION budgeting_guard_record_addendum() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM budgeting_refuse('An addendum to a record is written once.');
    END IF;
    IF NOT budgeting_signed_override(NEW.act_id, NEW.contest_id)
        OR NEW.number IS DISTINCT FROM (
            SELECT coalesce(max(number), 0) + 1 FROM budgeting_recordaddendum
             WHERE contest_id = NEW.contest_id) THEN
        PERFORM budgeting_refuse('Addenda are signed by two people and numbered without gaps.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER budgeting_recordaddendum_guard
    BEFORE INSERT OR UPDATE OR DELETE ON budgeting_recordaddendum
    FOR EACH ROW EXECUTE FUNCTION budgeting_guard_record_addendum();

CREATE FUNCTION budgeting_guard_addendum_file() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM budgeting_refuse('An addendum to a record is written once.');
    RETURN OLD;
END $$;
CREATE TRIGGER budgeting_addendumfile_guard BEFORE UPDATE OR DELETE ON budgeting_addendumfile
    FOR EACH ROW EXECUTE FUNCTION budgeting_guard_addendum_file();
"""

BACKWARD = r"""
DROP TRIGGER budgeting_addendumfile_guard ON budgeting_addendumfile;
DROP TRIGGER budgeting_recordaddendum_guard ON budgeting_recordaddendum;
DROP TRIGGER budgeting_override_guard ON budgeting_override;
DROP FUNCTION budgeting_guard_addendum_file();
DROP FUNCTION budgeting_guard_record_addendum();
DROP FUNCTION budgeting_guard_override();
DROP FUNCTION budgeting_signed_override(bigint, bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("budgeting", "0022_decisions_above_the_rule")]

    operations = [
        migrations.RunSQL(FIX_SEARCH_PATH, migrations.RunSQL.noop),
        # Going back keeps the guards of contests and projects: without decisions they refuse all.
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
