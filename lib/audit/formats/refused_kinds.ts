/**
 * Files and folders that are not read: how to know them, what they are, and what to type in the tool that
 * wrote them.
 *
 * @module
 */
// deno-lint-ignore-file no-control-regex -- the marks at the start of binary files have them

/** A kind that is not read. FILE stands for the name of the file. */
interface RefusedKind {
  /** What it is, after "is". */
  what: string;
  /** Why it is not read, after "which"; undefined where it is just none of the kinds. */
  why?: string;
  /** What to do, and to type. */
  instead: string;
  /** How it starts, a letter for each byte, whatever its name. */
  starts?: RegExp;
  /** How its name ends, where neither its start nor its name tells of a kind that is read. */
  ends?: RegExp;
  /** How its name must end, where its start is not enough. */
  named?: RegExp;
  /** The name of one of the files in it, if it is a zip file. */
  zipped?: RegExp;
  /** The name of one of the files in it, if it is a folder. */
  holds?: RegExp;
}

const convert = (line: string) => `Convert it: ${line}`;
/** Saves an array in Python. */
const save = (array: string) => convert(`np.save("vectors.npy", ${array})`);
const unpack = (line: string) => `Unpack it: ${line}`;
/** Reading a pickle runs the functions that it names. */
const CODE = "can run code when it is read";
/** Protocols 2 to 5, and what protocols 0 and 1 usually start with. */
const PICKLE =
  /^(\x80[\x02-\x05]|\([dli]p\d+\n|c(__builtin__|builtins|copy_?reg|collections|numpy|pandas|scipy|sklearn|torch|gensim)[\w.]*\n|[(\]}]q\0)/;
const pickled = (module: string) => new RegExp(`^\\x80[\\x02-\\x05][^]{0,400}${module}`);

