"""What ``--help`` says, of every command: Italian and English, in the lists too."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest

from locanda.cli.main import cli, main


def _all(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            yield from _all(found, (*path, name))


EVERY = dict(_all(cli))


@pytest.mark.parametrize("path", EVERY, ids=" ".join)
def test_it_speaks_both_languages(path: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    command = EVERY[path]
    assert " | " in (command.help or "") or "portal on this machine" in (command.help or "")
    told = [option for option in command.params if isinstance(option, click.Option) and option.name != "help"]
    assert [option.name for option in told if option.help and " | " not in option.help] == []
    assert main([*path, "--help"]) == 0
    said = capsys.readouterr().out
    if isinstance(command, click.Group):
        commands = " ".join(said[said.index("Comandi | Commands") :].split())
        assert commands.count(" | ") == 1 + len(command.list_commands(click.Context(command)))
