"""The OR-Library's p-median format, on instances of our own making."""

import pytest

from tightrope.planning.errors import BadProblem
from tightrope.planning.siting import read_pmed, solve_median


def test_a_later_line_for_the_same_edge_replaces_an_earlier_one(tmp_path):
    file = tmp_path / "three.txt"
    file.write_text(" 3 3 1\n 1 2 5\n 2 3 4\n 2 1 50\n", encoding="ascii")

    travel, count = read_pmed(file)

    assert count == 1
    assert travel.tolist() == [[0.0, 50.0, 54.0], [50.0, 0.0, 4.0], [54.0, 4.0, 0.0]]
    assert solve_median(travel, count=count).value == 54.0


def test_distances_are_shortest_paths(tmp_path):
    file = tmp_path / "square.txt"
    file.write_text("4 5 2\n1 2 1\n2 3 1\n3 4 1\n4 1 9\n1 3 9\n", encoding="ascii")

    travel, _count = read_pmed(file)

    assert travel[0].tolist() == [0.0, 1.0, 2.0, 3.0]


@pytest.mark.parametrize("text", ["", "3 1 1\n", "2 1 1\n1 9 4\n", "2 1 1\n1 2 -4\n", "two nodes"])
def test_another_kind_of_file_is_refused(tmp_path, text):
    file = tmp_path / "bad.txt"
    file.write_text(text, encoding="ascii")

    with pytest.raises(BadProblem, match=r"bad\.txt"):
        read_pmed(file)
