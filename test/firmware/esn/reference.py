#!/usr/bin/env python3
"""Independent float64 reference of the echo state network, from the published equations and numpy only.

    python3 test/firmware/esn/reference.py > test/firmware/esn/reference.h

Learns on the first 1800 samples of configuration 1 of fan speed 60 as the firmware is told to, with an exact tanh, a float64 Gram
matrix and numpy's solver; prints what the C test compares with: readout, healthy mean and Cholesky factor of the covariance, and
the scores of later windows. Nothing here is taken from the C code's results.
"""
import os
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
N, K, WINDOW, HOP, WASHOUT, LEARNING, CALIBRATION = 64, 3, 50, 10, 50, 750, 101
R, V, RIDGE, SEED = 0.9, 0.25, 1e-4, 1
MASK = 0xFFFFFFFF


def mix(x):
    x ^= x >> 16
    x = x * 0x85EBCA6B & MASK
    x ^= x >> 13
    x = x * 0xC2B2AE35 & MASK
    return x ^ x >> 16


def signs(draw):
    stream = mix((SEED + 0x9E3779B9 * (draw + 1)) & MASK)
    bits = np.array([mix((stream + i) & MASK) for i in range(N)])
    return np.array([[1.0 if b >> k & 1 else -1.0 for k in range(K)] for b in bits])


def correlation(S):
    total = 0.0
    for lag in range(8):
        for a in range(K):
            for b in range(K):
                if lag == 0 and b <= a:
                    continue
                total += R ** (2 * lag) * (S[:, a] @ np.roll(S[:, b], lag) / N) ** 2
    return total


def main():
    table = np.loadtxt(os.path.join(HERE, '../../data/fan-vibration/speed-060.csv'), delimiter=',', skiprows=1)
    raw = np.round(table[table[:, 0] == 1][:, 1:] * 1000.0)
    # Running mean: of all samples while there are fewer than 64, then exponential with 1/64.
    mean, deviation = np.zeros(K), np.empty_like(raw)
    for t, sample in enumerate(raw):
        mean = mean + (sample - mean) / min(t + 1, 64)
        deviation[t] = sample - mean
    scaled = LEARNING // 4
    scale = 1.0 / np.sqrt((deviation[50:scaled] ** 2).mean(0))
    u = np.clip(deviation * scale, -8, 8)
    S = min((signs(d) for d in range(16)), key=correlation)

    x, states = np.zeros(N), np.zeros((len(u), N))
    for t in range(scaled, len(u)):
        x = np.tanh(V * (S @ u[t]) + R * np.roll(x, 1))
        states[t] = x
    z = np.hstack([states, np.ones((len(u), 1))])
    first = scaled + WASHOUT
    X, Y = z[first - 1:LEARNING - 1], u[first:LEARNING]
    G = X.T @ X
    W = np.linalg.solve(G + RIDGE * np.trace(G) / (N + 1) * np.eye(N + 1), X.T @ Y).T

    error = u[1:] - z[:-1] @ W.T  # error[t - 1] belongs to sample t
    def features(end):
        part = slice(end - WINDOW, end)
        e = (error[part.start - 1:part.stop - 1] ** 2).mean(0)
        return [*np.log(e), np.log((states[part] ** 2).mean())]
    windows = np.array([features(end) for end in range(LEARNING + WINDOW, len(u) + 1, HOP)])
    healthy = windows[:CALIBRATION]
    centre = healthy.mean(0)
    S = np.cov(healthy.T)
    C = 0.7 * S + 0.3 * np.diag(np.diag(S)) + 0.01 ** 2 * np.eye(K + 1)
    d = windows[CALIBRATION:] - centre
    scores = np.sqrt(np.einsum('ij,jk,ik->i', d, np.linalg.inv(C), d) / (K + 1))

    def array(name, values):
        text = [f'{v:.9g}' for v in np.ravel(values)]
        lines = [', '.join(text[i:i + 10]) for i in range(0, len(text), 10)]
        print(f'static const double {name}[{len(text)}] = {{\n    ' + ',\n    '.join(lines) + '};\n')

    print('/* Made by: python3 test/firmware/esn/reference.py > test/firmware/esn/reference.h (numpy, float64). */')
    print('#ifndef ESN_REFERENCE_H\n#define ESN_REFERENCE_H\n')
    array('reference_scale', scale)
    array('reference_weights', W)
    array('reference_centre', centre)
    array('reference_factor', np.linalg.cholesky(C)[np.tril_indices(K + 1)])
    array('reference_scores', scores[:40])
    print('#endif')


main()
