"""Shapes drawn without OpenGL are where they belong, cover what is behind, and cast shadows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from environments.robot.pictures.projection import Projection
from environments.robot.pictures.rays import Kind, Shape
from environments.robot.pictures.view import View, projected

RED, GREEN = (0.9, 0.1, 0.1, 1.0), (0.1, 0.8, 0.2, 1.0)
FLOOR = Shape("plane", (1.0, 1.0, 0.1), np.zeros(3), np.eye(3), (0.8, 0.8, 0.8, 1.0))
VIEW = View((0.0, 0.0, 0.1), 1.0, azimuth=90, elevation=-30)
SIZES: dict[Kind, tuple[float, float, float]] = {
    "sphere": (0.1, 0, 0),
    "capsule": (0.05, 0.1, 0),
    "cylinder": (0.08, 0.1, 0),
    "ellipsoid": (0.05, 0.1, 0.15),
    "box": (0.05, 0.1, 0.07),
}


def shape(kind: Kind, position: tuple[float, float, float] = (0, 0, 0.1), **more: object) -> Shape:
    given = {"size": SIZES[kind], "turn": np.eye(3), "rgba": RED, **more}
    return Shape(kind=kind, position=np.array(position, dtype=float), **given)  # type: ignore[arg-type]


def drawn(*shapes: Shape, still: tuple[Shape, ...] = (), view: View = VIEW) -> np.ndarray:
    return np.asarray(Projection(view, 320, 240, still).draw(shapes)).astype(int)


def red(picture: np.ndarray) -> np.ndarray:
    found: np.ndarray = (picture[..., 0] > 60) & (picture[..., 0] > 2 * picture[..., 1])
    return found


def turned(axis: tuple[float, float, float], angle: float) -> np.ndarray:
    x, y, z = np.array(axis) / np.linalg.norm(axis)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    found: np.ndarray = np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross
    return found


def surface(one: Shape, count: int = 3000) -> np.ndarray:
    """Returns points of a shape's surface, from its definition."""
    random = np.random.default_rng(1)
    ways = random.normal(size=(count, 3))
    ways /= np.linalg.norm(ways, axis=1)[:, None]
    first, second, third = one.size
    if one.kind == "sphere":
        points = ways * first
    elif one.kind == "ellipsoid":
        points = ways * np.array(one.size)
    elif one.kind == "capsule":
        points = ways * first + np.array([0, 0, second]) * random.uniform(-1, 1, (count, 1))
    elif one.kind == "cylinder":
        ring = ways[:, :2] / np.linalg.norm(ways[:, :2], axis=1)[:, None] * first
        height = random.uniform(-second, second, count)
        # Half of them on the caps.
        ring[::2] *= np.sqrt(random.uniform(0, 1, (len(ring[::2]), 1)))
        height[::2] = second * np.sign(height[::2])
        points = np.column_stack([ring, height])
    else:
        points = random.uniform(-1, 1, (count, 3))
        points[np.arange(count), random.integers(0, 3, count)] = random.choice([-1, 1], count)
        points *= np.array([first, second, third])
    found: np.ndarray = one.position + points @ one.turn.T
    return found


@pytest.mark.parametrize("kind", list(SIZES))
@settings(max_examples=12, deadline=None)
@given(
    axis=st.tuples(st.floats(0.1, 1), st.floats(-1, 1), st.floats(-1, 1)),
    angle=st.floats(-3, 3),
    azimuth=st.floats(-180, 180),
)
def test_a_shape_covers_the_places_of_its_own_points(
    kind: Kind, axis: tuple[float, float, float], angle: float, azimuth: float
) -> None:
    view = VIEW._replace(azimuth=azimuth)
    one = shape(kind, turn=turned(axis, angle))
    is_red = red(drawn(one, view=view))
    places, _ = projected(surface(one), view, 320, 240)
    columns, rows = np.floor(places).astype(int).T
    # Within a pixel of the edge a point may fall beside what is drawn.
    near = np.zeros_like(is_red)
    for down in (-1, 0, 1):
        for across in (-1, 0, 1):
            near |= np.roll(is_red, (down, across), axis=(0, 1))
    assert near[rows, columns].mean() > 0.999
    hit = np.zeros_like(is_red)
    for down in range(-3, 4):
        for across in range(-3, 4):
            hit[np.clip(rows + down, 0, 239), np.clip(columns + across, 0, 319)] = True
    assert (is_red & ~hit).sum() < 0.02 * is_red.sum()


