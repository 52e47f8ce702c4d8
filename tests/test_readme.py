"""The paper says what the code says: timetable, commands, settings, addresses, files, checksums."""

import hashlib
import re
from pathlib import Path

import click
import pytest

from sellerweb import config
from sellerweb.commands import main
from sellerweb.shop.states import TIMETABLE, markdown

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAPERS = [ROOT / f"{name}.md" for name in ("README", "CHANGELOG", "CONTRIBUTING", "THIRD_PARTY")]
PAPERS += sorted((ROOT / "docs").glob("*.md"))
# Spans that begin with these are our own files; with those, places of the system that a reader may have.
OURS = re.compile(
    r"(?:sellerweb|templates|static|tests|bin|deploy|docs|migrations)/\S*|[A-Z_]+\.md|compose\.yaml|Dockerfile"
)
SYSTEM = ("/etc/", "/opt/", "/var/")

every_paper = pytest.mark.parametrize("paper", PAPERS, ids=lambda p: p.name)


def text_of(paper: Path) -> str:
    return paper.read_text(encoding="utf-8")


def spans(text: str) -> list[str]:
    """What stands between backticks, in lines and in blocks of commands."""
    blocks = re.findall(r"^```\n(.*?)^```$", text, flags=re.M | re.S)
    lines = [line.strip() for block in blocks for line in block.splitlines()]
    return re.findall(r"`([^`\n]+)`", re.sub(r"^```\n.*?^```$", "", text, flags=re.M | re.S)) + lines


def table(heading: str) -> dict[str, list[str]]:
    """The first table under a heading of the README: {first cell: the others}."""
    part = README.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in part.splitlines() if line[:1] == "|"]
    return {row[0].strip("`"): row[1:] for row in rows[2:]}


def commands(group: click.Group, path: str = "") -> dict[str, click.Command]:
    found: dict[str, click.Command] = {}
    for name, command in group.commands.items():
        inner = isinstance(command, click.Group)
        found |= commands(command, f"{path}{name} ") if inner else {path + name: command}
    return found


def command_of(words: str) -> str:
    """ "carriers check" of "sellerweb carriers check CARRIER"; a group's own name where no sub-command is given."""
    said = re.match(r"(?:.*/)?sellerweb((?: [a-z]+)+)", words)
    known = {*commands(main), *main.commands}
    parts = said.group(1).split() if said else []
    return next((" ".join(parts[:n]) for n in (2, 1) if " ".join(parts[:n]) in known), f"? {words}")


def asked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Every setting that config.py reads, with its default."""
    seen: dict[str, str] = {}
    get = config._get

    def note(env, name, default):
        seen[f"SELLERWEB_{name}"] = default
        return get(env, name, default)

    monkeypatch.setattr(config, "_get", note)
    config.read({"SELLERWEB_DATA_DIR": str(folder)})
    return {name: default.replace(str(folder.resolve()), "data") for name, default in seen.items()}


def slug(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def test_the_timetable_is_the_codes():
    there = README.split("<!-- timetable -->\n")[1].split("<!-- /timetable -->")[0]
    assert there == markdown(), "docs/adding.md, A move, says how to print the new one"
    assert there.count("\n") == len(TIMETABLE) + 2


def test_every_command_is_in_the_readmes_table_with_its_options_and_no_other():
    rows = {command_of(words): cells for words, cells in table("Commands").items()}
    real = commands(main)
    assert set(rows) == set(real)
    for name, cells in rows.items():
        options = {o for p in real[name].params if isinstance(p, click.Option) for o in p.opts if o.startswith("--")}
        assert set(re.findall(r"--[a-z-]+", cells[0])) == options, name


@every_paper
def test_every_command_that_is_named_exists(paper):
    named = [words for words in spans(text_of(paper)) if re.match(r"(\S*/)?sellerweb [a-z]", words)]
    assert [words for words in named if command_of(words).startswith("?")] == []


def test_every_setting_is_in_the_readme_with_its_default_and_no_other(tmp_path, monkeypatch):
    rows, real = table("Configuration"), asked(tmp_path, monkeypatch)
    assert {name: cells[0].strip("`") for name, cells in rows.items()} == real


@every_paper
def test_every_setting_that_is_named_is_read(paper, tmp_path, monkeypatch):
    named = {name.removesuffix("_FILE") for name in re.findall(r"SELLERWEB_[A-Z_]*[A-Z]", text_of(paper))}
    assert named <= set(asked(tmp_path, monkeypatch))


@every_paper
def test_every_address_that_is_named_exists(paper, app):
    rules = [re.sub(r"<[^>]*>", "<>", rule.rule).split("/") for rule in app.url_map.iter_rules()]

    def exists(address: str) -> bool:
        parts = re.sub(r"<[^>]*>", "<>", address).split("/")
        return any(
            len(rule) == len(parts) and all(p in (r, "<>") for p, r in zip(parts, rule, strict=True)) for rule in rules
        )

    named = [s for s in spans(text_of(paper)) if s.startswith("/") and not s.startswith(SYSTEM)]
    assert [address for address in named if not exists(address)] == []


@every_paper
def test_every_link_leads_somewhere(paper):
    lost = []
    for target in re.findall(r"\]\(([^)\s]+)\)", text_of(paper)):
        path, _, anchor = target.partition("#")
        file = paper.parent / path if path else paper
        if target.startswith("https://"):
            continue
        headings = re.findall(r"^#+ (.+)$", text_of(file), flags=re.M) if anchor and file.is_file() else []
        if not file.exists() or (anchor and anchor not in map(slug, headings)):
            lost.append(target)
    assert lost == []


@every_paper
def test_every_file_that_is_named_exists(paper):
    named = {m.group() for span in spans(text_of(paper)) if (m := OURS.fullmatch(span.split()[0]))}
    # A name with a gap to fill in: at least its folder is there.
    exist = {name: ROOT / (name.partition("<")[0].rpartition("/")[0] if "<" in name else name) for name in named}
    assert [name for name, path in exist.items() if not path.exists()] == []


def test_the_changelog_has_the_version():
    version = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), flags=re.M)
    headings = re.findall(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), flags=re.M)
    assert version
    assert headings[:2] == ["Unreleased", version.group(1)]


def test_what_others_made_is_listed_with_its_checksum():
    listed = dict(re.findall(r"`(static/\S+)` \| `([0-9a-f]{64})` \|", text_of(ROOT / "THIRD_PARTY.md")))
    kept = [file for file in (ROOT / "static/vendor").rglob("*") if file.is_file()]
    assert listed == {str(f.relative_to(ROOT)): hashlib.sha256(f.read_bytes()).hexdigest() for f in kept}


def test_the_licence_is_the_one_that_the_package_names():
    assert 'license = "MIT"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("MIT License")
