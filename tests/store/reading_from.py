"""For tests: learners who were told from the beginning what their classes show to teachers."""

from tutor.store import Store


def from_the_beginning(store: Store) -> None:
    """As if everybody had been in their classes before they wrote anything."""
    store._owner.run(lambda: store._do("UPDATE class_member SET added_at = ''"))