def test_the_nearer_of_two_is_seen_in_whatever_order() -> None:
    before = shape("sphere", (0, -0.2, 0.1), rgba=GREEN)
    behind = shape("box", (0, 0.2, 0.1))
    one, other = drawn(before, behind), drawn(behind, before)
    assert (one == other).all()
    assert one[120, 160, 1] > one[120, 160, 0]


def test_what_goes_through_another_is_seen_on_both_sides() -> None:
    pole = shape("cylinder", (0, 0, 0.1), size=(0.02, 0.2, 0), rgba=GREEN)
    picture = drawn(pole, shape("box", (0, 0, 0.1)))
    column = picture[:, 160]
    greens = np.flatnonzero(column[:, 1] > 1.5 * column[:, 0])
    reds = np.flatnonzero(column[:, 0] > 1.5 * column[:, 1])
    assert greens.min() < reds.min() <= reds.max() < greens.max()


def test_what_is_in_the_air_has_its_shadow_below_it() -> None:
    empty = drawn(still=(FLOOR,))
    low = drawn(shape("box", (0, 0, 0.08)), still=(FLOOR,))
    high = drawn(shape("box", (0, 0, 0.3)), still=(FLOOR,))

    def shadow(picture: np.ndarray) -> np.ndarray:
        darker: np.ndarray = (picture.sum(axis=2) < empty.sum(axis=2) - 60) & ~red(picture)
        return darker

    assert shadow(low).sum() > 200
    assert shadow(high).sum() > 200
    # The light comes from the front and the right: the higher, the farther back to the left.
    assert np.nonzero(shadow(high))[1].mean() < np.nonzero(shadow(low))[1].mean()


def test_a_shadow_lies_on_the_table_and_not_on_the_floor_before_it() -> None:
    table = shape("box", (0, 0, -0.02), size=(0.3, 0.3, 0.02), rgba=(0.8, 0.7, 0.6, 1.0))
    floor = FLOOR._replace(position=np.array([0, 0, -0.7]), size=(3.0, 3.0, 0.1))
    picture = drawn(shape("sphere", (0, 0, 0.1)), still=(floor, table))
    empty = drawn(still=(floor, table))
    changed = (picture != empty).any(axis=2) & ~red(picture)
    on_table = np.abs(empty - empty[125, 160]).max(axis=2) < 12
    assert (changed & on_table).sum() > 300


def test_what_is_not_opaque_lets_through_and_casts_nothing() -> None:
    ghost = shape("sphere", rgba=(0.9, 0.1, 0.1, 0.5))
    solid = drawn(shape("sphere"), still=(FLOOR,))[120, 160]
    empty, mixed = drawn(still=(FLOOR,)), drawn(ghost, still=(FLOOR,))
    assert empty[120, 160, 1] > mixed[120, 160, 1] > solid[1]
    covered = red(drawn(shape("sphere")))
    edge = np.zeros_like(covered)
    for down in (-1, 0, 1):
        for across in (-1, 0, 1):
            edge |= np.roll(covered, (down, across), axis=(0, 1))
    assert (mixed[~edge] == empty[~edge]).all()


def test_what_is_behind_the_camera_or_beside_the_picture_is_not_drawn() -> None:
    empty = drawn(still=(FLOOR,))
    for place in ((0, -5, 0.1), (9, 3, 0.1), (0, 0, -50)):
        assert (drawn(shape("capsule", place), still=(FLOOR,)) == empty).all()


@pytest.mark.parametrize("kind", list(SIZES))
def test_a_camera_inside_a_shape_breaks_nothing(kind: Kind) -> None:
    place = tuple(float(length) for length in VIEW.eye)
    assert drawn(shape(kind, place)).shape == (240, 320, 3)  # type: ignore[arg-type]
