"""What the documents promise exists, and they speak of the product alone."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("changelog/*.md")])
LINK = re.compile(r"!?\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")
REGISTRIES = ("py" + "pi.org", "files.python" + "hosted.org", "registry.npm" + "js.org")


def relative_links(page: Path) -> list[str]:
    text = page.read_text(encoding="utf-8")
    return [link for link in LINK.findall(text) if not re.match(r"[a-z]+:", link)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page):
    missing = [link for link in relative_links(page) if not (page.parent / link).exists()]
    assert missing == []


def test_every_document_is_found_from_the_list_of_documents():
    listed = {
        (page.parent / link).resolve()
        for page in (ROOT / "docs" / "README.md", ROOT / "docs" / "methods" / "index.md")
        for link in relative_links(page)
    }
    there = {page.resolve() for page in (ROOT / "docs").rglob("*.md")}
    assert sorted(map(str, there - listed - {(ROOT / "docs" / "README.md").resolve()})) == []


def test_the_readme_says_the_same_in_both_languages():
    english, dutch = (ROOT / "README.md").read_text(), (ROOT / "README.nl.md").read_text()
    assert re.findall(r"^#+", english, re.MULTILINE) == re.findall(r"^#+", dutch, re.MULTILINE)
    assert re.findall(r"^    (?:make|gloed) \S+", english, re.MULTILINE) == re.findall(
        r"^    (?:make|gloed) \S+", dutch, re.MULTILINE
    )


def test_ci_runs_the_test_command_of_the_readme():
    assert "make check" in (ROOT / ".ci" / "run").read_text()
    assert re.search(
        r"^    make check\s+# the test command", (ROOT / "README.md").read_text(), re.MULTILINE
    )


def test_every_room_stands_in_the_architecture():
    page = (ROOT / "docs" / "architecture.md").read_text()
    rooms = {path.parent.name for path in (ROOT / "src" / "gloed").rglob("apps.py")}
    assert sorted(room for room in rooms if f"`{room}`" not in page) == []


def test_every_direct_dependency_has_its_reason():
    page = (ROOT / "docs" / "architecture.md").read_text().lower()
    project = (ROOT / "pyproject.toml").read_text()
    block = project.split("\ndependencies = [", 1)[1].split("\n]", 1)[0]
    names = [re.match(r'\s*"([A-Za-z0-9-]+)', line)[1].lower() for line in block.split("\n")[1:]]
    plain = {"dj-database-url", "tzdata", "ibis-framework", "vl-convert-python"}
    assert sorted(name for name in names if name not in page and name not in plain) == []


def test_no_address_of_a_package_registry_stands_in_the_project():
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    found = []
    for name in tracked:
        path = ROOT / name
        if path.is_file() and path.suffix not in (".png", ".parquet", ".xlsx", ".sav"):
            text = path.read_text(encoding="utf-8", errors="ignore")
            found += [name for registry in REGISTRIES if registry in text]
    assert found == []


def test_fragments_of_the_changelog_are_named_as_agreed():
    names = [path.name for path in (ROOT / "changelog").glob("*.md")]
    pattern = re.compile(r"[a-z0-9-]+\.(added|changed|fixed|removed)\.md")
    assert [name for name in names if not pattern.fullmatch(name)] == []
