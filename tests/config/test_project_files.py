"""What a public body finds in the repository before it reuses the software."""

import tomllib
from pathlib import Path

import pytest
import yaml
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
# https://yml.publiccode.tools/schema.core.html, version 0.7
STATUSES = {"concept", "development", "beta", "stable", "obsolete"}
LONG_DESCRIPTION = range(150, 10_001)
SHORT_DESCRIPTION = 150


@pytest.fixture(scope="module")
def publiccode() -> dict:
    return yaml.safe_load((ROOT / "publiccode.yml").read_text())


def test_publiccode_has_every_mandatory_field_of_its_version(publiccode):
    assert publiccode["publiccodeYmlVersion"] == "0.7"
    assert publiccode["name"]
    assert publiccode["url"].startswith("https://")
    assert publiccode["platforms"] == ["web"]
    assert publiccode["developmentStatus"] in STATUSES
    assert publiccode["softwareType"] == "standalone/web"
    assert publiccode["maintenance"]["type"] == "community"
    assert all(contact["name"] for contact in publiccode["maintenance"]["contacts"])
    assert publiccode["localisation"]["localisationReady"] is True
    assert all("id" in item for item in publiccode["supports"])


def test_publiccode_describes_the_software_in_each_of_its_languages(publiccode):
    assert set(publiccode["description"]) == set(publiccode["localisation"]["availableLanguages"])
    assert set(publiccode["description"]) == {code for code, _ in settings.LANGUAGES}
    for text in publiccode["description"].values():
        assert len(text["shortDescription"]) <= SHORT_DESCRIPTION
        assert len(text["longDescription"]) in LONG_DESCRIPTION
        assert text["features"]


def test_licence_and_version_are_the_same_everywhere(publiccode):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["license"] == publiccode["legal"]["license"] == "AGPL-3.0-or-later"
    assert project["version"] == publiccode["softwareVersion"]
    assert "AFFERO" in (ROOT / "LICENSE").read_text()
    assert f"## {project['version']}" in (ROOT / "CHANGELOG.md").read_text()


def test_what_is_installed_is_pinned_and_comes_from_no_written_address():
    constraints = (ROOT / "constraints.txt").read_text().splitlines()
    assert all("==" in line for line in constraints)
    for name in ["pyproject.toml", "constraints.txt", "Makefile", ".ci/run"]:
        text = (ROOT / name).read_text()
        assert "--index-url" not in text
        assert "--extra-index" not in text


def test_documents_link_only_to_what_exists():
    for document in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("tests/**/*.md")]:
        for target in _links(document.read_text()):
            assert (document.parent / target).exists(), f"{document.name} → {target}"


def _links(markdown: str) -> list[str]:
    targets = [part.split(")")[0].split("#")[0] for part in markdown.split("](")[1:]]
    return [target for target in targets if target and "://" not in target and "@" not in target]
