"""What two people signed is what is published, and a record is never written anew."""

from django.db import migrations

FIX_SEARCH_PATH = """
SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);
"""

FORWARD = """
CREATE FUNCTION budgeting_guard_publication() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NEW.published_at IS NOT NULL AND NOT EXISTS (
        SELECT FROM budgeting_contest c
          JOIN budgeting_scope s ON s.id = c.scope_id
          LEFT JOIN budgeting_seal l ON l.round_id = s.round_id
         WHERE c.id = NEW.contest_id
           AND (l.is_imported OR EXISTS (
                SELECT FROM budgeting_jointact a
                 WHERE a.round_id = s.round_id AND a.kind = 'publication'
                   AND a.state = 'confirmed'
                   AND jsonb_exists(a.parameters -> 'counts', NEW.id::text))))
    THEN
        RAISE EXCEPTION 'two people publish a result' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER budgeting_count_publication BEFORE INSERT OR UPDATE OF published_at
    ON budgeting_count FOR EACH ROW EXECUTE FUNCTION budgeting_guard_publication();

CREATE FUNCTION budgeting_guard_record() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.sha256 = '' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the record of a count is written once' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER budgeting_recordfile_once BEFORE UPDATE OR DELETE ON budgeting_recordfile
    FOR EACH ROW EXECUTE FUNCTION budgeting_guard_record();

CREATE FUNCTION budgeting_guard_record_part() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF TG_OP = 'INSERT' AND EXISTS (
        SELECT FROM budgeting_recordfile WHERE id = NEW.file_id AND sha256 = '')
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the record of a count is written once' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER budgeting_recordpart_once BEFORE INSERT OR UPDATE OR DELETE
    ON budgeting_recordpart
    FOR EACH ROW EXECUTE FUNCTION budgeting_guard_record_part();
"""

BACKWARD = """
DROP TRIGGER budgeting_recordpart_once ON budgeting_recordpart;
DROP TRIGGER budgeting_recordfile_once ON budgeting_recordfile;
DROP FUNCTION budgeting_guard_record_part();
DROP FUNCTION budgeting_guard_record();
DROP TRIGGER budgeting_count_publication ON budgeting_count;
DROP FUNCTION budgeting_guard_publication();
"""


class Migration(migrations.Migration):
    dependencies = [("budgeting", "0015_records_and_signed_publication")]

    operations = [
        migrations.RunSQL(FIX_SEARCH_PATH, migrations.RunSQL.noop),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
