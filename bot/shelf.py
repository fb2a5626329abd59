"""Which FAQ is served now? Its entries and their index change together, never one alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from knowledge.index import Index, build_index, updated
from knowledge.language import Lexicon
from knowledge.model import FaqEntry


@dataclass(frozen=True, kw_only=True, slots=True)
class ServedFaq:
    """The entries that may be shown on a day, by id, and the index of their wordings."""

    entries: Mapping[str, FaqEntry]
    index: Index


class Shelf:
    """Holds the FAQ that is served; whoever works with it takes it once and keeps it."""

    def __init__(self, faq: ServedFaq) -> None:
        self.faq = faq


def served(entries: Iterable[FaqEntry], day: date, lexicon: Lexicon) -> ServedFaq:
    """Return what is served on `day` (Beijing) out of all entries."""
    shown = _shown(entries, day)
    return ServedFaq(entries=shown, index=build_index(shown.values(), lexicon))


def changed(faq: ServedFaq, entries: Iterable[FaqEntry], day: date) -> ServedFaq:
    """Return what is served on `day` out of all entries; only what differs is indexed anew."""
    shown = _shown(entries, day)
    index = faq.index
    for gone in faq.entries.keys() - shown.keys():
        index = updated(index, faq.entries[gone], gone=True)
    for entry in shown.values():
        if faq.entries.get(entry.id) != entry:
            index = updated(index, entry)
    return ServedFaq(entries=shown, index=index)


def _shown(entries: Iterable[FaqEntry], day: date) -> Mapping[str, FaqEntry]:
    return MappingProxyType({entry.id: entry for entry in entries if entry.served_on(day)})
