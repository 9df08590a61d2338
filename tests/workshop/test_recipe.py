"""A recipe file is read strictly, and what is wrong in it is named with its place."""

from pathlib import Path

import msgspec
import pytest

from tutor import paths
from tutor.errors import UserError
from tutor.workshop import recipe, stages

HEAD = 'name = "A"\nscope = "maths"\nseed = 1\n'


def read(tmp_path: Path, text: str) -> recipe.Recipe:
    file = tmp_path / "some.toml"
    file.write_text(text, encoding="utf-8")
    return recipe.read(file)


@pytest.mark.parametrize("name", ["starter", "starter-gpu", "tiny"])
def test_the_recipes_that_ship_can_be_read_and_have_every_stage_in_order(name: str) -> None:
    made = recipe.read(recipe.find(name))
    order = [stage.name for stage in stages.stages(made)]
    assert order == [n for n in stages.NAMES if n in order]
    assert {"text", "tokenizer", "pretrain", "finetune", "practise", "export", "evaluate", "card"} <= set(order)


def test_the_gpu_recipe_is_the_same_recipe_in_a_larger_setting() -> None:
    small, large = (recipe.read(recipe.find(name)) for name in ("starter", "starter-gpu"))
    assert [s.name for s in stages.stages(small)] == [s.name for s in stages.stages(large)]
    assert (small.scope, small.seed, small.network.context) == (large.scope, large.seed, large.network.context)
    assert small.text and large.text and large.text.problems >= small.text.problems
    assert large.network.width > small.network.width and large.pretrain.tokens > small.pretrain.tokens


def test_what_is_left_out_has_its_default_and_optional_stages_are_left_out(tmp_path: Path) -> None:
    made = read(tmp_path, HEAD + "[text]\nproblems = 7\n[finetune]\nrate = 1\n")
    assert made.network == recipe.Network() and made.text == recipe.Text(problems=7) and made.finetune.rate == 1.0
    assert [s.name for s in stages.stages(made)] == ["text", "tokenizer", "pretrain", "finetune", "export"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD + "[pretrain]\ntoken = 1", r"\[pretrain\].*'token' is not known.*tokens, rate"),
        (HEAD + "[pretain]\n", r"'pretain' is not known.*pretrain"),
        (HEAD + "[pretrain]\ntokens = -5", r"\[pretrain\] tokens: Expected 'int' >= 1"),
        (HEAD + "[pretrain]\nrate = 0.0", r"\[pretrain\] rate"),
        (HEAD + "[pretrain]\nrate = nan", r"\[pretrain\] rate"),
        (HEAD + "[pretrain]\nrate = inf", r"\[pretrain\] rate"),
        (HEAD + '[network]\nwidth = "wide"', r"\[network\] width: Expected 'int', got 'str'"),
        (HEAD + "[network]\nwidth = 321", r"\[network\]: width must be a multiple of heads"),
        (HEAD + "[network]\nhead = 33", r"\[network\]: a head must have an even width"),
        (HEAD + "[network]\nheads = 5\nkv_heads = 2", r"heads must be a multiple of kv_heads"),
        (HEAD + "[tokenizer]\nvocabulary = 70_000", r"\[tokenizer\] vocabulary: .* <= 65536"),
        (HEAD + '[export]\ntype = "Q9"', r"\[export\] type.*Q9"),
        (HEAD + "[finetune]\nothers = 1.5", r"\[finetune\] others"),
        (HEAD + "pretrain = 3", r"\[pretrain\]: Expected 'object'"),
        (HEAD + "[preference]\n", r"\[preference\] start must name a training stage"),
        (HEAD + '[preference]\nstart = "export"', r"\[preference\] start must name a training stage"),
        (HEAD + '[preference]\nstart = "finetune"', r"only \[text\] writes practice.jsonl"),
        (HEAD + "[text]\n[practise]\n[evaluate]\ntasks = false\n[card]", r"\[card\] needs .* with its tasks"),
        ('scope = "maths"\nseed = 1', r"missing required field 'name'"),
        (HEAD + "seed = 2", r"Cannot overwrite a value"),
        ("name = ", r"[Ii]nvalid value"),
    ],
)
def test_a_bad_recipe_is_refused_with_the_place_and_the_reason(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UserError, match=said) as refused:
        read(tmp_path, text)
    assert "some.toml" in str(refused.value) and "Nothing was changed" in str(refused.value)


def test_a_recipe_that_is_not_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "some.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UserError, match="cannot be used"):
        recipe.read(tmp_path / "some.toml")


def test_a_recipe_is_found_by_path_and_by_name_and_others_are_named_when_it_is_not(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(HEAD, encoding="utf-8")
    assert recipe.find(str(tmp_path / "own.toml")) == tmp_path / "own.toml"
    assert recipe.find("starter") == paths.shipped() / "models" / "recipes" / "starter.toml"
    with pytest.raises(UserError, match=r"starter, starter-gpu"):
        recipe.find("nothing")


def test_a_section_is_plain_data_with_every_default_written_out() -> None:
    made = recipe.Recipe(name="A", scope="b", seed=1)
    plain = recipe.section(made, "export")
    assert plain["data"] == list(made.export.data) and set(plain) == set(recipe.Export.__struct_fields__)
    assert recipe.section(made, "seed") == 1 and recipe.section(made, "text") is None
    assert msgspec.json.decode(msgspec.json.encode(plain)) == plain


def test_the_safety_classifiers_recipe_names_its_own_command_and_stands_in_no_list() -> None:
    with pytest.raises(UserError, match="tutor workshop safety --help"):
        recipe.find("safety")
    with pytest.raises(UserError) as caught:
        recipe.find("nowhere")
    assert str(caught.value).endswith("starter, starter-gpu, tiny.")
