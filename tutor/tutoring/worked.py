"""An expression worked exactly: answer in a child's form, steps, hints, topic."""

from fractions import Fraction

from tutor.domain import Fact
from tutor.tutoring import expressions as ex
from tutor.tutoring import fraction_steps, hints, whole_steps
from tutor.tutoring.numbers import decimal, mixed, money, shown, style_of, terminates

NAMES = {"+": "addition", "-": "subtraction", "×": "multiplication", "÷": "division", "^": "powers", "√": "roots"}


def style(node: ex.Node) -> str:
    """fraction | decimal | whole, by the numbers written."""
    styles = {style_of(leaf.text) for leaf in ex.leaves(node)}
    return "fraction" if "fraction" in styles else "decimal" if "decimal" in styles else "whole"


def expression(node: ex.Node) -> Fact:
    """The fact for a tree with at least one operation. Raises UnreadableError."""
    value = ex.evaluate(node)
    unit = ex.unit_of(node)
    question = ex.render(node)
    form = style(node)
    given = [leaf.value for leaf in ex.leaves(node)]
    if isinstance(node, ex.Op) and isinstance(node.left, ex.Num) and isinstance(node.right, ex.Num):
        return _single(node, value, unit, form, question)
    if isinstance(node, ex.Root):
        answer = shown(value, form)
        inner = shown(value**2, form)
        steps: tuple[str, ...] = (f"{answer} × {answer} = {inner}", f"{question} = {answer}")
        found = hints.graded("roots", question, [value], given, a=inner)
        return Fact(kind="expression", question=question, answer=answer, steps=steps, hints=found, topic="roots")
    lines, first = reduce(node, form)
    answer = money(value, unit) if unit else shown(value, form)
    if isinstance(node, ex.Neg) and lines:
        lines.append(f"{question} = {answer}")  # what is inside has another sign
    found = hints.graded("order", question, [value], given, first=first)
    signs = set(ex.operations(node))
    topic = NAMES[next(iter(signs))] if len(signs) == 1 else "order"
    if form == "fraction":
        topic = "fractions"
    return Fact(kind="expression", question=question, answer=answer, steps=tuple(lines), hints=found, topic=topic)


def reduce(node: ex.Node, form: str) -> tuple[list[str], str]:
    """One true line an operation, innermost first, and the first operation as text."""
    lines: list[str] = []
    first: list[str] = []

    def text(value: Fraction, unit: str) -> str:
        return money(value, unit) if unit else shown(value, form)

    def guard(words: str, sign: str, right: bool) -> str:
        if words.startswith("-") and right:
            return f"({words})"
        return f"({words})" if sign == "^" and ("/" in words or words.startswith("-")) else words

    def walk(at: ex.Node) -> tuple[Fraction, str]:
        if isinstance(at, ex.Num):
            return at.value, text(at.value, at.unit) if at.unit else ex.render(at)
        unit = ex.unit_of(at)
        if isinstance(at, ex.Neg):
            inner, _ = walk(at.inner)
            return -inner, text(-inner, unit)
        if isinstance(at, ex.Root):
            inner, words = walk(at.inner)
            value = ex.root(inner)
            lines.append(f"√{f'({words})' if '/' in words else words} = {text(value, unit)}")
            return value, text(value, unit)
        if isinstance(at, ex.Var):
            raise ex.UnreadableError("a letter")
        left, left_words = walk(at.left)
        right, right_words = walk(at.right)
        value = ex.apply(at.sign, left, right)
        words = text(value, unit)
        if at.sign == "^":
            problem = guard(left_words, "^", False) + {"2": "²", "3": "³"}.get(right_words, f"^{right_words}")
        else:
            problem = f"{left_words} {at.sign} {guard(right_words, at.sign, True)}"
        first.append(problem)
        lines.append(f"{problem} = {words}")
        return value, words

    walk(node)
    if len(lines) > 8:
        raise ex.UnreadableError("too many steps")
    return lines, first[0] if first else ex.render(node)


