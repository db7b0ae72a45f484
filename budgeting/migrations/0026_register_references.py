"""Marks in the register are of entries of their round's locked roll: checked for many at once.

After that neither entry nor scope can go: the guards of locked rolls and of opened rounds refuse it.
"""

from django.db import migrations

FIX_SEARCH_PATH = """
SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);
"""

FORWARD = """
CREATE FUNCTION budgeting_guard_register() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF EXISTS (
        SELECT FROM added a
          LEFT JOIN budgeting_scope s ON s.id = a.scope_id
          LEFT JOIN budgeting_round r ON r.id = s.round_id
          LEFT JOIN residents_roll l ON l.id = r.roll_id AND l.locked_at IS NOT NULL
          LEFT JOIN residents_rollentry e ON e.id = a.entry_id AND e.roll_id = l.id
         WHERE e.id IS NULL)
    THEN
        RAISE EXCEPTION 'a mark is of an entry of the locked roll of its round'
            USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER budgeting_register_guard AFTER INSERT ON budgeting_registermark
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION budgeting_guard_register();
"""

BACKWARD = """
DROP TRIGGER budgeting_register_guard ON budgeting_registermark;
DROP FUNCTION budgeting_guard_register();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("budgeting", "0025_addresses_numbers_and_places"),
        ("residents", "0008_roll_guards_whole"),
    ]

    operations = [
        migrations.RunSQL(FIX_SEARCH_PATH, migrations.RunSQL.noop),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
