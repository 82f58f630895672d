"""The journal: what a kill leaves of a line is passed over, any other damage told, and no number given twice."""

from datetime import UTC, datetime

import pytest

from geo.journal import Version, read_journal, to_line

MOMENT = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)


def make_version(number, who="Ada", why="Name"):
    """Published by Ada, or only noted: `who` and `why` None."""
    return Version(number, MOMENT, who, why, ("themes",), {"themes": f"{number:064x}"}, MOMENT)


def make_line(number, who="Ada", why="Name"):
    return to_line(make_version(number, who, why))


NOTE, PUBLICATION = make_line(3, None, None), make_line(3)
FIRST = make_line(1, None, None) + b"\n" + make_line(2) + b"\n"


def found_in(content, **options):
    journal = read_journal(content, **options)
    return [version.number for version in journal.versions], list(journal.damaged), journal.highest


def test_a_whole_journal():
    assert read_journal(FIRST).versions == (make_version(1, None, None), make_version(2))
    assert found_in(FIRST) == ([1, 2], [], 2)
    assert read_journal(FIRST).last == make_version(2)
    assert found_in(b"") == ([], [], 0)
    assert read_journal(b"").last is None
    assert found_in(b"\n" + FIRST.replace(b"\n", b"\r\n") + b" \n") == ([1, 2], [], 2)


@pytest.mark.parametrize("length", range(1, len(NOTE)))
def test_whatever_a_kill_leaves_of_a_note_is_passed_over(length):
    assert found_in(FIRST + NOTE[:length]) == ([1, 2], [], 2)
    # Noted again, or published, under the same number.
    later = make_line(3, None, None).replace(b"09:30", b"10:45")
    assert found_in(FIRST + NOTE[:length] + b"\n" + later + b"\n") == ([1, 2, 3], [], 3)
    assert found_in(FIRST + NOTE[:length] + b"\n" + NOTE[:20] + b"\n" + make_line(3) + b"\n") == ([1, 2, 3], [], 3)


@pytest.mark.parametrize("length", range(1, len(PUBLICATION)))
def test_whatever_a_kill_leaves_of_a_publication_is_passed_over(length):
    assert found_in(FIRST + PUBLICATION[:length], announced=PUBLICATION) == ([1, 2], [], 2)
    assert found_in(FIRST + PUBLICATION[:length] + b"\n" + PUBLICATION + b"\n") == ([1, 2, 3], [], 3)


@pytest.mark.parametrize("line", [PUBLICATION, NOTE])
def test_a_last_line_that_only_lacks_its_end_is_read(line):
    assert found_in(FIRST + line) == ([1, 2, 3], [], 3)


@pytest.mark.parametrize(
    "line",
    [
        # Nobody is about to publish, so this had been published.
        PUBLICATION[: PUBLICATION.index(b'Ada"')],
        PUBLICATION[:-1],
        # What a kill leaves has no end.
        NOTE[:-1] + b"\n",
        NOTE[:5] + b"\n",
        PUBLICATION.replace(b'"number"', b'"numb') + b"\n",
        PUBLICATION.replace(b'"tables": {', b'"tables": [') + b"\n",
        PUBLICATION.replace(b'"number": 3', b'"number": 3e999') + b"\n",
        PUBLICATION.replace(b"Name", b"N\xffme") + b"\n",
        bytes(len(PUBLICATION)),
        b"kaputt",
        b"5\n",
    ],
)
def test_any_other_damage_is_told_and_its_number_not_given_again(line):
    assert found_in(FIRST + line) == ([1, 2], [3], 3)
    ended = line.removesuffix(b"\n") + b"\n"
    assert found_in(FIRST + ended + make_line(4) + b"\n") == ([1, 2, 4], [3], 4)


def test_damage_in_the_middle_costs_no_number():
    assert found_in(b"kaputt\n" + make_line(2) + b"\n" + make_line(3) + b"\n") == ([2, 3], [1], 3)
    assert found_in(b"kaputt\n\nkaputt\n" + make_line(3) + b"\n") == ([3], [1, 3], 3)


def test_a_wholly_damaged_journal_goes_on_after_as_many_as_it_has_lines():
    assert found_in(b"kaputt\nkaputt\n\nkaputt\n") == ([], [1, 2, 4], 3)


def test_numbers_that_can_still_be_read_in_damaged_lines_count():
    whole = b"\n".join(make_line(number) for number in range(3, 8))
    # A piece of the disk with several lines was overwritten, and so were their ends.
    harmed = FIRST + whole.replace(b"\n", b"\x00") + b"\n"
    assert found_in(harmed) == ([1, 2], [3], 7)
    assert found_in(make_line(9)[:-1] + b"\n") == ([], [1], 9)
    # A reason is free to speak of numbers.
    assert found_in(make_line(1, why='"number": 77,')[:-1] + b"\n") == ([], [1], 1)


def test_many_damaged_lines_are_read_in_one_pass():
    assert found_in(b"kaputt\n" * 20_000)[2] == 20_000
