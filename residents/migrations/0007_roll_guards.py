"""What no program may do to a roll, whatever its right: the database refuses.

From the opening of a vote on (`locked_at`) nobody is deleted from the roll, and neither its date nor
who its entries are can change. A voting id never changes.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION residents_refuse_unlock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.locked_at IS NOT NULL THEN
            RAISE EXCEPTION 'A vote has opened with roll %: it is never deleted.', OLD.id
                USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF OLD.locked_at IS NOT NULL AND (
        NEW.locked_at IS DISTINCT FROM OLD.locked_at OR NEW.reference_date <> OLD.reference_date
    ) THEN
        RAISE EXCEPTION 'A vote has opened with roll %: its lock and its date stay.', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER residents_roll_guard BEFORE UPDATE OR DELETE ON residents_roll
    FOR EACH ROW EXECUTE FUNCTION residents_refuse_unlock();

CREATE FUNCTION residents_guard_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    locked boolean;
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.voting_id <> OLD.voting_id OR NEW.roll_id <> OLD.roll_id) THEN
        RAISE EXCEPTION 'A roll entry keeps its roll and its voting id.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.fiscal_code_hash = OLD.fiscal_code_hash THEN
        RETURN NEW;
    END IF;
    -- The lock on the roll's row makes an opening wait for this change, and this change for it.
    SELECT locked_at IS NOT NULL INTO locked FROM residents_roll WHERE id = OLD.roll_id FOR SHARE;
    IF locked THEN
        RAISE EXCEPTION 'A vote has opened with this roll: entries are suspended, never deleted.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER residents_rollentry_guard BEFORE UPDATE OR DELETE ON residents_rollentry
    FOR EACH ROW EXECUTE FUNCTION residents_guard_entry();

CREATE FUNCTION residents_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM residents_roll WHERE locked_at IS NOT NULL) THEN
        RAISE EXCEPTION 'A vote has opened with a roll: entries are suspended, never deleted.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER residents_roll_truncate_guard BEFORE TRUNCATE ON residents_roll
    FOR EACH STATEMENT EXECUTE FUNCTION residents_refuse_truncate();
CREATE TRIGGER residents_rollentry_truncate_guard BEFORE TRUNCATE ON residents_rollentry
    FOR EACH STATEMENT EXECUTE FUNCTION residents_refuse_truncate();
"""

BACKWARD = """
DROP TRIGGER residents_rollentry_truncate_guard ON residents_rollentry;
DROP TRIGGER residents_roll_truncate_guard ON residents_roll;
DROP TRIGGER residents_rollentry_guard ON residents_rollentry;
DROP TRIGGER residents_roll_guard ON residents_roll;
DROP FUNCTION residents_refuse_truncate();
DROP FUNCTION residents_guard_entry();
DROP FUNCTION residents_refuse_unlock();
"""


class Migration(migrations.Migration):
    dependencies = [("residents", "0006_roll_imports")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
