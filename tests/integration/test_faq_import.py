"""An import is whole or not at all, leaves drafts alone, and may not make answers worse."""

import io
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from base.errors import ConfigError
from knowledge.model import EntryStatus
from storage.faq_files import write_faq
from storage.migrate import upgrade
from storage.shipped_faq import load_entries
from storage.store import open_connection, writing
from storage.unit import Unit
from wenha.faq_files import entries_of
from wenha.faq_import import import_file

NOW = datetime(2026, 11, 26, 4, tzinfo=UTC)


def test_a_command_that_fails_halfway_keeps_nothing(tmp_path: Path) -> None:
    database = tmp_path / "w.db"
    upgrade(database)
    with pytest.raises(KeyboardInterrupt):
        _break_off(database)
    with closing(open_connection(database)) as connection:
        assert Unit(connection).faq.ids() == []
        assert Unit(connection).faq.newest() == 0


def _break_off(database: Path) -> None:
    with writing(database) as unit:
        unit.faq.put(load_entries(), NOW, "导入")
        raise KeyboardInterrupt


def test_what_could_not_be_read_again_is_not_written(tmp_path: Path) -> None:
    upgrade(tmp_path / "w.db")
    broken = replace(load_entries()[0], sources=())
    with pytest.raises(ConfigError, match="L001 sources"), writing(tmp_path / "w.db") as unit:
        unit.faq.put([broken], NOW, "导入")


def test_a_draft_in_a_file_leaves_what_is_served_alone(tmp_path: Path) -> None:
    database, old = tmp_path / "w.db", load_entries()[0]
    draft = replace(old, answer="还没想好，当事人应当举证。", status=EntryStatus.DRAFT, sources=())
    write_faq(tmp_path / "one.xlsx", [draft])

    import_file(tmp_path / "one.xlsx", database, NOW, io.StringIO())

    assert {entry.id: entry for entry in entries_of(database)}[old.id] == old
    with closing(open_connection(database)) as connection:
        standing = Unit(connection).faq.standing(old.id)
    assert standing is not None
    assert (standing.text, standing.served) == (draft, old)
    # what is served comes back in from a file without touching the draft
    write_faq(tmp_path / "two.yaml", [old])
    import_file(tmp_path / "two.yaml", database, NOW, out := io.StringIO())
    assert "没变1条" in out.getvalue()


def test_a_file_that_would_answer_more_wrongly_needs_force_and_says_so(tmp_path: Path) -> None:
    stolen = "娃在家里生的，没得出生证，上得了户不"  # a question of the regression set
    database, greedy = tmp_path / "w.db", load_entries()[0]
    write_faq(tmp_path / "a.yaml", [replace(greedy, variants=(*greedy.variants, stolen))])

    with pytest.raises(ConfigError, match="准确率会下降：100"):
        import_file(tmp_path / "a.yaml", database, NOW, io.StringIO())
    assert {entry.id: entry for entry in entries_of(database)}[greedy.id] == greedy

    assert import_file(tmp_path / "a.yaml", database, NOW, io.StringIO(), force=True) == 0
    with closing(open_connection(database)) as connection:
        (*_, newest) = Unit(connection).faq.revisions(greedy.id)
    assert newest.why.startswith("强行导入：100.0% →")
