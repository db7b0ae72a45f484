"""A vote is opened only by an act that two people signed, and closed only once its time has come."""

from django.db import migrations

FIX_SEARCH_PATH = """
SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);
"""

FORWARD = """
CREATE FUNCTION budgeting_guard_opening_and_close() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NEW.state = 'open' AND NOT EXISTS (
        SELECT FROM budgeting_jointact
         WHERE round_id = NEW.id AND kind = 'opening' AND state = 'confirmed')
    THEN
        RAISE EXCEPTION 'two people open a vote' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state = 'closed' AND NOT EXISTS (
        SELECT FROM budgeting_phase
         WHERE round_id = NEW.id AND kind = 'vote' AND ends_at <= clock_timestamp())
    THEN
        RAISE EXCEPTION 'the time to close this vote has not come'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER budgeting_round_opening_and_close BEFORE INSERT OR UPDATE OF state
    ON budgeting_round FOR EACH ROW EXECUTE FUNCTION budgeting_guard_opening_and_close();
"""

BACKWARD = """
DROP TRIGGER budgeting_round_opening_and_close ON budgeting_round;
DROP FUNCTION budgeting_guard_opening_and_close();
"""


class Migration(migrations.Migration):
    dependencies = [("budgeting", "0007_annulment_guard")]

    operations = [
        migrations.RunSQL(FIX_SEARCH_PATH, migrations.RunSQL.noop),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
