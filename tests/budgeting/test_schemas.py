"""The JSON that the count writes is what its schemas say."""

import json
from enum import StrEnum
from fractions import Fraction

import pytest
from jsonschema import Draft202012Validator, ValidationError
from referencing import Registry, Resource

from budgeting import exporting, tally
from budgeting.freezing import rules_document
from budgeting.models import Round
from budgeting.tally import rules
from budgeting.tally.schemas import schema_files
from tests.factories.budgeting import ready_round

from .elections import DATA, KNOWN, import_real, import_small
from .kits import counts_of, files_of
from .test_exporting import RULES

SCHEMAS = {path.name.split(".")[0]: json.loads(path.read_text("utf-8")) for path in schema_files()}
REGISTRY = Registry().with_resources(
    (schema["$id"], Resource.from_contents(schema)) for schema in SCHEMAS.values()
)


def check(name, document):
    Draft202012Validator(SCHEMAS[name], registry=REGISTRY).validate(document)


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema_is_one(name):
    schema = SCHEMAS[name]
    Draft202012Validator.check_schema(schema)
    assert schema["title"]
    assert schema["description"]


def test_the_schema_of_rules_knows_every_parameter_and_every_value():
    schema = SCHEMAS["rule"]
    plain = rules.Rule(rules.Method.GREEDY).to_json()
    assert set(schema["properties"]) == set(plain)
    kinds = [kind for kind in vars(rules).values() if isinstance(kind, type)]
    for kind in kinds:
        if issubclass(kind, StrEnum) and kind is not StrEnum and kind.__module__ == rules.__name__:
            values = {item.value for item in kind}
            assert any(
                set(each.get("enum", ())) == values for each in schema["properties"].values()
            )


def test_the_schema_of_outcomes_knows_every_reason():
    reasons = SCHEMAS["outcome"]["$defs"]["not_funded"]["properties"]["reason"]["enum"]
    assert set(reasons) == {reason.value for reason in tally.Reason}


MORE_RULES = [
    {"method": "phragmen", "ties": "text"},
    {"method": "phragmen", "overflow": "skip", "ties": "text"},
    {"method": "equalshares", "completion": "add1", "comparison": "satisfaction", "ties": "text"},
]


@pytest.mark.parametrize(
    "rule", RULES + MORE_RULES, ids=lambda rule: "-".join(map(str, rule.values()))
)
@pytest.mark.parametrize("name", KNOWN)
def test_outcomes_of_real_elections_are_as_documented(name, rule):
    election = tally.read_election(DATA / name).election
    whole = tally.Rule.from_json(rule)
    needs_draw = whole.ties is tally.Ties.STANDARD
    draw = tally.Draw.for_file(election.meta, "7") if needs_draw else None
    outcome = tally.count(election, whole, draw=draw)
    check("outcome", outcome.to_json())
    check("rule", whole.to_json())


@pytest.mark.django_db
@pytest.mark.parametrize("name", KNOWN)
def test_kits_and_results_of_real_elections_are_as_documented(name):
    for count in counts_of(import_real(name)):
        files = files_of(count)
        check("record", json.loads(files["record.json"]))
        check("kit", json.loads(files["rule.json"]))
        check("result", exporting.result_document(count))


@pytest.mark.django_db
def test_totals_only_are_as_documented(tmp_path):
    (count,) = counts_of(import_small(tmp_path, ballots=["A", "A,B", "C"]))
    record = json.loads(files_of(count)["record.json"])
    check("record", record)
    check("result", exporting.result_document(count))
    with pytest.raises(ValidationError):
        check("record", record | {"inputs_sha256": "0" * 64})


@pytest.mark.django_db
def test_frozen_rules_are_as_documented():
    document = json.loads(rules_document(ready_round()))
    check("frozen", document)
    assert Fraction(document["scopes"][0]["contests"][0]["budget"])
    assert Round.objects.count() == 1


@pytest.mark.django_db
def test_schemas_are_on_the_site_and_in_the_kit(client, tmp_path):
    files = files_of(counts_of(import_small(tmp_path))[0])
    for path in schema_files():
        served = client.get(f"/data/schemas/{path.name}")
        content = path.read_bytes()
        assert b"".join(served.streaming_content) == content == files[f"schemas/{path.name}"]
    assert client.get("/data/schemas/none.schema.json").status_code == 404
