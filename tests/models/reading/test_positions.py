from __future__ import annotations

import pytest

from models.reading.positions import Position, name_of_venue, position_of


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(90.1, 0.0), (-90.1, 0.0), (0.0, 180.1), (0.0, -180.1), (float("nan"), 0.0), (0.0, float("inf"))],
)
def test_a_point_that_is_not_on_this_globe_is_none(latitude: float, longitude: float) -> None:
    with pytest.raises(ValueError, match="position"):
        Position(latitude, longitude)


def test_a_point_comes_back_from_its_row_as_it_was() -> None:
    point = Position(-33.8567844, 151.2152967)

    assert position_of(point.as_json()) == point
    assert position_of(None) is None
    assert str(point) == "-33.85678,151.21530"


@pytest.mark.parametrize(
    ("title", "address", "name"),
    [
        ("Café Kranz", "Kurfürstendamm 18, Berlin", "Café Kranz, Kurfürstendamm 18, Berlin"),
        ("Café Kranz", "café kranz, Kurfürstendamm 18", "café kranz, Kurfürstendamm 18"),  # said once
        ("Café Kranz", "", "Café Kranz"),
        ("", "Kurfürstendamm 18", "Kurfürstendamm 18"),
        (" ", " ", None),
    ],
)
def test_a_venue_is_called_by_its_title_and_address(title: str, address: str, name: str | None) -> None:
    assert name_of_venue(title, address) == name
