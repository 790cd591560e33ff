"""Temperature and the three truncations in the open, as the sampling lesson prints them.

A test compares the lesson with these functions, so what it explains is what the lab runs.
Pure Python: no Django, no clock, no settings.
"""

import math
from collections.abc import Mapping

Distribution = dict[str, float]  # token: probability, the most likely first


def normalise(weights: Mapping[str, float]) -> Distribution:
    """Return `weights` divided by their sum, the largest first; ties keep the order they came in."""
    total = math.fsum(weights.values())
    return {token: weights[token] / total for token in sorted(weights, key=lambda token: -weights[token])}


def temper(p: Distribution, temperature: float) -> Distribution:
    """Return the distribution whose log-odds are those of `p` divided by `temperature`; at 0 the most likely token."""
    top = max(p, key=lambda token: p[token])
    if temperature < 1e-5:
        return {top: 1.0}
    return normalise({token: math.exp((math.log(p[token]) - math.log(p[top])) / temperature) for token in p})


def keep_min_p(p: Distribution, share: float) -> Distribution:
    """Keep the tokens with at least `share` of the probability of the most likely one."""
    floor = share * max(p.values())
    return normalise({token: p[token] for token in p if p[token] >= floor})


def keep_top_k(p: Distribution, k: int) -> Distribution:
    """Keep the `k` most likely tokens."""
    return normalise(dict(list(p.items())[:k]))


def keep_top_p(p: Distribution, mass: float) -> Distribution:
    """Keep the fewest tokens, the most likely first, that together hold at least `mass`."""
    kept: Distribution = {}
    held = 0.0
    for token, probability in p.items():
        kept[token] = probability
        held += probability
        if held >= mass - 1e-12:
            break
    return normalise(kept)


def entropy(p: Distribution) -> float:
    """Return the entropy of `p` in bits."""
    return -math.fsum(probability * math.log2(probability) for probability in p.values())
