"""A short sample conversation through the real engine, where there is neither a display nor a terminal."""

import sys
from typing import TYPE_CHECKING

from tutor.cli.render import visible
from tutor.i18n import tr

if TYPE_CHECKING:
    from tutor.domain import Reply


def questions() -> tuple[str, ...]:
    """What the sample's learner says."""
    return (
        tr("Hello"),
        tr("What is 3/4 + 1/8?"),
        tr("I think it is 4/12"),
        tr("Can I have a hint?"),
        tr("Is it 7/8?"),
        tr("Thank you"),
    )


def run() -> int:
    from tutor.cli.ask import one_reply
    from tutor.cli.sessions import for_guest

    print(tr("There is no display and no terminal here, so this is a sample conversation as a guest."), flush=True)
    print(tr("Nothing of it is stored."), flush=True)
    with for_guest({}) as session:
        for question in questions():
            print(f"\n{tr('learner')}: {question}", flush=True)
            print_turn(one_reply(session, question))
    print()
    print(tr("How to go on:"))
    print("  tutor chat     " + tr("in a terminal"))
    print("  tutor ask ...  " + tr("one question"))
    print("  tutor          " + tr("on a computer with a display: the window"))
    print("  tutor doctor   " + tr("looks over this machine"))
    sys.stdout.flush()
    return 0


def print_turn(reply: "Reply") -> None:
    """The answer, then what was checked: the sums that were read, and the line under every answer."""
    from tutor.cli.checked import line

    print(f"{tr('tutor')}: {visible(reply.text)}")
    sums = [statement for sentence in reply.sentences for statement in sentence.maths.statements]
    if sums:
        print("  " + tr("sums read: {sums}", sums="; ".join(sums)))
    print(f"  {line(reply)}", flush=True)
