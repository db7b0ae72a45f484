"""The description of a project is no part of what is frozen: like its picture, it may be put right.

What is frozen is what is voted on and counted: number, title, cost, place and the rest of the row.
"""

from django.db import migrations

FIX_SEARCH_PATH = """
SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);
"""

# As in 0023, but for the columns that stay free.
GUARD = """
CREATE OR REPLACE FUNCTION budgeting_guard_project() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
DECLARE
    free constant text[] := ARRAY[FREE];
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
"""
FREE_UNTIL_NOW = "'image_id', 'good_id'"
FREE = f"{FREE_UNTIL_NOW}, 'description_it', 'description_en'"


class Migration(migrations.Migration):
    dependencies = [("budgeting", "0027_register_without_foreign_keys")]

    operations = [
        migrations.RunSQL(
            [FIX_SEARCH_PATH, GUARD.replace("FREE", FREE)],
            [FIX_SEARCH_PATH, GUARD.replace("FREE", FREE_UNTIL_NOW)],
        )
    ]
