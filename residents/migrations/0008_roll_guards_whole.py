"""What a locked roll keeps, whole: nothing of an entry changes but its state and the reason.

The functions get a fixed search path, so that nobody can put a table of their own in the way.
"""

from django.db import migrations

FIX_SEARCH_PATH = """
SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);
"""

FORWARD = """
CREATE OR REPLACE FUNCTION residents_guard_entry() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    free constant text[] := ARRAY['state', 'state_reason'];
    locked boolean;
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.voting_id <> OLD.voting_id OR NEW.roll_id <> OLD.roll_id) THEN
        RAISE EXCEPTION 'A roll entry keeps its roll and its voting id.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - free = to_jsonb(OLD) - free THEN
        RETURN NEW;
    END IF;
    -- The lock on the roll's row makes an opening wait for this change, and this change for it.
    SELECT locked_at IS NOT NULL INTO locked FROM residents_roll WHERE id = OLD.roll_id FOR SHARE;
    IF locked THEN
        RAISE EXCEPTION 'A vote has opened with this roll: entries are added or suspended only.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
ALTER FUNCTION residents_refuse_unlock() SET search_path FROM CURRENT;
ALTER FUNCTION residents_refuse_truncate() SET search_path FROM CURRENT;
"""


class Migration(migrations.Migration):
    dependencies = [("residents", "0007_roll_guards")]

    operations = [
        migrations.RunSQL(FIX_SEARCH_PATH, migrations.RunSQL.noop),
        migrations.RunSQL(FORWARD, migrations.RunSQL.noop),
    ]