def _single(node: ex.Op, value: Fraction, unit: str, form: str, question: str) -> Fact:
    """One operation on two numbers."""
    assert isinstance(node.left, ex.Num) and isinstance(node.right, ex.Num)
    sign, a, b = node.sign, node.left.value, node.right.value
    left, right = ex.render(node.left), ex.render(node.right)
    values = [value]
    topic = hint_topic = NAMES[sign]
    answer = money(value, unit) if unit else shown(value, form)
    words: dict[str, object] = {
        "a": left,
        "b": right,
        "big": left if a >= b else right,
        "small": right if a >= b else left,
    }
    if unit or node.left.unit:
        steps = _money_steps(sign, node.left, node.right, answer, unit)
        topic, hint_topic = "money", {"+": "money_sum", "-": "money_sum"}.get(sign, "money_product")
    elif sign == "^":
        steps = _power_steps(a, int(b), answer, question, form)
    elif form == "fraction":
        steps = fraction_steps.work(sign, a, b, left, right)
        topic = "fractions"
        same = a.denominator == b.denominator
        hint_topic = {"×": "fraction_product", "÷": "fraction_quotient"}.get(
            sign, "fraction_same" if same else "fraction_sum"
        )
        from math import lcm

        words |= {"common": lcm(a.denominator, b.denominator), "joined": "added" if sign == "+" else "subtracted"}
    elif form == "decimal":
        steps = whole_steps.decimals(sign, a, b, answer)
        hint_topic = "decimals" if sign in "+-" else "decimals_product"
        topic = "decimals"
    else:
        x, y = int(a), int(b)
        if sign == "÷" and value.denominator != 1 and x > 0 and y > 0 and x > y:
            whole, rest = divmod(x, y)
            answer = f"{whole} remainder {rest}"
            values += [Fraction(whole)]
        elif sign == "÷" and value.denominator != 1:
            answer = decimal(value) if terminates(value, 3) else mixed(value)
        steps = _whole_steps(sign, x, y)
        if sign == "÷" and value.denominator != 1 and "remainder" not in answer:
            steps = [f"{question} = {answer}"]
    if min(a, b, value) < 0 and not unit and sign != "^":
        hint_topic = "signed_product" if sign in "×÷" else "below_zero" if a >= 0 and b >= 0 else "signed"
    if hint_topic == "multiplication":
        words |= _split(int(a), int(b)) if form == "whole" and not unit else {"split": question, "easy": question}
    found = hints.graded(hint_topic, question, values, [a, b], **words)
    return Fact(kind="expression", question=question, answer=answer, steps=tuple(steps), hints=found, topic=topic)


def _whole_steps(sign: str, x: int, y: int) -> list[str]:
    if sign == "+":
        return whole_steps.add(x, y)
    if sign == "-":
        return whole_steps.subtract(x, y)
    if sign == "×":
        return whole_steps.multiply(x, y)
    return whole_steps.divide(x, y)


def _power_steps(a: Fraction, n: int, answer: str, question: str, form: str) -> list[str]:
    base = shown(a, form)
    base = f"({base})" if "-" in base or "/" in base else base
    if not 2 <= n <= 6:
        return [f"{question} = {answer}"]
    steps = [f"{question} = {' × '.join([base] * n)}"]
    value = a
    for _ in range(n - 1):
        steps.append(f"{shown(value, form)} × {base} = {shown(value * a, form)}")
        value *= a
    return steps


def _money_steps(sign: str, left: ex.Num, right: ex.Num, answer: str, unit: str) -> list[str]:
    """Whole pounds as they are, anything else in pence."""
    a, b = left.value, right.value
    last = f"{ex.render(left)} {sign} {ex.render(right)} = {answer}"
    whole = a.denominator == 1 and b.denominator == 1
    exact = all((n.value * 100).denominator == 1 for n in (left, right) if n.unit)
    if whole or not exact or "£" not in (left.unit, right.unit) or not answer.lstrip("-").startswith("£"):
        return [last]
    x, y = (f"{n.value * 100}p" if n.unit else n.text for n in (left, right))
    pence = ex.apply(sign, a, b) * 100
    if pence.denominator != 1:
        return [last]
    steps = [f"{x} {sign} {y} = {pence}p"]
    return [*steps, f"{pence}p = {answer}"]


def _split(a: int, b: int) -> dict[str, object]:
    """An easier way to a product of whole numbers, in words."""
    small, big = min(abs(a), abs(b)), max(abs(a), abs(b))
    if small > 12:
        pieces = whole_steps.parts(small)
        text = " and ".join(f"{p} × {big}" for p in pieces[:3])
        return {"split": text, "easy": f"{pieces[0]} × {big}"}
    if big > 10:
        pieces = whole_steps.parts(big)
        return {"split": " and ".join(f"{p} × {small}" for p in pieces[:3]), "easy": f"{pieces[0]} × {small}"}
    cut = 5 if big > 5 else 3 if big == 4 else 2
    return {"split": f"{cut} × {small} and {big - cut} × {small}", "easy": f"{cut} × {small}"}
