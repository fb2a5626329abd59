"""Where in a text do the words of a list stand?"""

from collections.abc import Mapping

from ahocorasick_rs import AhoCorasick, MatchKind

Span = tuple[int, int, int]  # what the word stands for, where it starts, where it ends


class Finder:
    """Finds many words in one pass over a text."""

    def __init__(self, words: Mapping[str, int], *, overlapping: bool = False) -> None:
        """Prepare `words` (word → what it stands for); without overlapping the longest wins."""
        self._meant = tuple(words.values())
        self._overlapping = overlapping
        kind = MatchKind.Standard if overlapping else MatchKind.LeftmostLongest
        self._automaton = AhoCorasick(list(words), matchkind=kind)

    def find(self, text: str) -> list[Span]:
        """Return every place of a word in `text`, in order."""
        found = self._automaton.find_matches_as_indexes(text, overlapping=self._overlapping)
        return [(self._meant[word], start, end) for word, start, end in found]
