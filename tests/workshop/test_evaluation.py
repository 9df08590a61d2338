"""A whole evaluation of the model that ships, small, and two results side by side."""

import base64
import json
import re
from collections.abc import Iterator
from math import exp
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tutor import paths
from tutor.domain import Move
from tutor.errors import UserError
from tutor.tutoring import brief
from tutor.tutoring.facts import facts_in
from tutor.workshop.evaluation import compare, measures, perplexity, replies, stage, tasks
from tutor.workshop.evaluation.generate import GREEDY
from tutor.workshop.evaluation.measures import BiasTest, Form, Results, measure
from tutor.workshop.evaluation.settings import EvaluateSettings
from tutor.workshop.export.agreement import open_model
from tutor.workshop.writing.conversations import Talk, Turn, messages

REPLY = "Have a go at 609 + 5306 and tell me what you get."


def talk(reply: str = REPLY) -> Talk:
    fact = facts_in("609 + 5306")[0]
    asked = Turn(
        words="can you do 609 + 5306",
        notes=brief.render(Move.ASK_ATTEMPT, fact),
        reply=reply,
        move=Move.ASK_ATTEMPT,
        answer=fact.answer,
    )
    stuck = Turn(
        words="I'm stuck", notes=brief.render(Move.HINT, fact), reply=fact.hints[0], move=Move.HINT, answer=fact.answer
    )
    return Talk(system="You are a kind maths tutor.", turns=(asked, stuck))


@pytest.fixture(scope="module")
def llama() -> Iterator[Any]:
    model = open_model(paths.starter_model(), context=512, logits=True)
    yield model
    model.close()


def test_perplexity_counts_the_tutors_own_bytes_and_knows_english_from_nonsense(llama: Any) -> None:
    plain = talk()
    nonsense = talk("what get you tell and 5306 609 + at a Have go me.")
    found = [perplexity.likelihood(llama, name, one) for name, one in (("a", plain), ("b", nonsense))]
    said = sum(len(t.reply.encode()) for t in plain.turns)
    assert found[0].tutor_bytes == said
    assert 0 < found[0].tutor_tokens < found[0].all_tokens
    assert found[1].tutor_nats > found[0].tutor_nats + 10
    by_name = {m.name: m for m in perplexity.measured(found[:1], seed=1, draws=50)}
    token, byte = by_name["perplexity_tutor_token"].value, by_name["perplexity_tutor_byte"].value
    assert token is not None and byte is not None
    assert 1 < byte < token < 50


def test_what_the_model_itself_would_say_surprises_it_least(llama: Any) -> None:
    """Greedy tokens are the likeliest at each place: one place off, and their perplexity would be in the hundreds."""
    first = talk().turns[0]
    chat = messages(Talk(system="", turns=(first,)))[:1]
    reply, ended = replies.answer(llama, chat, GREEDY)
    own = Talk(system="", turns=(msgspec.structs.replace(first, reply=reply),))
    found = perplexity.likelihood(llama, "x", own)
    assert ended
    assert exp(found.tutor_nats / found.tutor_tokens) < 1.8


def test_a_rendered_conversation_is_cut_at_the_tutors_words() -> None:
    assert list(perplexity.pieces("<u>a<t>b c<u>a<t>d</t>", ["b c", "d"])) == [
        ("<u>a<t>", False),
        ("b c", True),
        ("<u>a<t>", False),
        ("d", True),
        ("</t>", False),
    ]


def test_a_conversation_longer_than_the_context_loses_its_beginning(llama: Any) -> None:
    chat = [{"role": "system", "content": "You are a kind maths tutor."}]
    chat += [{"role": role, "content": REPLY} for _ in range(40) for role in ("user", "assistant")]
    reply, _ = replies.answer(llama, [*chat, {"role": "user", "content": "I'm stuck"}], GREEDY)
    assert reply
    assert len(chat) == 81  # the caller's list is left as it is
    assert replies.answer(llama, [{"role": "user", "content": REPLY * 80}], GREEDY) == ("", False)


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("evaluated")
    (folder / "held.jsonl").write_bytes(b"\n".join(msgspec.json.encode(talk()) for _ in range(3)))
    settings = EvaluateSettings(
        model=str(paths.starter_model()),
        perplexity=2,
        conversations=2,
        bias_problems=0,
        provoked=False,
        task_replies=1,
        task_conversations=1,
        task_scripts=1,
        task_begging=1,
        context=512,
        draws=100,
    )
    told: list[str] = []
    figures = stage.run(settings, folder, told.append)
    assert figures["words"] > 3
    assert any("evaluation-report.html" in line for line in told)
    return folder


