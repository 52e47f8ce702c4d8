"""The shape of the house: who may call whom, how templates are written, how much a page weighs."""

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "sellerweb"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
MODULES = sorted(PACKAGE.rglob("*.py"))

# Rooms, and the rooms that each may call. The root (create_app, commands, errors …) may call any.
ARROWS = {
    "desk": {"shop", "channels", "carriers", "kit"},
    "selfservice": {"shop", "kit"},
    "notices": {"shop"},
    "channels": {"shop", "carriers"},
    "shop": {"carriers"},
    "carriers": set(),
    "kit": set(),
    "bench": {
        "root",
        "channels",
        "desk",
        "shop",
    },  # it builds whole apps to measure them; nobody calls it but the command
}
# htmx 2 and what the policy blocks; each with the reason that the failure shows.
FORBIDDEN = {
    r"hx-boost": "no boost: links and forms say themselves what they ask for",
    r"\bhx-on[:-]": "a script in an attribute is blocked by the policy",
    r"\son[a-z]+=": "a script in an attribute is blocked by the policy",
    r"\bjs:": "evaluated code is blocked by the policy",
    r"hx-trigger=\"[^\"]*\[": "trigger filters are evaluated code",
    r"hx-ext\b": "version 2",
    r"hx-disabled-elt": "version 2: hx-disable",
    r"htmx:[a-z]+[A-Z]": "version 2: events are written with colons",
    r"hx-vars|hx-sse|hx-ws": "version 1",
    r"\sstyle=|<style": "inline style is blocked by the policy",
    r"<script(?![^>]*\ssrc=)": "inline script is blocked by the policy",
    r"\|\s*safe\b": "everything is escaped",
    r"https?://(?!www\.w3\.org)": "nothing comes from elsewhere",
}


@cache
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(_text(path))


def _room(path: Path) -> str:
    inside = path.relative_to(PACKAGE).parts
    return inside[0] if len(inside) > 1 else "root"


def _imported(path: Path) -> set[str]:
    """The rooms that a module imports, wherever in it."""
    names = set()
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: imports are written out"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    ours = [name.split(".") for name in names if name.split(".")[0] == "sellerweb"]
    return {parts[1] if len(parts) > 1 and (PACKAGE / parts[1]).is_dir() else "root" for parts in ours}


def test_rooms_are_called_along_the_arrows():
    wrong = [
        f"{path.relative_to(PACKAGE)} calls {called}"
        for path in MODULES
        if (room := _room(path)) != "root"
        for called in sorted(_imported(path) - {room} - ARROWS[room])
    ]
    assert wrong == []


def test_a_child_that_reads_a_file_loads_neither_pages_nor_database():
    """It starts anew for each file: with the whole house it took a second of processor time, most of it for nothing."""
    asked = "import sys, sellerweb.channels.child, sellerweb.channels.reviews, sellerweb.channels.questions, sellerweb.channels.result_file; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert not {"sqlalchemy", "alembic", "weasyprint", "sellerweb.desk", "sellerweb.shop.models"} & set(loaded.split())


def test_every_room_is_in_the_plan():
    assert {_room(path) for path in MODULES} - {"root"} == set(ARROWS)


def test_only_the_shop_and_the_root_speak_to_the_database():
    for path in MODULES:
        if _room(path) in ("desk", "selfservice", "kit", "carriers"):
            imported = {n.module for n in ast.walk(_tree(path)) if isinstance(n, ast.ImportFrom)}
            assert not {m for m in imported if m and m.startswith("sqlalchemy")}, path


def test_a_module_is_small_and_says_what_lives_there():
    wrong = []
    for path in MODULES:
        name, text = path.relative_to(PACKAGE), _text(path)
        if path.name != "commands.py" and text.count("\n") > 300:
            wrong.append(f"{name} has {text.count(chr(10))} lines")
        if text and not ast.get_docstring(_tree(path)):
            wrong.append(f"{name} does not say what is in it")
        if path.stem in ("utils", "helpers", "common", "misc"):
            wrong.append(f"{name} is a drawer for odds and ends")
    assert wrong == []


def test_templates_are_written_for_htmx_4_and_the_policy():
    wrong = [
        f"{path.relative_to(ROOT)}: {m[0]!r}: {why}"
        for path in TEMPLATES
        for pattern, why in FORBIDDEN.items()
        for m in re.finditer(pattern, _written(path))
    ]
    assert wrong == []


def test_what_asks_by_htmx_says_where_the_answer_goes():
    """Nothing inherits in htmx 4: target and swap stand on the element itself, and forms and links work without."""
    wrong = []
    for path in TEMPLATES:
        for tag in re.findall(r"<[a-z](?:\{\{.*?\}\}|\{%.*?%\}|\"[^\"]*\"|[^>\"])*>", _written(path), flags=re.S):
            if re.search(r"\shx-(get|post|put|patch|delete)=", tag):
                needed = ["hx-target=", "hx-swap="]
                needed += ["action="] if tag.startswith("<form") else ["href="] if tag.startswith("<a ") else []
                wrong += [f"{path.relative_to(ROOT)}: no {name} in {tag}" for name in needed if name not in tag]
    assert wrong == []


@cache
def _written(path: Path) -> str:
    """A template without its notes."""
    return re.sub(r"\{#.*?#\}", "", _text(path), flags=re.S)


def test_a_template_names_what_it_needs():
    for path in TEMPLATES:
        assert path.read_text(encoding="utf-8").startswith("{#"), path


def test_icons_that_templates_name_exist():
    known = set(re.findall(r'id="([a-z-]+)"', (ROOT / "static/icons.svg").read_text(encoding="utf-8")))
    used = {n for p in TEMPLATES for n in re.findall(r'\bicon\("([a-z-]+)"', p.read_text(encoding="utf-8"))}
    assert used <= known


def _minified(css: str) -> str:
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
    return re.sub(r"\s*([{};:,>])\s*", r"\1", re.sub(r"\s+", " ", css)).replace(";}", "}").strip()


def test_the_staffs_style_sheets_weigh_less_than_16_kb():
    sheets = [
        _minified((ROOT / f"static/{name}.css").read_text(encoding="utf-8")) for name in ("tokens", "base", "staff")
    ]
    assert sum(len(sheet.encode()) for sheet in sheets) < 16_000


def test_only_the_tokens_spell_out_a_colour_of_the_theme():
    for name in ("base", "staff"):
        css = re.sub(r"/\*.*?\*/", "", (ROOT / f"static/{name}.css").read_text(encoding="utf-8"), flags=re.S)
        colours = set(re.findall(r"#[0-9a-f]{3,8}\b", css))
        channels, toast = {"#077a3b", "#c2272d", "#4d6b1e", "#5b6474"}, {"#39435a", "#1b2130", "#a9c0ff", "#63d6ac"}
        assert colours <= {"#fff"} | channels | toast  # the same in both themes


def test_style_sheets_are_plain_enough_for_old_tablets():
    for path in (ROOT / "static").glob("*.css"):
        css = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
        assert "color-mix(" not in css, path
        assert not re.search(r"[{;]\s*&", css), f"{path}: nesting"
        assert "!important" not in css.replace("animation: none !important; transition: none !important", ""), path


def test_scripts_evaluate_nothing_and_keep_nothing():
    for path in (ROOT / "static").glob("*.js"):
        text = re.sub(r"^\s*//.*$", "", path.read_text(encoding="utf-8"), flags=re.M)
        for word in (
            "eval(",
            "Function(",
            "innerHTML",
            "localStorage",
            "sessionStorage",
            "document.write",
            "indexedDB",
        ):
            assert word not in text, f"{path.name}: {word}"
