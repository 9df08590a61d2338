"""Words written by people: for each age, country and kind; calm, never a bare refusal, never blocked themselves."""

import pytest

from tutor.domain import Action, AgeBand, Direction
from tutor.moderation import written
from tutor.moderation.moderator import Moderator

KINDS = ("self_harm", "abuse", "hopeless", "friend")
NUMBERS = {
    "GB": "0800 1111", "US": "988", "IE": "1800 66 66 66", "AU": "1800 55 1800", "CA": "1-800-668-6868", "NZ": "1737",
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("band", list(AgeBand))
def test_a_signpost_points_to_people_and_says_who_will_know(kind: str, band: AgeBand) -> None:
    text = written.signpost(kind, age_band=band, country="GB")
    assert "Thank you" in text
    assert "trust" in text
    assert "computer" in text
    assert "999" in text
    assert "can see" in text
    assert "!" not in text


@pytest.mark.parametrize(("country", "number"), NUMBERS.items())
def test_children_get_their_countrys_line(country: str, number: str) -> None:
    for band in (AgeBand.A5_7, AgeBand.A8_10, AgeBand.A11_13, AgeBand.A14_17):
        assert number in written.signpost("self_harm", age_band=band, country=country.lower())


def test_teenagers_and_adults_in_britain_get_samaritans() -> None:
    assert "116 123" in written.signpost("self_harm", age_band=AgeBand.A14_17, country="GB")
    assert "116 123" in written.signpost("self_harm", age_band=AgeBand.ADULT, country="GB")


@pytest.mark.parametrize("country", ["", "DE", "??"])
def test_an_unknown_country_gets_a_trusted_adult_and_the_emergency_number(country: str) -> None:
    for band in AgeBand:
        text = written.signpost("abuse", age_band=band, country=country)
        assert "emergency number" in text
        assert "0800" not in text


def test_young_children_get_fewer_and_shorter_words() -> None:
    def words(band: AgeBand) -> list[str]:
        return written.signpost("self_harm", age_band=band, country="US").split()

    young, old = words(AgeBand.A5_7), words(AgeBand.A14_17)
    assert len(young) < len(old)
    assert sum(map(len, young)) / len(young) < sum(map(len, old)) / len(old)


@pytest.mark.parametrize(
    "labels", [("dangerous_request",), ("sexual_explicit",), ("threat",), ("identity_attack",), ("toxicity",)]
)
@pytest.mark.parametrize("band", list(AgeBand))
def test_a_refusal_says_why_and_leads_back(labels: tuple[str, ...], band: AgeBand) -> None:
    text = written.refusal(labels, age_band=band)
    assert text.endswith("?")
    assert len(text.split()) > 12


def test_nearly_all_that_people_wrote_passes_the_check_itself(moderator: Moderator) -> None:
    texts = [written.signpost(k, age_band=b, country="GB") for k in KINDS for b in AgeBand]
    texts += [written.fallback(age_band=b) for b in AgeBand] + [written.not_checked(age_band=b) for b in AgeBand]
    texts += [
        written.refusal((label,), age_band=AgeBand.A8_10) for label in ("dangerous_request", "toxicity", "threat")
    ]
    sentences = {s.strip() for t in texts for s in t.replace("\n\n", " ").split(". ") if s.strip()}
    stopped = [s for s in sentences if moderator.judge(s, direction=Direction.OUTPUT).action is Action.BLOCK]
    assert len(stopped) <= 0.1 * len(sentences), stopped


@pytest.mark.parametrize("band", list(AgeBand))
def test_nobody_is_blamed_when_the_check_itself_failed(band: AgeBand) -> None:
    text = written.refusal((), age_band=band)
    assert text == written.not_checked(age_band=band)
    assert "kind words" not in text


@pytest.mark.parametrize("band", list(AgeBand))
def test_a_guest_is_told_that_nobody_else_knows(band: AgeBand) -> None:
    text = written.signpost("self_harm", age_band=band, watched=False)
    assert "Nobody else can see" in text
    assert "can see this message" not in text and "can see what you wrote, so" not in text


def test_what_weighs_most_says_which_words() -> None:
    rude = written.refusal(("obscene",), age_band=AgeBand.A8_10)
    assert written.refusal(("obscene", "insult", "sexual_explicit", "threat"), age_band=AgeBand.A8_10) == rude
    assert written.refusal(("sexual_explicit", "obscene"), age_band=AgeBand.A8_10) != rude
    danger = written.refusal(("dangerous_request",), age_band=AgeBand.A8_10)
    assert written.refusal(("obscene", "dangerous_request"), age_band=AgeBand.A8_10) == danger
