"""What an epoch reads: every accepted wording, replay at least as often, steps that are full."""

from collections import Counter

import msgspec

from tutor.adaptation.training import plan
from tutor.adaptation.training.examples import Examples, Lesson, Pair
from tutor.adaptation.training.packing import batch, lead, own
from tutor.adaptation.training.replay import Exchange
from tutor.adaptation.training.settings import Settings

SETTINGS = Settings(tokens=200, wordings=4, seed=3)


def _pair(number: int, length: int = 20) -> Pair:
    return Pair(prompt=tuple(range(number, number + length)), answer=(7, 8, number % 50, 2))


def _lesson(number: int, *, wrong: bool) -> Lesson:
    return Lesson(
        correction=number,
        sure=(_pair(100 * number), _pair(100 * number + 1)),
        drawn=tuple(_pair(100 * number + 10 + i) for i in range(8)),
        recalled=(_pair(100 * number + 50),),
        wrong=_pair(100 * number + 60) if wrong else None,
        held=(_pair(100 * number + 70),),
    )


EXAMPLES = Examples(
    lessons=tuple(_lesson(n, wrong=n % 2 == 0) for n in range(1, 7)),
    replay=tuple(
        Exchange(prompt=tuple(range(i, i + 15 + i)), answer=(5, 6, 2), words="", kind="replay") for i in range(10)
    ),
    asked={},
    left_out=(),
)


def test_an_epoch_is_the_same_again_and_the_next_one_is_another() -> None:
    assert plan.epoch(EXAMPLES, SETTINGS, 2) == plan.epoch(EXAMPLES, SETTINGS, 2)
    assert plan.epoch(EXAMPLES, SETTINGS, 2) != plan.epoch(EXAMPLES, SETTINGS, 3)


def test_every_accepted_wording_is_read_in_every_epoch_and_no_held_out_one_ever() -> None:
    for number in range(5):
        read = Counter(item.pair for step in plan.epoch(EXAMPLES, SETTINGS, number) for item in step)
        for lesson in EXAMPLES.lessons:
            assert all(read[pair] >= 1 for pair in lesson.sure)
            assert sum(read[pair] for pair in lesson.drawn) == 2
            assert sum(read[pair] for pair in lesson.recalled) == 1
            assert not any(read[pair] for pair in lesson.held)


def test_replay_is_at_least_as_much_as_what_is_taught() -> None:
    items = [item for step in plan.epoch(EXAMPLES, SETTINGS, 0) for item in step]
    kinds = Counter(item.role for item in items)
    groups = kinds["right"]
    assert kinds["replay"] >= groups
    often = Counter(item.replay for item in items if item.role == "replay")
    assert set(often) == set(range(10)) and max(often.values()) - min(often.values()) <= 1


def test_a_flagged_answer_follows_the_right_one_in_the_same_step() -> None:
    for step in plan.epoch(EXAMPLES, SETTINGS, 1):
        for before, item in zip([None, *step], step, strict=False):
            if item.role == "wrong":
                assert before is not None and before.role == "right"
                assert before.pair.prompt == EXAMPLES.lessons[before.pair.prompt[0] // 100 - 1].sure[0].prompt


def test_steps_are_full_and_of_about_one_size() -> None:
    for number in range(4):
        sizes = [sum(own(i.pair, ()) for i in step) for step in plan.epoch(EXAMPLES, SETTINGS, number)]
        assert len(sizes) > 3
        assert min(sizes) >= SETTINGS.tokens
        assert max(sizes) <= 2 * SETTINGS.tokens
    few = plan.epoch(EXAMPLES, Settings(tokens=100_000), 0)
    assert len(few) == 1, "fewer tokens than a step wants make one step"


def test_a_batch_predicts_answers_alone_and_starts_each_sequence_anew() -> None:
    pairs = [Pair(prompt=(1, 2, 3), answer=(4, 5)), Pair(prompt=(6,), answer=(7, 8, 9))]
    made, spans = batch(pairs)
    assert made.tokens.tolist() == [1, 2, 3, 4, 6, 7, 8]
    assert made.positions.tolist() == [0, 1, 2, 3, 0, 1, 2]
    assert made.starts.tolist() == [0, 4, 7]
    assert made.rows.tolist() == [2, 3, 4, 5, 6]
    assert made.targets.tolist() == [4, 5, 7, 8, 9]
    assert spans == [slice(0, 2), slice(2, 5)]


def test_what_all_prompts_begin_with_is_read_once_a_step() -> None:
    pairs = [
        Pair(prompt=(1, 2, 3), answer=(4, 5)),
        Pair(prompt=(9,), answer=(7, 8)),
        Pair(prompt=(1, 2, 6), answer=(5,)),
    ]
    made, spans = batch(pairs, (1, 2))
    assert made.tokens.tolist() == [1, 2, 3, 4, 9, 7, 6]
    assert made.positions.tolist() == [0, 1, 2, 3, 0, 1, 2]
    assert made.starts.tolist() == [0, 2, 4, 6, 7]
    assert made.rows.tolist() == [2, 3, 4, 5, 6]
    assert made.targets.tolist() == [4, 5, 7, 8, 5]
    assert spans == [slice(0, 2), slice(2, 4), slice(4, 5)]
    assert [own(pair, (1, 2)) for pair in pairs] == [2, 2, 1]
    every = [pair.prompt for lesson in EXAMPLES.lessons for pair in lesson.sure]
    assert lead(EXAMPLES) == () and len({prompt[0] for prompt in every}) > 1
    begun = msgspec.structs.replace(
        EXAMPLES,
        lessons=tuple(
            Lesson(1, (Pair((1, 2, 3, n), (5,)),), (), (), None, (Pair((1, 2, 3, 9, n), (5,)),)) for n in (4, 6)
        ),
        replay=(
            Exchange(prompt=(1, 2, 3), answer=(5,), words="", kind="replay"),
            Exchange(prompt=(8,), answer=(5,), words="", kind="plain"),
        ),
    )
    assert lead(begun) == (1, 2), "each prompt keeps a token of its own, and plain texts have none of it"