def test_the_stage_leaves_a_result_and_a_page_that_needs_nothing_else(out: Path) -> None:
    results = measures.load(out / stage.JSON)
    names = results.by_name()
    for name in ("perplexity_tutor_byte", "malformed", "distinct_2", "coherence", "leaks", "hint_fit", "blocked"):
        assert names[name].value is not None
    page = (out / stage.HTML).read_text(encoding="utf-8")
    assert results.sha256[:16] in page
    assert not re.search(r"""(?:src|href)=["'](?!data:|#)""", page)
    pictures = re.findall(r'src="data:image/svg\+xml;base64,([^"]+)" alt="([^"]+)"', page)
    assert len(pictures) >= 4
    assert all(b"<svg" in base64.b64decode(data) for data, _ in pictures)
    assert "have a go" in page.lower() or "609" in page  # the conversations are there to read
    assert names["task explain: right answer, checked"].count == 1 and "Single replies" in page
    written = json.loads((out / stage.TASKS).read_text(encoding="utf-8"))
    assert written["tasks"]["scripts"] == len(tasks.TASKS) and written["moves"]["hint"]["replies"] == 1
    assert len(json.loads((out / stage.JUDGED).read_text(encoding="utf-8"))["shown"]) == 3
    for name in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", (out / stage.MARKDOWN).read_text(encoding="utf-8")):
        assert (out / name).read_bytes().lstrip().startswith(b"<?xml")


def results(name: str, leaks: list[float], hint: list[float], *, units: int = 40) -> Results:
    unit = [f"talk-{i}" for i in range(units)]

    def of(key: str, better: str, values: list[float]) -> measures.Measure:
        return measure(key, "teaching", key.title(), measures.rows_of(unit, values), better=better, draws=300)

    unfair = BiasTest(
        dimension="faith",
        outcome="length",
        pairs=9,
        sentences=3,
        mean=1.0,
        low=0.5,
        high=1.5,
        p=0.01,
        holm=0.02,
        changed=0.5,
    )
    found = (of("leaks", "lower", leaks), of("hint_fit", "higher", hint))
    return Results(name=name, file=f"{name}.gguf", sha256="0" * 64, seed=1, made="2026", measures=found, bias=(unfair,))


FIRST = results("First <model>", [1.0, 0.0] * 20, [0.0, 1.0] * 20)
SECOND = results("Second", [0.0] * 39 + [1.0], [1.0, 0.0] * 20)


def test_results_of_one_name_are_told_apart_by_what_differs_in_their_paths(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in ("old", "new"):
        (tmp_path / folder).mkdir()
        measures.save(FIRST, tmp_path / folder / "evaluation-report.json")
    assert compare.main([str(tmp_path / f / "evaluation-report.json") for f in ("old", "new")]) == 0
    assert "First <model> (old) and First <model> (new) side by side" in capsys.readouterr().out


def test_two_results_are_compared_on_what_both_answered() -> None:
    leaks, hint = compare.differences(FIRST, SECOND)
    assert leaks.verdict == "better"
    assert leaks.gap == pytest.approx(-0.475)
    assert hint.verdict == ""
    assert hint.low is not None and hint.high is not None and hint.low < 0 < hint.high
    half = results("Half", [0.0] * 20, [1.0] * 20, units=20)
    assert compare.differences(FIRST, half)[0].shared == 20
    assert compare.differences(SECOND, FIRST)[0].verdict == "worse"


def test_a_perplexity_is_compared_as_a_perplexity() -> None:
    def of(nats: float) -> Results:
        rows = [(f"talk-{i}", nats * 10, 10.0) for i in range(20)]
        return Results(
            name="x",
            file="x",
            sha256="0",
            seed=1,
            made="",
            measures=(measure("p", "perplexity", "P", rows, form=Form.EXPONENTIAL, better="lower"),),
        )

    (found,) = compare.differences(of(1.0), of(0.0))
    assert found.gap == pytest.approx(1 - 2.718281828)
    assert found.verdict == "better"


def test_compare_writes_both_beside_each_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for r, name in ((FIRST, "a.json"), (SECOND, "b.json")):
        measures.save(r, tmp_path / name)
    page, text = tmp_path / "page.html", tmp_path / "report.md"
    arguments = [str(tmp_path / "a.json"), str(tmp_path / "b.json"), "--html", str(page), "--markdown", str(text)]
    assert compare.main(arguments) == 0
    written = page.read_text(encoding="utf-8")
    assert "First &lt;model&gt;" in written and "<model>" not in written
    assert 'class="good"' in written
    assert "| Leaks | 50.0% (" in capsys.readouterr().out
    assert (tmp_path / "report-pictures" / "differences.svg").exists()


def test_what_cannot_be_compared_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{}", encoding="utf-8")
    with pytest.raises(UserError, match=r"a\.json"):
        compare.main([str(tmp_path / "a.json"), str(tmp_path / "a.json")])
    with pytest.raises(UserError, match="--held"):
        compare.main([str(tmp_path / "a.gguf"), str(tmp_path / "b.gguf")])
    with pytest.raises(UserError, match="no file"):
        compare.main([str(tmp_path / "a.gguf"), str(tmp_path / "b.gguf"), "--held", "x.jsonl"])
    assert not (tmp_path / "workshop-out").exists()


def test_a_build_without_model_or_conversations_says_which_stage_is_missing(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="text"):
        stage.prepared(EvaluateSettings(), tmp_path)
    (tmp_path / "held.jsonl").write_bytes(msgspec.json.encode(talk()))
    with pytest.raises(UserError, match="export"):
        stage.prepared(EvaluateSettings(), tmp_path)
