"""What a change of the tables moves on the map."""

import pandas as pd
import pytest
import shapely

from geo.moves import Move, to_moves

COLUMNS = ["id", "name", "latitude", "longitude"]


def municipalities(*rows):
    return {"municipalities": pd.DataFrame(list(rows), columns=COLUMNS, dtype="string")}


PUEBLA = ("mx-puebla", "Puebla", "19.04778", "-98.20723")


@pytest.mark.parametrize(
    ("row", "after"),
    [
        (("mx-puebla", "Puebla", "19.1", "-98.20723"), shapely.Point(-98.20723, 19.1)),
        (("mx-puebla", "Puebla", "1904778", "-98.20723"), None),
        (("mx-puebla", "Puebla", None, "-98.20723"), None),
        (("mx-puebla", "Puebla", "neunzehn", "-98.20723"), None),
    ],
)
def test_a_place_lies_elsewhere_or_nowhere(row, after):
    assert to_moves(municipalities(PUEBLA), municipalities(row)) == [
        Move("Puebla", shapely.Point(-98.20723, 19.04778), after)
    ]


def test_places_come_and_go_and_the_order_of_rows_does_not_matter():
    other = ("na-windhoek", "Windhoek", "-22.55941", "17.08323")
    before, after = municipalities(PUEBLA), municipalities(other, PUEBLA)
    assert to_moves(before, after) == [Move("Windhoek", None, shapely.Point(17.08323, -22.55941))]
    assert to_moves(after, before) == [Move("Windhoek", shapely.Point(17.08323, -22.55941), None)]


def test_a_new_name_or_a_number_written_otherwise_moves_nothing():
    same = ("mx-puebla", "Puebla de Zaragoza", "19.047780", "-98.20723")
    assert to_moves(municipalities(PUEBLA), municipalities(same)) == []


def test_rows_without_a_key_and_double_ones_do_no_harm():
    rows = [PUEBLA, PUEBLA, (None, None, "1", "2")]
    assert to_moves(municipalities(PUEBLA), municipalities(*rows)) == []
