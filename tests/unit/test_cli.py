"""Are words a command cannot use refused in a sentence, before anything begins?"""

import pytest

from wenha.cli import main

NO_NAME = "名称应当是一行字"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["bind", "village", ""], NO_NAME),
        (["bind", "village", "白石\n村", "--web"], NO_NAME),
        (["bind", "village", "\udcff"], NO_NAME),
        (["bind", "hub", "长" * 41], NO_NAME),
        (["bind", "hub", " 值守群"], NO_NAME),
        (["demo", "--database", ""], "应当是一个文件的路径"),
        (["demo", "--port", "99999"], "应当是0到65535的整数"),
        (["demo", "--port", "-1"], "应当是0到65535的整数"),
        (["demo", "--port", "x"], "应当是0到65535的整数"),
    ],
)
def test_words_that_cannot_be_used_are_refused(
    words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as refused:
        main(words)
    assert refused.value.code == 2
    assert sentence in capsys.readouterr().err
