from __future__ import annotations

import pytest

from agentlab.errors import BudgetSpent
from agentlab.llm.purse import Caps, Purse, Spending


def test_what_is_set_aside_counts_until_it_is_paid_or_free_again() -> None:
    purse = Purse(Caps(tokens=10), Spending())

    with purse.set_aside(Spending(0, 8)) as payment:
        with pytest.raises(BudgetSpent, match="tokens: 8 of 10"), purse.set_aside(Spending(0, 3)):
            pass
        payment.paid = Spending(0, 2)

    assert purse.spent == Spending(0, 2)
    with purse.set_aside(Spending(0, 8)):
        pass
    assert purse.spent == Spending(0, 2)


def test_a_payment_is_made_whatever_is_raised() -> None:
    purse = Purse(Caps(), Spending(1.0, 5))

    def pay_and_fail() -> None:
        with purse.set_aside(Spending(0.5, 5)) as payment:
            payment.paid = Spending(0.25, 1)
            raise ValueError("oh")

    with pytest.raises(ValueError, match="oh"):
        pay_and_fail()

    assert purse.spent == Spending(1.25, 6)


def test_spendings_add_and_subtract() -> None:
    assert Spending(1.0, 2).plus(Spending(0.5, 1)).minus(Spending(1.0, 3)) == Spending(0.5, 0)
