"""Which characters sound alike? Writes knowledge/lexicon/sounds.tsv from pypinyin's tables.

    python tools/build_sounds.py > knowledge/lexicon/sounds.tsv

The product ships the table instead of pypinyin itself, whose import takes 57 MB (docs/adr/0009).
Sounds that people here do not tell apart, or that voice input mixes up, are merged: zh/z, ch/c,
sh/s, n/l, hu/fu, ing/in, eng/en; tones are left out.
"""

import re
import sys
from collections import defaultdict

from pypinyin import Style, pinyin

_MERGED = (
    ("^zh", "z"), ("^ch", "c"), ("^sh", "s"), ("^n", "l"), ("^hu$", "fu"),
    ("ing$", "in"), ("eng$", "en"), ("^ue", "ve"),
)  # fmt: skip


def sound(character: str) -> str:
    """Return the merged syllable of a character, empty for one that is never spoken."""
    (readings,) = pinyin(character, style=Style.NORMAL, errors="ignore", v_to_u=False) or [[""]]
    syllable = readings[0]
    for pattern, short in _MERGED:
        syllable = re.sub(pattern, short, syllable)
    return syllable


def common() -> list[str]:
    """Return the characters of GB 2312, the 6763 that simplified Chinese text is made of."""
    rows = (bytes([high, low]) for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF))
    return [text for row in rows if len(text := row.decode("gb2312", "ignore")) == 1]


def main() -> None:
    """Print one line a sound: the syllable and its characters."""
    by_sound: defaultdict[str, list[str]] = defaultdict(list)
    for character in common():
        if spoken := sound(character):
            by_sound[spoken].append(character)
    sys.stdout.write("# 读音（不分声调，不分平翘舌、n和l、前后鼻音）和读这个音的字\n")
    for spoken, characters in sorted(by_sound.items()):
        sys.stdout.write(f"{spoken}\t{''.join(characters)}\n")


if __name__ == "__main__":
    main()
