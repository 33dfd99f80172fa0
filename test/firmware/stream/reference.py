#!/usr/bin/env python3
"""Independent float64 reference of the correlation and the process family, from their definitions and numpy only.

    python3 test/firmware/stream/reference.py > test/firmware/stream/reference.h

Correlation: fan speed 60, learned on the first 1800 samples of configuration 1; features of one window, healthy mean, factor, threshold
from leave-block-out scores, and scores of later windows. Process: a vector autoregression on the same recording (as numbers, it is no slow
process), weights, threshold and scores. Nothing here is taken from the C code's results.
"""
import os
import numpy as np
from math import lgamma, log, exp, sqrt

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.path.join(HERE, '../../data/fan-vibration/speed-060.csv')
WINDOW, HOP, LAGS, LEARNED, BLOCKS = 64, 16, 12, 1800, 8
ORDER, AVERAGE, ROWS, RIDGE, QUIET = 3, 10, 400, 0.01, 0.7


def registers():
    table = np.loadtxt(DATA, delimiter=',', skiprows=1)
    return {c: np.round(table[table[:, 0] == c, 1:] * 1000) for c in (1, 2, 3)}


def deviations(x):
    """From a running mean over a window, in whole register units."""
    mean, out = np.zeros(x.shape[1]), np.empty_like(x)
    for t, row in enumerate(x):
        mean = mean + (row - mean) / min(t + 1, WINDOW)
        out[t] = np.floor(row - mean + 0.5)
    return out


def features(d, end):
    w = d[end - WINDOW:end]
    m = w.mean(0)
    v = (w ** 2).mean(0) - m ** 2
    seen = np.maximum(v, 0) + 1 / 12
    f = []
    for k in range(d.shape[1]):
        f.append(log(seen[k]))
        for lag in range(1, LAGS + 1):
            f.append(((w[:, k] * d[end - WINDOW - lag:end - lag, k]).mean() - m[k] ** 2) / seen[k])
    for i in range(d.shape[1]):
        for j in range(i):
            f.append(((w[:, i] * w[:, j]).mean() - m[i] * m[j]) / sqrt(seen[i] * seen[j]))
    return np.array(f)


def fit(rows):
    S = np.cov(rows.T)
    return rows.mean(0), 0.7 * S + np.diag(0.3 * np.diag(S) + 0.01 ** 2)


def scores(rows, healthy):
    d = rows - healthy[0]
    return np.sqrt(np.einsum('ij,jk,ik->i', d, np.linalg.inv(healthy[1]), d) / rows.shape[1])


def gamma_quantile(shape, p):
    """By bisection of the regularised incomplete gamma function (its series)."""
    def below(x):
        term = total = 1 / shape
        n = shape
        while term > total * 1e-14:
            n += 1
            term *= x / n
            total += term
        return total * exp(-x + shape * log(x) - lgamma(shape))
    low, high = 1e-9, shape + 40 * sqrt(shape) + 40
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle) < p else (low, middle)
    return low


def correlation(x):
    d = deviations(x)
    settled = WINDOW + LAGS
    first = -(-settled // HOP) * HOP + WINDOW
    ends = list(range(first, LEARNED + 1, HOP))
    rows = np.array([features(d, end) for end in ends])
    gap, n, out = WINDOW // HOP - 1, len(rows), []
    for b in range(BLOCKS):
        a, z = n * b // BLOCKS, n * (b + 1) // BLOCKS
        kept = np.r_[0:max(0, a - gap), min(n, z + gap):n]
        out.extend(scores(rows[a:z], fit(rows[kept])))
    square = np.array(out) ** 2
    shape = square.mean() ** 2 / square.var()
    threshold = sqrt(gamma_quantile(shape, 0.99) * square.mean() / shape)
    healthy = fit(rows)
    later = [features(d, end) for end in range(ends[-1] + WINDOW - (ends[-1] - LEARNED) % WINDOW, len(x), WINDOW)]
    return len(rows), rows[0], healthy, threshold, np.log(out).mean(), np.log(out).std(), d


def process(x):
    T = ROWS
    mean, sd = x[:T].mean(0), x[:T].std(0)
    z = (x - mean) / sd
    A = np.hstack([z[ORDER - l - 1:len(z) - l - 1] for l in range(ORDER)] + [np.ones((len(z) - ORDER, 1))])
    Y, t = z[ORDER:], T - ORDER
    G = A[:t].T @ A[:t]
    W = np.linalg.solve(G + RIDGE * np.trace(G) / len(G) * np.eye(len(G)), A[:t].T @ Y[:t])
    e = Y - A @ W
    c = np.cumsum(np.vstack([np.zeros((1, x.shape[1])), e]), 0)
    means = (c[AVERAGE:] - c[:-AVERAGE]) / AVERAGE
    learned = means[:t - AVERAGE + 1]
    centre, spread = learned.mean(0), learned.std(0)
    threshold = 2 * np.abs((learned - centre) / spread).max()
    moved, s = np.zeros(x.shape[1]), []
    for j, now in enumerate(means[len(learned):]):
        s.append(np.abs((now - centre - moved) / spread).max())
        # The board's first window is the tenth of these; every tenth shares no sample, and the centre follows it.
        if j % AVERAGE == AVERAGE - 1 and s[-1] < QUIET * threshold:
            moved = np.clip(moved + AVERAGE / len(learned) * (now - centre - moved), -threshold * spread, threshold * spread)
    return W.T, threshold, s


def main():
    def array(name, values):
        text = [f'{v:.9g}' for v in np.ravel(values)]
        lines = [', '.join(text[i:i + 10]) for i in range(0, len(text), 10)]
        print(f'static const double {name}[{len(text)}] = {{\n    ' + ',\n    '.join(lines) + '};\n')

    fan = registers()
    count, first, healthy, threshold, log_mean, log_spread, _ = correlation(fan[1])
    d = deviations(np.vstack([fan[1][:LEARNED], fan[2]]))
    faulty = [features(d, 1872 + WINDOW * i) for i in range(8)]  # the board scores 1808, 1872 and on
    print('/* Made by: python3 test/firmware/stream/reference.py > test/firmware/stream/reference.h (numpy, float64). */')
    print('#ifndef STREAM_REFERENCE_H\n#define STREAM_REFERENCE_H\n')
    print(f'#define REFERENCE_WINDOWS {count}u\n')
    array('reference_first', first)
    array('reference_mean', healthy[0])
    array('reference_factor', np.linalg.cholesky(healthy[1])[np.tril_indices(len(first))])
    array('reference_threshold', [threshold, log_mean, log_spread])
    array('reference_faulty', scores(np.array(faulty), healthy))
    W, limit, s = process(fan[1])
    array('reference_process_weights', W)
    array('reference_process_threshold', [limit])
    array('reference_process_scores', s[AVERAGE:AVERAGE + 40])
    print('#endif')


main()
