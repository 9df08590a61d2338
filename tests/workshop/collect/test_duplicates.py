"""Mutated copies are found, other sums never are; languages are told apart where there is enough to judge."""

from random import Random

import pytest

from tutor.workshop.collect import language
from tutor.workshop.collect.duplicates import Duplicates, bands_for
from tutor.workshop.collect.items import LEARNER, TUTOR, Item, Message
from tutor.workshop.collect.mend import is_lost, mend
from tutor.workshop.collect.settings import CollectSettings
from tutor.workshop.writing import text as written
from tutor.workshop.writing.conversations import messages


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """What the learner and the tutor say in generated conversations."""
    chosen = written.pool(3, 120, held=False)
    source = written.talks(4, chosen, held=False)
    return ["\n".join(m["content"] for m in messages(next(source))) for _ in range(200)]


def slipped(text: str, rng: Random) -> str:
    """The text with a letter in about sixty changed, as slips of the finger do; numbers stay."""
    letters = [at for at, letter in enumerate(text) if letter.isalpha()]
    changed = list(text)
    for at in rng.sample(letters, max(len(letters) // 60, 1)):
        changed[at] = rng.choice("abcdefghijklmnopqrstuvwxyz")
    return "".join(changed)


def test_mutated_copies_are_found(texts: list[str]) -> None:
    rng, duplicates = Random(1), Duplicates(CollectSettings())
    kept = [text for text in texts if duplicates.seen(text) is None]
    assert len(kept) >= 0.9 * len(texts)  # generated conversations are no duplicates of each other
    found = [duplicates.seen(slipped(text, rng)) is not None for text in kept]
    print(f"found {sum(found)} of {len(found)} slipped copies")
    assert sum(found) >= 0.93 * len(found)
    assert all(duplicates.seen(text.upper().replace(". ", ".  ")) == "exact_duplicate" for text in kept)


def test_other_numbers_and_signs_make_other_texts() -> None:
    duplicates = Duplicates(CollectSettings())
    asked = [f"Tom buys {n} pens in the shop and then gives his friend {m} of them. How many pens has he left?"
             for n in range(20, 40) for m in range(2, 12)]  # fmt: skip
    asked += [f"Please tell me slowly and in simple words what is {a} {sign} {b}, I am stuck on it"
              for a in range(3, 9) for b in range(3, 9) for sign in "+-×÷"]  # fmt: skip
    asked += [f"Tom buys {n} pens in the shop and gives his friend some." for n in ("three", "four", "twelve")]
    assert [duplicates.seen(text) for text in asked] == [None] * len(asked)
    assert duplicates.seen(asked[0].replace("Tom buys", "Tom buyss")) == "near_duplicate"


def test_near_duplicates_can_be_left_alone() -> None:
    duplicates = Duplicates(CollectSettings(near=1.0))
    text = "A fraction is a part of a whole, written as one number over another."
    assert [duplicates.seen(text), duplicates.seen(text + "x"), duplicates.seen(text + " ")] == [
        None,
        None,
        "exact_duplicate",
    ]
    assert bands_for(0.8, 128) == 16 and bands_for(0.5, 128) > 16


def talk(asked: str, answer: str = "Have a go.") -> Item:
    return Item(source="x", kind="chat", messages=(Message(LEARNER, asked), Message(TUTOR, answer)))


def test_other_languages_go_and_childrens_english_stays() -> None:
    settings = CollectSettings()
    foreign = (
        "Quelle est la moitié de douze ? Je ne comprends pas les fractions.",
        "Was ist die Hälfte von zwölf? Ich verstehe Brüche nicht.",
        "¿Cuánto es la mitad de doce? No entiendo las fracciones.",
        "Сколько будет половина от двенадцати? Я не понимаю дроби.",
        "十二的一半是多少？我不明白分数，请你用简单的话给我讲一讲这些题目怎么做好吗谢谢",
    )
    assert all(language.is_foreign(Item(source="x", text=text), settings) for text in foreign)
    assert language.is_foreign(talk(foreign[0], "La moitié de douze est six, bien joué."), settings)
    english = (
        "wot is 3 times 4 pls",
        "idk",
        "I DONT GET IT help me with fractions plzzz",
        "12 x 7 = 84 ?",
        "3/4 + 1/8",
        "is 2x + 3 = 11 so x = 4 rite or not m8",
    )
    assert not any(language.is_foreign(talk(text), settings) for text in english)
    assert not any(language.is_foreign(Item(source="x", text=text), CollectSettings(languages=())) for text in foreign)
    assert not language.is_foreign(Item(source="x", text=foreign[0]), CollectSettings(languages=("en", "fr")))


def test_texts_are_mended() -> None:
    assert (
        mend("naÃ¯ve\u00a0 cafÃ© \u200bâ€œhalfâ€\x9d  \r\n\r\n\r\n\r\n&lt;b&gt; 3 x²\t½\ufeff ")
        == 'naïve café "half"\n\n<b> 3 x² ½'
    )
    assert is_lost("\ufffd\ufffd lost") and not is_lost("a fraction is a part of a whole \ufffd" + "x" * 60)
