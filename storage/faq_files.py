"""How are FAQ files for people read and written? YAML and XLSX, by the ending of the name."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import yaml
from typing_extensions import override

from base.errors import ConfigError
from knowledge.model import FaqEntry
from storage.faq_check import repeated
from storage.faq_content import content_of
from storage.faq_sheet import read_sheet, write_sheet
from storage.shipped_faq import read_entries
from storage.yaml_text import yaml_tokens

LARGEST = 20_000_000  # bytes
ENDINGS = "、".join((".yaml", ".yml", ".xlsx"))


def read_faq(path: Path) -> tuple[FaqEntry, ...]:
    """Return the entries of a file.

    Raises:
        ConfigError: The file can't be read, or something in it does not fit; lists every problem.
    """
    data = _bytes(path)
    if path.suffix == ".xlsx":
        entries = read_sheet(path.name, data)
        if twice := repeated(path.name, "编号", (entry.id for entry in entries)):
            raise ConfigError(twice)
        return entries
    _refuse_other(path)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigError([f"{path.name}：不是 UTF-8 编码，请另存为 UTF-8 再试"]) from None
    _refuse_aliases(path.name, text)
    return read_entries({path.name: text})


def write_faq(path: Path, entries: Iterable[FaqEntry]) -> None:
    """Write the entries to a file, by the ending of its name.

    Raises:
        ConfigError: The ending is none of ours, or the file can't be written.
    """
    write: Callable[[Iterable[FaqEntry]], bytes] = write_sheet
    if path.suffix != ".xlsx":
        _refuse_other(path)
        write = _yaml
    try:
        path.write_bytes(write(entries))
    except OSError as error:
        raise ConfigError([f"{path}：写不进去（{error.strerror}）"]) from None


class _Plain(yaml.SafeDumper):
    """Writes what stands twice in full: whoever edits a file knows no references."""

    @override
    def ignore_aliases(self, data: Any) -> bool:
        return True


def _yaml(entries: Iterable[FaqEntry]) -> bytes:
    contents: list[dict[str, Any]] = [content_of(entry) for entry in entries]
    text: str = yaml.dump(contents, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=100)
    return text.encode("utf-8")


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            raise ConfigError([f"{path.name}：文件太大，最多{LARGEST // 1_000_000}MB"])
        return path.read_bytes()
    except OSError as error:
        raise ConfigError([f"{path}：读不到这个文件（{error.strerror}）"]) from None


def _refuse_other(path: Path) -> None:
    if path.suffix not in (".yaml", ".yml"):
        raise ConfigError([f"{path.name}：名字要以这些结尾：{ENDINGS}"])


def _refuse_aliases(name: str, text: str) -> None:
    """Refuse anchors and aliases: nobody needs them here, and a few can mean a billion."""
    try:
        if any(isinstance(one, (yaml.AliasToken, yaml.AnchorToken)) for one in yaml_tokens(text)):
            raise ConfigError([f"{name}：不能用 YAML 的引用（& 和 *）"])
    except (yaml.YAMLError, RecursionError):
        return  # told with its line when it is parsed
