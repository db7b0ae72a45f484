"""A count with its record stays as it was recorded; only the latest signed act publishes it."""

from django.db import migrations

FIX_SEARCH_PATH = """
SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);
"""

FORWARD = """
CREATE FUNCTION budgeting_guard_new_record() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF EXISTS (SELECT FROM budgeting_count WHERE id = NEW.count_id AND kit_sha256 <> '') THEN
        RAISE EXCEPTION 'the record of a count is written once'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER budgeting_recordfile_new BEFORE INSERT ON budgeting_recordfile
    FOR EACH ROW EXECUTE FUNCTION budgeting_guard_new_record();

-- Whole rows are compared, so that a column added later is frozen too.
CREATE FUNCTION budgeting_guard_recorded_count() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF (OLD.kit_sha256 <> '' OR OLD.published_at IS NOT NULL)
        AND to_jsonb(NEW) - 'published_at' <> to_jsonb(OLD) - 'published_at'
    THEN
        RAISE EXCEPTION 'a count stays as it was recorded' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER budgeting_count_recorded BEFORE UPDATE ON budgeting_count
    FOR EACH ROW EXECUTE FUNCTION budgeting_guard_recorded_count();

CREATE FUNCTION budgeting_guard_recorded_row() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    -- What would have sufficed is worked out after the count, by counting again.
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'sufficing' = to_jsonb(OLD) - 'sufficing' THEN
        RETURN NEW;
    END IF;
    IF EXISTS (
        SELECT FROM budgeting_count c
         WHERE (c.kit_sha256 <> '' OR c.published_at IS NOT NULL)
           AND c.id IN (
               CASE WHEN TG_OP = 'INSERT' THEN NEW.count_id ELSE OLD.count_id END,
               CASE WHEN TG_OP = 'DELETE' THEN OLD.count_id ELSE NEW.count_id END))
    THEN
        RAISE EXCEPTION 'a count stays as it was recorded' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER budgeting_resultrow_recorded BEFORE INSERT OR UPDATE OR DELETE
    ON budgeting_resultrow
    FOR EACH ROW EXECUTE FUNCTION budgeting_guard_recorded_row();

CREATE OR REPLACE FUNCTION budgeting_guard_publication() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NEW.published_at IS NOT NULL AND NOT EXISTS (
        SELECT FROM budgeting_contest c
          JOIN budgeting_scope s ON s.id = c.scope_id
          LEFT JOIN budgeting_seal l ON l.round_id = s.round_id
          LEFT JOIN LATERAL (
                SELECT a.parameters -> 'counts' ->> NEW.id::text AS sha256
                  FROM budgeting_jointact a
                 WHERE a.round_id = s.round_id AND a.kind = 'publication'
                   AND a.state = 'confirmed'
                 ORDER BY a.decided_at DESC, a.id DESC LIMIT 1) act ON true
         WHERE c.id = NEW.contest_id
           AND (l.is_imported OR EXISTS (
                SELECT FROM budgeting_recordfile f
                 WHERE f.count_id = NEW.id AND f.name = 'record.json'
                   AND f.sha256 <> '' AND f.sha256 = act.sha256)))
    THEN
        RAISE EXCEPTION 'two people publish a result' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""

BACKWARD = """
DROP TRIGGER budgeting_resultrow_recorded ON budgeting_resultrow;
DROP FUNCTION budgeting_guard_recorded_row();
DROP TRIGGER budgeting_count_recorded ON budgeting_count;
DROP FUNCTION budgeting_guard_recorded_count();
DROP TRIGGER budgeting_recordfile_new ON budgeting_recordfile;
DROP FUNCTION budgeting_guard_new_record();
"""


class Migration(migrations.Migration):
    dependencies = [("budgeting", "0020_areas_of_counted_projects")]

    operations = [
        migrations.RunSQL(FIX_SEARCH_PATH, migrations.RunSQL.noop),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
