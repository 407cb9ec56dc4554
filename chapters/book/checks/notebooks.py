"""The notebooks run, and the numbers that they state are so."""
import notebooks


def check(refill):
    yield from notebooks.check()
