"""An import that is confirmed while the old ones are deleted."""

import io
import time
from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from residents import roles, roll_imports
from residents.models import RollImport
from tests.factories.residents import RollFactory, UserFactory
from tests.races import together

pytestmark = pytest.mark.race

FILE = (
    b"codice_fiscale;data_nascita;quartiere;cognome;nome\nRSSMRA80A01H501U;01/01/1980;;Rossi;Mario"
)


def test_what_somebody_confirms_at_this_moment_is_not_deleted_for_its_age(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    roll, coordinator = RollFactory(), UserFactory(role=roles.COORDINATORS)
    reading = roll_imports.read(roll=roll, file=io.BytesIO(FILE), by=coordinator)
    forgotten = roll_imports.read(roll=roll, file=io.BytesIO(FILE), by=coordinator)
    log = roll_imports.log

    def slow_log(**facts: object) -> None:
        time.sleep(1)
        log(**facts)

    def prune() -> list[str]:
        time.sleep(0.5)
        return roll_imports.prune(timezone.now() + timedelta(days=2))

    monkeypatch.setattr(roll_imports, "log", slow_log)
    done, pruned = together(partial(roll_imports.confirm, reading=reading, by=coordinator), prune)
    assert done.state == RollImport.State.DONE
    assert pruned == ["1 unconfirmed imports of voter rolls deleted"]
    assert RollImport.objects.get().pk == reading.pk != forgotten.pk
    assert roll.entries.count() == 1
