"""Item vectors as popular libraries hand them out, for `make_library_embeddings.ts`, which runs this.

    python3 make_library_embeddings.py FOLDER

Two libraries that Debian does not have are followed line by line, and marked as ours: implicit
0.7.3 (implicit/cpu/als.py and _als.pyx) and Spark (ALS.scala), with their defaults but the rank; and
RecBole 1.2.1's NCEPLRec (nceplrec.py), which calls scikit-learn itself.

In the folder, `NAME.json` says how many users and items there are, and `NAME.starts` and
`NAME.columns` are X in compressed rows, as unsigned integers of 32 bits. For each call `NAME.CALL`
is written, items x 50, as floats of 32 bits; `python.json` says which versions ran.
"""

import json
import random
import sys
from pathlib import Path

import gensim
import numpy as np
import scipy
import sklearn
from gensim.matutils import Sparse2Corpus, corpus2dense
from gensim.models import LsiModel, Word2Vec
from scipy.sparse import csr_matrix
from sklearn.decomposition import TruncatedSVD
from sklearn.utils.extmath import randomized_svd

RANK = 50
folder = Path(sys.argv[1])


def read(name):
    shape = json.loads((folder / f"{name}.json").read_text())
    starts = np.fromfile(folder / f"{name}.starts", dtype=np.uint32).astype(np.int64)
    columns = np.fromfile(folder / f"{name}.columns", dtype=np.uint32).astype(np.int64)
    ones = np.ones(len(columns))
    return csr_matrix((ones, columns, starts), shape=(shape["users"], shape["items"]))


def shuffled_baskets(x):
    """The items of each user in random order: the order of the columns would give labels away."""
    source = random.Random(0)
    baskets = [[str(i) for i in x.indices[a:b]] for a, b in zip(x.indptr, x.indptr[1:])]
    for basket in baskets:
        source.shuffle(basket)
    return baskets


def implicit_als(x, seed, regularization=0.01, iterations=15, cg_steps=3):
    """Weights are alpha times X, here 1 for what is there as for what is not: that is Eq. 2."""
    x = x.astype(np.float32)
    random_state = np.random.RandomState(seed)
    users, items = (
        (random_state.random_sample((rows, RANK)) * 0.01).astype(np.float32) for rows in x.shape
    )

    def solve(interactions, own, other):
        gram = other.T @ other + np.float32(regularization) * np.eye(RANK, dtype=np.float32)
        r = interactions @ other - own @ gram
        p, old = r.copy(), np.sum(r * r, axis=1, keepdims=True)
        for _ in range(cg_steps):
            product = p @ gram
            active = old > 1e-20
            step = np.where(active, old / np.maximum(np.sum(p * product, axis=1, keepdims=True), 1e-30), 0)
            own += step * p
            r -= step * product
            new = np.sum(r * r, axis=1, keepdims=True)
            p = r + np.where(active, new / np.maximum(old, 1e-30), 0) * p
            old = new

    transposed = x.T.tocsr()
    for _ in range(iterations):
        solve(x, users, items)
        solve(transposed, items, users)
    return items


def spark_als(x, regularization=0.1, alpha=1.0, iterations=10):
    """implicitPrefs: weights of 1 + alpha for what is there; the penalty of each row by its count."""
    random_state = np.random.RandomState(0)
    users, items = (random_state.standard_normal((rows, RANK)) for rows in x.shape)
    users /= np.linalg.norm(users, axis=1, keepdims=True)

    def solve(interactions, own, other):
        gram, eye = other.T @ other, np.eye(RANK)
        for row, (a, b) in enumerate(zip(interactions.indptr, interactions.indptr[1:])):
            chosen = other[interactions.indices[a:b]]
            left = gram + alpha * chosen.T @ chosen + regularization * (b - a) * eye
            own[row] = np.linalg.solve(left, (1 + alpha) * chosen.sum(axis=0))

    transposed = x.T.tocsr()
    for _ in range(iterations):
        solve(transposed, items, users)
        solve(x, users, items)
    return items


def recbole_nceplrec(x, beta=1.0, reg_weight=100.0):
    weights = np.maximum(np.log(x.shape[0] / np.asarray(x.sum(axis=0)).ravel() ** beta), 0)
    weighted = x.multiply(weights[None, :]).tocsr()
    _, sigma, vt = randomized_svd(
        weighted, RANK, n_iter="auto", power_iteration_normalizer="QR", random_state=0
    )
    q = x @ (vt.T * np.sqrt(sigma))
    return (np.linalg.inv(q.T @ q + reg_weight * np.identity(RANK)) @ (x.T @ q).T).T


def item_vectors(x):
    yield "sklearn-components", TruncatedSVD(RANK, random_state=0).fit(x).components_.T
    exact = TruncatedSVD(RANK, algorithm="arpack", random_state=0)
    yield "sklearn-arpack", exact.fit(x).components_.T
    yield "sklearn-fit-transform", TruncatedSVD(RANK, random_state=0).fit_transform(x.T)

    users = Sparse2Corpus(x, documents_columns=False)
    of_users = LsiModel(users, num_topics=RANK, random_seed=0)
    yield "gensim-lsi-projection", of_users.projection.u

    items = Sparse2Corpus(x.T.tocsr(), documents_columns=False)
    of_items = LsiModel(items, num_topics=RANK, random_seed=0)
    yield "gensim-lsi", corpus2dense(of_items[items], RANK).T
    scaled = [of_items.__getitem__(item, scaled=True) for item in items]
    yield "gensim-lsi-scaled", corpus2dense(scaled, RANK).T

    yield "ours-implicit", implicit_als(x, seed=0)
    yield "ours-implicit-other-seed", implicit_als(x, seed=1)
    yield "ours-spark", spark_als(x)
    yield "ours-recbole", recbole_nceplrec(x)

    model = Word2Vec(shuffled_baskets(x), vector_size=RANK, min_count=1, seed=1, workers=1)
    order = [model.wv.key_to_index[str(i)] for i in range(x.shape[1])]
    yield "gensim-word2vec-input", model.wv.vectors[order]
    yield "gensim-word2vec-output", model.syn1neg[order]


for path in sorted(folder.glob("*.json")):
    for call, vectors in item_vectors(read(path.stem)):
        vectors.astype(np.float32).tofile(folder / f"{path.stem}.{call}")
        print(path.stem, call, vectors.shape, flush=True)

versions = {module.__name__: module.__version__ for module in (gensim, np, scipy, sklearn)}
(folder / "python.versions").write_text(json.dumps(versions))
