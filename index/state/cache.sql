-- What a rebuild knows of its inputs.  Everything here can be made again from them: a damaged cache is removed.
-- At every commit it claims no more than is there: a file is as it was read to its end, a document whose site is not
-- named or whose result is not made says so itself.
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- Input files as they were read.  settled = 0: read so soon after a write that its times can't be trusted.
CREATE TABLE files (
    id INTEGER PRIMARY KEY, path BLOB NOT NULL UNIQUE, size INT, mtime INT, ctime INT, inode INT, settled INT,
    shown TEXT, relative TEXT
);
CREATE INDEX files_inode ON files (inode);
-- The files of the current run; read = 1: it was not as it was.
CREATE TABLE seen (file INTEGER PRIMARY KEY, read INT);
-- What was worth telling of a file when it was read: names of fields, dates that were not read, parts left out.
CREATE TABLE notes (file INTEGER PRIMARY KEY, text TEXT NOT NULL);
-- Paths of files that an older cache knew: there is no knowledge of what was in them.
CREATE TABLE once (path BLOB PRIMARY KEY) WITHOUT ROWID;

-- Sites; fingerprint: of the sample that the results were made with.
CREATE TABLE sites (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, fingerprint TEXT);

-- Documents of the files: number counts from 0, -1 is for a file that can't be read (on), -2 for the rejects of a file
-- beyond those listed, `times` many.  place within the file: NULL stands for `#number + 1`.  site is NULL until it is
-- named, 0 for a reject; made = 0: its result is lacking or outdated.
CREATE TABLE documents (
    id INTEGER PRIMARY KEY, file INT, number INT, place TEXT, digest BLOB, site INT, made INT, reason TEXT, times INT
);
CREATE UNIQUE INDEX documents_place ON documents (file, number);
CREATE INDEX documents_site ON documents (site, digest);
CREATE INDEX documents_digest ON documents (digest);
CREATE INDEX documents_unmade ON documents (file, number) WHERE made = 0;
CREATE INDEX documents_times ON documents (times) WHERE times > 1;
-- The file being read: what is not as it was.  digest NULL: no longer there.
CREATE TABLE incoming (
    number INTEGER PRIMARY KEY, place TEXT, digest BLOB, site INT, made INT, reason TEXT, times INT
);

-- What extraction gave; mark is a hash of the payload.
CREATE TABLE results (
    document INTEGER PRIMARY KEY, article TEXT, mark BLOB, sort_key TEXT, signature BLOB, reason TEXT
);
CREATE INDEX results_article ON results (article);
CREATE TABLE payloads (document INTEGER PRIMARY KEY, data BLOB);
CREATE TABLE observations (digest BLOB PRIMARY KEY, data BLOB) WITHOUT ROWID;

-- What became of each document: accepted, duplicate or rejected.  True but for the documents of the digests touched.
CREATE TABLE outcomes (
    document INTEGER PRIMARY KEY, id TEXT, digest BLOB, fate TEXT, reason TEXT, cluster TEXT DEFAULT ''
);
CREATE INDEX outcomes_id ON outcomes (fate, id);
CREATE INDEX outcomes_digest ON outcomes (digest);

-- The signatures of the accepted articles that have one, as of the last look for twins: document = block * 4096 + ...
CREATE TABLE signatures (block INTEGER PRIMARY KEY, documents BLOB, data BLOB);

-- The articles of the generation named in meta: what they were made of.
CREATE TABLE published (id TEXT PRIMARY KEY, mark BLOB, cluster TEXT) WITHOUT ROWID;
-- The ids of all articles that may differ from the published ones.
CREATE TABLE candidates (id TEXT PRIMARY KEY) WITHOUT ROWID;
-- Digests of documents that came, went, or got another result since the outcomes were decided; too many are not kept,
-- meta says `all` then.
CREATE TABLE touched (digest BLOB PRIMARY KEY) WITHOUT ROWID;
