"""What judging and starting cost, counted in instructions: the same on any machine, however busy."""

from __future__ import annotations

import pytest

from bench.instructions import LEEWAY, kept, measure


@pytest.mark.valgrind
def test_it_costs_no_more_than_it_did() -> None:
    """Whatever takes 15 % more instructions than when bench/instructions.toml was written is seen at once."""
    ratios = measure()

    assert {name: ratios[name] for name, most in kept().items() if ratios[name] > LEEWAY * most} == {}
