"""An act begins as a request; frozen rules and their addenda are numbered without gaps."""

from django.db import migrations

FIX_SEARCH_PATH = """
SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);
"""

FORWARD = """
CREATE FUNCTION budgeting_guard_new_act() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NEW.state IS DISTINCT FROM 'requested' THEN
        RAISE EXCEPTION 'an act is asked for before anybody confirms it'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER budgeting_jointact_begins BEFORE INSERT ON budgeting_jointact
    FOR EACH ROW EXECUTE FUNCTION budgeting_guard_new_act();

CREATE FUNCTION budgeting_guard_addendum() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NEW.number IS DISTINCT FROM (
        SELECT coalesce(max(number) + 1, 0) FROM budgeting_frozenrules
         WHERE round_id = NEW.round_id)
    THEN
        RAISE EXCEPTION 'frozen rules have number 0, and each addendum the number after the last'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER budgeting_frozenrules_numbered BEFORE INSERT ON budgeting_frozenrules
    FOR EACH ROW EXECUTE FUNCTION budgeting_guard_addendum();
"""

BACKWARD = """
DROP TRIGGER budgeting_frozenrules_numbered ON budgeting_frozenrules;
DROP FUNCTION budgeting_guard_addendum();
DROP TRIGGER budgeting_jointact_begins ON budgeting_jointact;
DROP FUNCTION budgeting_guard_new_act();
"""


class Migration(migrations.Migration):
    dependencies = [("budgeting", "0009_no_blank_by_channel")]

    operations = [
        migrations.RunSQL(FIX_SEARCH_PATH, migrations.RunSQL.noop),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
