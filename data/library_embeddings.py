"""Item vectors as popular libraries hand them out, for `library_embeddings.ts`, which runs this.

    python3 library_embeddings.py FOLDER

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


def item_vectors(x):
    yield "sklearn-components", TruncatedSVD(RANK, random_state=0).fit(x).components_.T
    yield "sklearn-fit-transform", TruncatedSVD(RANK, random_state=0).fit_transform(x.T)

    users = Sparse2Corpus(x, documents_columns=False)
    of_users = LsiModel(users, num_topics=RANK, random_seed=0)
    yield "gensim-lsi-projection", of_users.projection.u

    items = Sparse2Corpus(x.T.tocsr(), documents_columns=False)
    of_items = LsiModel(items, num_topics=RANK, random_seed=0)
    yield "gensim-lsi", corpus2dense(of_items[items], RANK).T
    scaled = [of_items.__getitem__(item, scaled=True) for item in items]
    yield "gensim-lsi-scaled", corpus2dense(scaled, RANK).T

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
