"""Reads a YAML file into plain values and remembers on which line each stands."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from contract.settings.explaining import Place, dotted
from edge.config.problems import ConfigError, Problem

_REFERENCE = re.compile(r"\$\{([^}]*)\}")
MAX_BYTES = 1024 * 1024
MAX_DEPTH = 12
MAX_VALUES = 200_000


@dataclass(frozen=True, slots=True)
class Source:
    """A file's values and the line of each."""

    file: Path
    values: dict[str, Any]
    lines: dict[Place, int]

    def line_of(self, path: Place) -> int:
        """The line of the value at the path, or of the nearest mapping around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def problem(self, path: Place, text: str, *, warning: bool = False) -> Problem:
        """Places a problem in the file."""
        return Problem(self.file, self.line_of(path), dotted(path), text, warning=warning)


def read_source(file: Path, environment: Mapping[str, str] = os.environ) -> Source:
    """Reads the file; `${NAME}` in a text is replaced from the environment, `${file:PATH}` by a file's first line.

    Raises:
        ConfigError: not readable, not YAML, keys given twice, or a reference that leads nowhere.
    """
    try:
        if file.stat().st_size > MAX_BYTES:
            raise ConfigError([Problem(file, 1, "", f"larger than {MAX_BYTES} bytes; is it a configuration?")])
        root = yaml.compose(file.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError([Problem(file, 1, "", f"cannot be read: {error}")]) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        text = getattr(error, "problem", None) or str(error)
        raise ConfigError([Problem(file, mark.line + 1 if mark else 1, "", f"not YAML: {text}")]) from error
    if not isinstance(root, yaml.MappingNode):
        raise ConfigError([Problem(file, 1, "", "expected keys such as box, mqtt and cameras")])
    reader = _Reader(file, environment)
    values = reader.read(root, ())
    if reader.problems:
        raise ConfigError(reader.problems)
    return Source(file, values, reader.lines)


class _Reader:
    """Walks the node tree once."""

    def __init__(self, file: Path, environment: Mapping[str, str]) -> None:
        self.file = file
        self.environment = environment
        self.lines: dict[Place, int] = {}
        self.problems: list[Problem] = []

    def read(self, node: yaml.Node, path: Place) -> Any:
        self.lines.setdefault(path, node.start_mark.line + 1)
        if len(path) > MAX_DEPTH or len(self.lines) > MAX_VALUES:  # an alias inside itself, or a tower of aliases
            raise ConfigError([Problem(self.file, node.start_mark.line + 1, "", "nested too deep or too large")])
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.read(item, (*path, index)) for index, item in enumerate(node.value)]
        value = yaml.SafeLoader("").construct_object(node)
        return self._resolved(value, path) if isinstance(value, str) else value

    def _mapping(self, node: yaml.MappingNode, path: Place) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            here = (*path, key)
            self.lines[here] = key_node.start_mark.line + 1
            if key in values:
                self._complain(here, "given twice; keep one")
            values[key] = self.read(value_node, here)
        return values

    def _resolved(self, text: str, path: Place) -> str:
        return _REFERENCE.sub(lambda match: self._reference(match[1], path), text)

    def _reference(self, name: str, path: Place) -> str:
        if name.startswith("file:"):
            file = self.file.parent / name.removeprefix("file:")
            try:
                return file.read_text(encoding="utf-8").splitlines()[0].strip()
            except (OSError, UnicodeDecodeError, IndexError):
                self._complain(path, f"${{{name}}}: {file} cannot be read or is empty; put the secret there")
                return ""
        if name not in self.environment:
            self._complain(path, f"${{{name}}} is not set; export {name} or use ${{file:PATH}}")
            return ""
        return self.environment[name]

    def _complain(self, path: Place, text: str) -> None:
        self.problems.append(Problem(self.file, self.lines.get(path, 1), dotted(path), text))
