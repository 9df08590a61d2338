"""`python -m tutor.materials`: reads one untrusted file, with bounds on what that may cost, and ends.

The file comes on standard input, so the process needs no file of anybody; what it prints goes nowhere.
"""

import os
import sys
from typing import Final

from tutor.errors import UserError
from tutor.materials import blocks, kinds, passages
from tutor.materials.blocks import Read
from tutor.materials.protocol import Ended, Event, Found, Job, Page, Refused, jobs, line

_MOST_JOB: Final = 10_000


def bound(job: Job) -> None:
    """No more memory, time and files than reading needs, where the system can say so."""
    try:
        import resource
    except ImportError:  # Windows: the parent's clock and the bounds on what comes out remain
        return
    for kind, most in (
        (resource.RLIMIT_AS, job.memory),
        (resource.RLIMIT_CPU, job.seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        try:
            _, hard = resource.getrlimit(kind)
            capped = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(kind, (capped, capped))
        except (ValueError, OSError):
            continue  # a system that does not know this bound


def read(data: bytes, name: str, said: "Output") -> None:
    """Say the passages of a file. Raises UserError."""
    kind = kinds.kind_of(data, name)
    found = _read(kind, data, said)
    cuts = passages.cut(found.blocks, found.title)
    for each in cuts:
        said.say(Found(text=each.text, heading=each.heading, place=passages.place(each)))
    unread = found.unread_pages
    said.say(Ended(kind=found.kind, title=found.title, pages=found.pages, unread_pages=unread, passages=len(cuts)))


def _read(kind: str, data: bytes, said: "Output") -> Read:
    if kind == "pdf":
        from tutor.materials import pdf

        return pdf.read(data, lambda n, m: said.say(Page(n=n, m=m)))
    if kind == "docx":
        from tutor.materials import word

        return word.read(data)
    text = kinds.decoded(data, kind)
    if kind == "html":
        from tutor.materials import web

        return web.read(text)
    if kind == "markdown":
        from tutor.materials import marked

        return marked.read(text)
    from tutor.materials import plain_text

    return plain_text.read(text)


class Output:
    """The lines for the parent, on a descriptor that nothing else prints to."""

    def __init__(self) -> None:
        self._pipe = os.fdopen(os.dup(1), "wb")
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        os.close(nothing)

    def say(self, event: Event) -> None:
        self._pipe.write(line(event))
        self._pipe.flush()


def _refused(error: UserError) -> Refused:
    return Refused(code=error.code, message=str(error))


def main() -> int:
    said = Output()
    job = jobs.decode(sys.stdin.buffer.readline(_MOST_JOB))
    bound(job)
    try:
        data = sys.stdin.buffer.read(job.size)
        read(data, job.name, said)
    except UserError as error:
        said.say(_refused(error))
    except MemoryError:
        said.say(_refused(blocks.too_large()))
    except RecursionError:
        said.say(_refused(blocks.broken(job.name.rpartition(".")[2].upper())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
