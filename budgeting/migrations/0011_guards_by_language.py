"""The guards of an opened round look at each language's column, not at the one they stand beside.

django-modeltranslation keeps, beside `name_it` and `name_en`, a column `name` that nobody reads and
that takes whichever language the person saving reads the site in. Guarding it kept a coordinator who
works in English from changing the summary of a round that was opened in Italian.
"""

from django.db import migrations

FIX_SEARCH_PATH = """
SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);
"""

FORWARD = r"""
-- The row without the columns that only repeat one of the languages.
CREATE OR REPLACE FUNCTION budgeting_row_by_language(original jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path FROM CURRENT AS $$
    SELECT original - coalesce(
        (SELECT array_agg(key) FROM jsonb_object_keys(original) key WHERE original ? (key || '_it')),
        ARRAY[]::text[])
$$;

CREATE OR REPLACE FUNCTION budgeting_guard_round() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
DECLARE
    frozen constant text[] := ARRAY[
        'slug', 'name_it', 'name_en', 'currency', 'minimum_age', 'roll_id', 'place',
        'who_may_propose_it', 'who_may_propose_en', 'who_may_vote_it', 'who_may_vote_en',
        'tie_procedure_it', 'tie_procedure_en'];
    col text;
BEGIN
    IF OLD.state = 'preparation' THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    IF TG_OP = 'DELETE' THEN
        PERFORM budgeting_refuse('A round that has been opened is not deleted.');
    END IF;
    FOREACH col IN ARRAY frozen LOOP
        IF to_jsonb(NEW) -> col IS DISTINCT FROM to_jsonb(OLD) -> col THEN
            PERFORM budgeting_refuse('The rules of an opened round do not change: ' || col);
        END IF;
    END LOOP;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION budgeting_guard_project() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
DECLARE
    free constant text[] := ARRAY['image_id', 'good_id'];
    withdrawing constant text[] := free || ARRAY['state', 'withdrawal_reason'];
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
        PERFORM budgeting_refuse('The projects of an opened round do not change.');
    END IF;
    IF (TG_OP <> 'INSERT' AND budgeting_round_is_frozen(OLD.round_id))
        OR (TG_OP <> 'DELETE' AND budgeting_round_is_frozen(NEW.round_id)) THEN
        PERFORM budgeting_refuse('The projects of an opened round do not change.');
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("budgeting", "0010_acts_and_addenda_guard")]

    operations = [
        migrations.RunSQL(FIX_SEARCH_PATH, migrations.RunSQL.noop),
        # Going back keeps these guards: they refuse all that the older ones should have refused.
        migrations.RunSQL(FORWARD, migrations.RunSQL.noop),
    ]
