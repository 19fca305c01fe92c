#!/usr/bin/env python3
"""The yardsticks for the truncated SVD of a sparse matrix: ARPACK and scikit-learn.

Reads a binary CSR matrix (row starts and column indices as 32-bit integers) and prints one JSON
object: seconds, the leading singular values, and the largest relative residual
||X'Xv - s^2 v|| / s^2, for each of

  svds        scipy.sparse.linalg.svds, tolerance 1e-6
  randomized  sklearn.decomposition.TruncatedSVD(algorithm="randomized") at its defaults

Debian: python3-numpy python3-scipy python3-sklearn libopenblas0-pthread.
Usage: sparse_svd_scipy.py STARTS INDICES USERS ITEMS RANK
"""
import json
import sys
import time

import numpy as np
import scipy.sparse
import scipy.sparse.linalg
from sklearn.decomposition import TruncatedSVD

starts = np.fromfile(sys.argv[1], np.int32)
indices = np.fromfile(sys.argv[2], np.int32)
users, items, rank = map(int, sys.argv[3:6])
X = scipy.sparse.csr_matrix((np.ones(len(indices)), indices, starts), shape=(users, items))


def report(seconds, sigma, V):
    residuals = np.linalg.norm(X.T @ (X @ V) - V * sigma**2, axis=0) / sigma**2
    return {
        "seconds": seconds,
        "residual": residuals.max(),
        "sigma": sorted(sigma.tolist(), reverse=True),
    }


start = time.perf_counter()
_, sigma, Vt = scipy.sparse.linalg.svds(X, k=rank, tol=1e-6)
svds = report(time.perf_counter() - start, sigma, Vt.T)

start = time.perf_counter()
model = TruncatedSVD(rank, algorithm="randomized", random_state=0).fit(X)
randomized = report(time.perf_counter() - start, model.singular_values_, model.components_.T)

print(json.dumps({"svds": svds, "randomized": randomized}))