/** The kinds, a special one before the general one. */
const REFUSED: RefusedKind[] = [
  {
    what: "a pointer of Git LFS, not the file itself",
    instead: "Fetch the file: git lfs pull",
    starts: /^version https:\/\/git-lfs\.github\.com\/spec\//,
  },
  {
    what: "a web page or an error message in XML, not the file itself",
    instead: "Look at what it says, and download it again",
    starts: /^(\xef\xbb\xbf)?\s*<(!doctype|html|\?xml|error|head|body)\b/i,
  },
  // Python
  {
    what: "a file of gensim's vectors, a Python pickle",
    why: CODE,
    instead: convert('gensim.models.KeyedVectors.load("FILE").save_word2vec_format("vectors.vec")'),
    starts: pickled("gensim\\.models\\.keyedvectors"),
  },
  {
    what: "a model of gensim, a Python pickle",
    why: CODE,
    instead: convert('gensim.models.Word2Vec.load("FILE").wv.save_word2vec_format("vectors.vec")'),
    starts: pickled("gensim\\.models"),
  },
  {
    what: "a Python pickle, as gensim saves vectors and models",
    why: CODE,
    instead: convert(
      'gensim.models.KeyedVectors.load("FILE").save_word2vec_format("vectors.vec"), or gensim.models.Word2Vec.load("FILE").wv of a model',
    ),
    starts: PICKLE,
    named: /\.(kv|wv|model)$/i,
  },
  {
    what: "a Python pickle of pandas",
    why: CODE,
    instead: convert('pd.read_pickle("FILE").to_parquet("vectors.parquet")'),
    starts: pickled("pandas\\."),
  },
  {
    what: "a Python pickle by joblib",
    why: CODE,
    instead: save('joblib.load("FILE")'),
    starts: PICKLE,
    named: /\.joblib$/i,
    ends: /\.joblib$/i,
  },
  {
    what: "a PyTorch file, a Python pickle",
    why: CODE,
    instead: save('torch.load("FILE", map_location="cpu")["NAME"].float().numpy()'),
    starts: /^\x80\x02\x8a\x0a/,
    ends: /\.(pt|pth)$/i,
    zipped: /(^|\/)data\.pkl$/,
  },
  {
    what: "a Python pickle",
    why: CODE,
    instead: save('np.asarray(pickle.load(open("FILE", "rb")))'),
    starts: PICKLE,
    ends: /\.(pkl|pickle|dill)$/i,
  },
  {
    what: 'what NumPy prints, where long arrays are abbreviated ("...")',
    instead: 'Save the array itself: np.save("vectors.npy", array)',
    starts: /^\[\[?\s*-?\d[\d.e+-]*\s+-?\d[\d.e+-]*\s/,
  },
  {
    what: "what NumPy, PyTorch or JAX prints",
    instead: 'Save the array itself: np.save("vectors.npy", np.asarray(array))',
    starts:
      /^(torch\.Size\([^\n]*\n)?\s*([A-Za-z]+\.)*(tensor|array|Array|Tensor|Parameter)\(\s*\[\s*\[/,
  },
  {
    what: "what Spark prints of its rows",
    instead: convert('df.write.parquet("vectors")'),
    starts: /^(Row\(\w+=|\(u?'[^'\n]*',\s*(\[|DenseVector))/,
  },
  {
    what: "what Python prints of dictionaries",
    instead: convert('json.dump(records, open("vectors.json", "w"))'),
    starts: /^\s*\[?\s*\{\s*'[^'\n]*'\s*:/,
  },
  {
    what: "what R prints, where wide tables are cut into blocks",
    instead: convert('write.csv(NAME, "vectors.csv")'),
    starts: /^\s+\[,1\]\s/,
  },
  {
    what: "text in the format of LIBSVM",
    instead: save('sklearn.datasets.load_svmlight_file("FILE")[0].toarray()'),
    starts: /^[-+\d.]+( \d+:[-+\d.e]+)+\s*\n/,
  },
  {
    what: "an ARFF file of Weka",
    instead: convert('pd.DataFrame(scipy.io.arff.loadarff("FILE")[0]).to_csv("vectors.csv")'),
    starts: /^(%[^\n]*\n|\s)*@relation\s/i,
  },
  {
    what: "what psql prints in its expanded display",
    instead: convert('psql -c "\\copy TABLE TO vectors.csv CSV HEADER"'),
    starts: /^-\[ RECORD 1 \]/,
  },
  {
    what: "a table that DuckDB or ClickHouse has drawn",
    instead: convert(
      "duckdb -c \"COPY (SELECT …) TO 'vectors.parquet'\", or clickhouse with FORMAT Parquet",
    ),
    starts: /^\s*\xe2\x94[\x8c\x8f]/,
  },
  {
    what: "a data set of AnnData in HDF5",
    instead: save('anndata.read_h5ad("FILE").obsm["NAME"]'),
    starts: /^\x89HDF\r\n/,
    named: /\.h5ad$/i,
  },
  {
    what: "an HDF5 file",
    instead: `${save('h5py.File("FILE")["NAME"][:]')} (list(h5py.File("FILE")) has the names)`,
    starts: /^\x89HDF\r\n/,
    ends: /\.(h5|hdf5|hdf)$/i,
  },
  {
    what: "a Keras model",
    instead: save('keras.saving.load_model("FILE").get_layer("NAME").get_weights()[0]'),
    zipped: /\.weights\.h5$|^config\.json$/,
    ends: /\.keras$/i,
  },
  {
    what: "a TensorFlow checkpoint",
    instead: save('tf.train.load_checkpoint("PREFIX").get_tensor("NAME")'),
    holds: /^checkpoint$|\.ckpt\.index$/,
    ends: /\.ckpt|\.data-\d{5}-of-\d{5}$/i,
  },
  {
    what: "a TensorFlow SavedModel",
    instead: save('tf.saved_model.load("FILE").variables[0].numpy()'),
    holds: /^saved_model\.pb$/,
    ends: /\.pb$/i,
  },
  {
    what: "a TensorFlow record file",
    instead: save(
      '[tf.train.Example.FromString(r.numpy()).features.feature["NAME"].float_list.value ' +
        'for r in tf.data.TFRecordDataset("FILE")]',
    ),
    ends: /\.tfrecords?$/i,
  },
  {
    what: "an ONNX model",
    instead: save(
      '{t.name: onnx.numpy_helper.to_array(t) for t in onnx.load("FILE").graph.initializer}["NAME"]',
    ),
    ends: /\.onnx$/i,
  },
  {
    what: "a GGUF model, not its embeddings",
    instead:
      "Ask the program that runs it for them: llama-embedding -m FILE --embd-output-format array",
    starts: /^GGUF[\x01-\x09]\0\0\0/,
  },
  {
    what: "the index of a model's .safetensors files, not one of them",
    instead: "Name the file that it has beside the name of the tensor",
    starts: /^\s*\{[^]{0,4000}"weight_map"\s*:/,
  },
  {
    what: "a model, not its embeddings",
    instead: 'Compute them: np.save("vectors.npy", SentenceTransformer("FILE").encode(texts))',
    holds: /^(pytorch_model.*\.bin|modules\.json|tokenizer\.json)$/,
  },
  {
    what: "a model of fastText (.bin)",
    instead:
      'Name the .vec file beside it, or convert it: gensim.models.fasttext.load_facebook_vectors("FILE")' +
      '.save_word2vec_format("vectors.vec"), or get_word_vector(word) of the package fasttext',
    starts: /^\xba\x16\x4f\x2f/,
  },
  {
    what: "a Zarr array",
    instead: save('zarr.open("FILE")[:]'),
    holds: /^\.z(array|group|metadata)$|^zarr\.json$/,
  },
  {
    what: "a NetCDF file",
    instead: save('xarray.open_dataset("FILE")["NAME"].values'),
    starts: /^CDF[\x01\x02\x05]/,
  },
  // Vector indexes and stores
  {
    what: "a FAISS index",
    instead: convert(
      'index = faiss.read_index("FILE"); np.save("vectors.npy", index.reconstruct_n(0, index.ntotal))',
    ),
    // The kind, the dimension, how many vectors, and twice 2^20.
    starts: /^I[\w]{3}[^]{12}(\0\0\x10\0\0\0\0\0){2}/,
    ends: /\.(faiss|index|ivf)$/i,
  },
  {
    what: "a FAISS store",
    instead: convert(
      'index = faiss.read_index("FILE/index.faiss"); ' +
        'np.save("vectors.npy", index.reconstruct_n(0, index.ntotal))',
    ),
    holds: /^index\.faiss$/,
  },
  {
    what: "an Annoy index (.ann)",
    instead: convert(
      'index = annoy.AnnoyIndex(DIMENSIONS, "angular"); index.load("FILE"); ' +
        'np.save("vectors.npy", [index.get_item_vector(i) for i in range(index.get_n_items())])',
    ),
    ends: /\.(ann|annoy)$/i,
  },
  {
    what: "an hnswlib index",
    instead: convert(
      'index = hnswlib.Index("cosine", DIMENSIONS); index.load_index("FILE"); ' +
        'np.save("vectors.npy", index.get_items(index.get_ids_list()))',
    ),
    ends: /\.hnsw$|hnswlib/i,
  },
  {
    what: "a USearch index",
    instead: convert(
      'index = usearch.index.Index.restore("FILE"); np.save("vectors.npy", index.get(index.keys))',
    ),
    ends: /\.usearch$/i,
  },
  {
    what: "a Voyager index",
    instead: convert(
      'index = voyager.Index.load("FILE"); np.save("vectors.npy", index.get_vectors(index.ids))',
    ),
    starts: /^VOYA/,
    ends: /\.voy$/i,
  },
  {
    what: "a file of numbers of neighbors, not of vectors",
    instead: "Name the file of the vectors beside it (.fvecs or .fbin)",
    ends: /\.(ivecs|ibin)$/i,
  },
  {
    what: "a Chroma database",
    instead: save(
      'chromadb.PersistentClient("FILE").get_collection("NAME").get(include=["embeddings"])["embeddings"]',
    ),
    holds: /^chroma\.sqlite3$/,
  },
  {
    what: "a Lance table",
    instead: convert(
      'pyarrow.parquet.write_table(lance.dataset("FILE").to_table(), "vectors.parquet"), of LanceDB ' +
        'db.open_table("NAME").to_pandas().to_parquet("vectors.parquet")',
    ),
    holds: /^_versions$|^_latest\.manifest$|\.lance$/,
  },
  {
    what: "a Qdrant store",
    instead: convert(
      'json.dump([[p.id, p.vector] for p in qdrant_client.QdrantClient(path="FILE").scroll("NAME", limit=10**6, ' +
        'with_vectors=True)[0]], open("vectors.json", "w"))',
    ),
    holds: /^raft_state\.json$/,
  },
  {
    what: "an LMDB database",
    instead: save(
      '[np.frombuffer(v, np.float32) for k, v in lmdb.open("FILE", subdir=False).begin().cursor()]',
    ),
    starts: /^[^]{16}\xde\xc0\xef\xbe/,
    ends: /\.l?mdb$/i,
  },
  {
    what: "an LMDB database",
    instead: save('[np.frombuffer(v, np.float32) for k, v in lmdb.open("FILE").begin().cursor()]'),
    holds: /^data\.mdb$/,
  },
  // Databases and tables
  {
    what: "a database of SQLite",
    instead: convert('sqlite3 -header -csv FILE "SELECT * FROM NAME" > vectors.csv'),
    starts: /^SQLite format 3/,
    ends: /\.(db|sqlite3?)$/i,
  },
  {
    what: "a DuckDB database",
    instead: convert("duckdb FILE -c \"COPY NAME TO 'vectors.parquet'\""),
    starts: /^[^]{8}DUCK/,
    ends: /\.(duckdb|ddb)$/i,
  },
  {
    what: "a dump of PostgreSQL",
    instead: convert(
      'pg_restore -d DATABASE FILE, then psql DATABASE -c "\\copy NAME TO vectors.csv CSV HEADER"',
    ),
    starts: /^PGDMP/,
  },
  {
    what: "a dump of a database as SQL",
    instead: convert(
      'psql DATABASE -c "\\copy NAME TO vectors.csv CSV HEADER", or keep the lines of its COPY as a .tsv file',
    ),
    starts:
      /^(--[^\n]*\n|\s)*(-- PostgreSQL database dump|SET [\w.]+ *(=|TO )|CREATE TABLE|INSERT INTO|BEGIN;|DROP TABLE)/i,
    ends: /\.sql$/i,
  },
  {
    what: "a Delta table",
    why: "may hold rows that were deleted",
    instead: convert('spark.read.format("delta").load("FILE").write.parquet("vectors")'),
    holds: /^_delta_log$/,
  },
  {
    what: "a Hudi table",
    why: "may hold rows that were deleted",
    instead: convert('spark.read.format("hudi").load("FILE").write.parquet("vectors")'),
    holds: /^\.hoodie$/,
  },
  {
    what: "a Feather file of version 1",
    instead: convert('pd.read_feather("FILE").to_feather("vectors.feather", version=2)'),
    starts: /^FEA1/,
  },
  {
    what: "a MessagePack file",
    instead: convert('json.dump(msgpack.load(open("FILE", "rb")), open("vectors.json", "w"))'),
    ends: /\.(msgpack|mpk)$/i,
  },
  {
    what: "an ORC file",
    instead: convert(
      'pyarrow.parquet.write_table(pyarrow.orc.read_table("FILE"), "vectors.parquet")',
    ),
    starts: /^ORC[^\x09\x0a\x0d\x20-\x7e]/,
    ends: /\.orc$/i,
  },
  {
    what: "an Avro file",
    instead: convert('spark.read.format("avro").load("FILE").write.parquet("vectors")'),
    starts: /^Obj\x01/,
  },
  {
    what: "an Excel workbook (.xlsx)",
    instead: `${
      convert('pd.read_excel("FILE").to_csv("vectors.csv", index=False)')
    }, or save the sheet as CSV`,
    zipped: /^xl\//,
    ends: /\.xlsx$/i,
  },
  {
    what: "an old Excel or Office file (.xls)",
    instead: `${
      convert('pd.read_excel("FILE").to_csv("vectors.csv", index=False)')
    }, or save the sheet as CSV`,
    starts: /^\xd0\xcf\x11\xe0/,
  },
  {
    what: "an OpenDocument sheet",
    instead: convert("soffice --convert-to csv FILE"),
    zipped: /^content\.xml$/,
  },
  { what: "an Office document", instead: "Save its table as CSV", zipped: /^(word|ppt)\// },
  { what: "a PDF", instead: "Save the table that it was made of as CSV", starts: /^%PDF/ },
  {
    what: "a picture",
    instead: "Compute its embedding by your model, and name the file of all embeddings",
    starts: /^(\x89PNG|\xff\xd8\xff|GIF8)/,
  },
  // Other languages
  {
    what: "a MATLAB file of version 7.3 (.mat)",
    instead: `${
      save('h5py.File("FILE")["NAME"][:].T')
    }, or in MATLAB writematrix(NAME, "vectors.csv")`,
    starts: /^MATLAB 7\./,
  },
  {
    what: "a MATLAB file (.mat)",
    instead: `${
      save('scipy.io.loadmat("FILE")["NAME"]')
    }, or in MATLAB writematrix(NAME, "vectors.csv")`,
    starts: /^MATLAB \d/,
    ends: /\.mat$/i,
  },
  {
    what: "an R workspace (.RData)",
    instead: convert('load("FILE"); write.csv(NAME, "vectors.csv")'),
    starts: /^RD[XA][23]\n/,
    ends: /\.(rdata|rda)$/i,
  },
  {
    what: "an R object (.rds)",
    instead: convert('write.csv(readRDS("FILE"), "vectors.csv")'),
    starts: /^(X\n\0\0\0|A\n[23]\n\d)/,
    ends: /\.rds$/i,
  },
  {
    what: "text by R's dput",
    instead: convert('write.csv(dget("FILE"), "vectors.csv")'),
    starts: /^structure\(/,
  },
  {
    what: "a Stata file",
    instead: convert('pd.read_stata("FILE").to_csv("vectors.csv", index=False)'),
    starts: /^<stata_dta>/,
    ends: /\.dta$/i,
  },
  {
    what: "an SPSS file",
    instead: convert('pd.read_spss("FILE").to_csv("vectors.csv", index=False)'),
    starts: /^\$FL[23]/,
  },
  {
    what: "a SAS file",
    instead: convert('pd.read_sas("FILE").to_csv("vectors.csv", index=False)'),
    ends: /\.(sas7bdat|xpt)$/i,
  },
  {
    what: "a Matrix Market file",
    instead: `${save('scipy.io.mmread("FILE")')}, of a sparse one mmread("FILE").toarray()`,
    starts: /^%%MatrixMarket/,
  },
  // Packed files
  { what: "compressed by zstd", instead: unpack("zstd -d FILE"), starts: /^\x28\xb5\x2f\xfd/ },
  { what: "compressed by bzip2", instead: unpack("bunzip2 FILE"), starts: /^BZh[1-9]/ },
  { what: "compressed by xz", instead: unpack("unxz FILE"), starts: /^\xfd7zXZ/ },
  { what: "compressed by lz4", instead: unpack("unlz4 FILE"), starts: /^\x04\x22\x4d\x18/ },
  { what: "compressed by brotli", instead: unpack("brotli -d FILE"), ends: /\.br$/i },
  {
    what: "a 7-Zip archive",
    instead: `${unpack("7z x FILE")}, and name the file within`,
    starts: /^7z\xbc\xaf/,
  },
  {
    what: "a tar archive",
    instead: `${unpack("tar xf FILE")}, and name the file within`,
    starts: /^[^]{257}ustar/,
  },
];

/** The refusal of a file by its first bytes: its kind, and how to convert it. */
export function refusedStart(name: string, start: string, path: string): string | undefined {
  return sentence(
    name,
    REFUSED.find(({ starts, named }) => starts?.test(start) && (named?.test(path) ?? true)),
  );
}

/** The same by the end of its name, where its start tells nothing. */
export function refusedEnd(name: string, path: string): string | undefined {
  return sentence(name, REFUSED.find(({ ends }) => ends?.test(path)));
}

/** The kind of a zip file, such as a model or a workbook, by the names of its entries. */
export function refusedArchive(name: string, entries: readonly string[]): string | undefined {
  return sentence(
    name,
    REFUSED.find(({ zipped }) => entries.some((entry) => zipped?.test(entry))),
  );
}

/** The advice for a zip file of several files; it names the first. */
export function refusedFiles(name: string, count: number, first: string): string {
  const what = `a zip file of ${count} files, none of them an array`;
  return sentence(name, { what, instead: `${unpack("unzip FILE")}, and name one (${first})` })!;
}

/** The kind of a folder that does not hold the parts of a file, by the names of its entries. */
export function refusedFolder(name: string, entries: readonly string[]): string | undefined {
  return sentence(
    name,
    REFUSED.find(({ holds }) => entries.some((entry) => holds?.test(entry))),
  );
}

function sentence(name: string, kind: RefusedKind | undefined): string | undefined {
  if (kind === undefined) return undefined;
  const { what, why, instead } = kind;
  const plain = name.replace(/\.gz(ip)?$/i, "");
  const typed = instead.replaceAll('"FILE', () => JSON.stringify(plain).slice(0, -1))
    .replaceAll("FILE", () => inShell(plain));
  return `${name} is ${what}${why === undefined ? "" : `, which ${why}, so it is not read`}. ${
    plain === name ? typed : typed.replace(": ", () => `: gunzip ${inShell(name)}, then `)
  }`;
}

function inShell(path: string): string {
  return /^[\w./+@:-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
