"""A ballot is annulled only by an act that two people signed, before the box is sealed."""

from django.db import migrations

FIX_SEARCH_PATH = """
SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);
"""

FORWARD = """
CREATE FUNCTION budgeting_guard_annulment() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM budgeting_jointact a
          JOIN budgeting_round r ON r.id = a.round_id
          JOIN budgeting_scope s ON s.round_id = r.id
         WHERE a.id = NEW.act_id AND a.kind = 'annulment' AND a.state = 'confirmed'
           AND a.parameters ->> 'entry' = NEW.entry_id::text
           AND a.parameters ->> 'scope' = NEW.scope_id::text
           AND a.parameters ->> 'reason' = NEW.reason
           AND s.id = NEW.scope_id AND r.state IN ('open', 'closed'))
    THEN
        RAISE EXCEPTION 'two people annul a ballot, between the opening and the sealing'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER budgeting_annulment_guard BEFORE INSERT ON budgeting_annulment
    FOR EACH ROW EXECUTE FUNCTION budgeting_guard_annulment();
"""

BACKWARD = """
DROP TRIGGER budgeting_annulment_guard ON budgeting_annulment;
DROP FUNCTION budgeting_guard_annulment();
"""


class Migration(migrations.Migration):
    dependencies = [("budgeting", "0006_guards")]

    operations = [
        migrations.RunSQL(FIX_SEARCH_PATH, migrations.RunSQL.noop),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
