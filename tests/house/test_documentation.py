"""The documentation is tested: commands, options, settings, links (design, section 8: datasette)."""

from __future__ import annotations

import ast
import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest

from tests.conftest import ROOT

DOCS = sorted((ROOT / "docs").rglob("*.md"))
PAGES = [*DOCS, *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"))]
SETTINGS = ROOT / "docs" / "operators" / "settings.md"
SETTING = re.compile(r"\bLOCANDA_[A-Z][A-Z_]*[A-Z]\b")


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command with its whole name, from the program itself."""
    from locanda.cli.main import cli

    assert isinstance(cli, click.Group), "locanda.cli.main:cli is the group of all commands"
    yield from _walk("locanda", cli, click.Context(cli))


def _walk(name: str, command: click.Command, context: click.Context) -> Iterator[tuple[str, click.Command]]:
    if not isinstance(command, click.Group):
        yield name, command
        return
    for child in command.list_commands(context):
        found = command.get_command(context, child)
        assert found is not None, f"{name} {child} is listed but cannot be had"
        if not found.hidden:
            yield from _walk(f"{name} {child}", found, click.Context(found, parent=context))


def all_docs() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in DOCS)


def test_every_command_and_option_is_documented() -> None:
    text = all_docs()
    found = dict(commands())
    assert {"locanda demo", "locanda simulator", "locanda schedine write", "locanda schedine check"} <= set(found)
    missing = [name for name in found if name not in text]
    for name, command in found.items():
        sections = [part for part in re.split(r"\n(?=#)", text) if name in part]
        for parameter in command.params:
            if isinstance(parameter, click.Option) and not parameter.hidden:
                options = [option for option in (*parameter.opts, *parameter.secondary_opts) if option.startswith("--")]
                missing += [
                    f"{name} {option}" for option in options
                    if not any(re.search(rf"{option}(?![\w-])", part) for part in sections)
                ]  # fmt: skip
    assert missing == []


def test_every_command_has_one_line_of_help() -> None:
    assert [name for name, command in commands() if not (command.help or command.short_help)] == []


def test_help_of_the_program_answers() -> None:
    program = Path(sys.executable).with_name("locanda")
    run = subprocess.run([str(program), "--help"], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert "schedine" in run.stdout


def test_a_wrong_call_is_one_line_and_no_traceback() -> None:
    program = Path(sys.executable).with_name("locanda")
    run = subprocess.run([str(program), "schedine", "invent"], capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert "Traceback" not in run.stderr
    assert run.stdout == ""


def test_every_setting_is_documented() -> None:
    sources = [*(ROOT / "src").rglob("*.py"), ROOT / "start", ROOT / "test", ROOT / ".ci/run", ROOT / "scripts/venv.sh"]
    sources.append(ROOT / "tests/conftest.py")
    named = {name for path in sources for name in SETTING.findall(path.read_text(encoding="utf-8"))}
    assert {"LOCANDA_HOME", "LOCANDA_KEY", "LOCANDA_DATABASE_URL", "LOCANDA_REQUIRE"} <= named
    documented = set(SETTING.findall(SETTINGS.read_text(encoding="utf-8")))
    assert named - documented == set()
    assert documented - named == set(), "documented, but read by nothing"


def fenced(page: Path, *kinds: str) -> list[str]:
    blocks = re.findall(r"^```(\w*)\n(.*?)^```", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    return [block for kind, block in blocks if kind in kinds]


def test_json_of_the_pages_is_json() -> None:
    blocks = [block for page in PAGES for block in fenced(page, "json")]
    assert len(blocks) > 3
    for block in blocks:
        json.loads(block)


def test_python_of_the_pages_is_python_and_imports_what_there_is() -> None:
    imports = 0
    for page in PAGES:
        for block in fenced(page, "python"):
            for node in ast.walk(ast.parse(block)):
                if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("locanda"):
                    continue
                imports += 1
                module = import_module(node.module or "")
                for name in node.names:
                    if not hasattr(module, name.name):
                        import_module(f"{node.module}.{name.name}")
    assert imports > 15


def test_calls_on_the_pages_name_commands_and_options_that_there_are() -> None:
    calls = [
        line for page in PAGES for block in fenced(page, "sh", "text", "console") for line in block.splitlines()
        if re.match(r"(\$ )?(\S*/)?locanda ", line)
    ]  # fmt: skip
    for page in PAGES:
        prose = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
        calls += re.findall(r"`((?:[^\s`]*/)?locanda [^`]+)`", prose)
    assert len(calls) > 30
    assert _wrong("locanda tax invent")
    assert _wrong("$ .venv/bin/locanda tax late --invent FILE")
    wrong = {call: fault for call in calls if (fault := _wrong(call))}
    assert wrong == {}


def _wrong(call: str) -> str:
    """What the program would say of this line; commands only, no values."""
    from locanda.cli.main import cli

    words = shlex.split(re.split(r"\s[<>|]", call.replace("\\|", "|"))[0], comments=True)
    words = words[words[0] == "$" :][1:]
    command: click.Command = cli
    context = click.Context(cli)
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        found = command.get_command(context, words[0])
        if found is None:
            return f"no such command: {words[0]}"
        command, words = found, words[1:]
        context = click.Context(command, parent=context)
    try:
        command.make_parser(context).parse_args(words)
    except click.UsageError as fault:
        return fault.format_message()
    return ""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_and_images_lead_somewhere(page: Path) -> None:
    broken = []
    text = re.sub(r"```.*?```|<!--.*?-->", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" in target or target.startswith(("#", "mailto:")):
            continue
        if not (page.parent / target.partition("#")[0]).exists():
            broken.append(target)
    assert broken == []


def test_every_page_is_reached_from_the_index() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    pages = {str(path.relative_to(ROOT / "docs")) for path in DOCS} - {"README.md"}
    assert len(pages) > 5
    assert {page for page in pages if f"({page})" not in index} == set()
