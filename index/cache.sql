-- What a rebuild knows of its inputs.  Everything here can be made again from them: a damaged cache is removed.
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- Input files as they were read.  settled = 0: read so soon after a write that its times can't be trusted.
CREATE TABLE files (
    path BLOB PRIMARY KEY, size INT, mtime INT, ctime INT, inode INT, settled INT, shown TEXT, relative TEXT
) WITHOUT ROWID;
-- The files of the current run.
CREATE TABLE seen (path BLOB PRIMARY KEY, read INT) WITHOUT ROWID;

-- Documents of the files: number is 0 for a whole file, 1... for records, -1 for a file that can't be read (on).
-- site is '' until a worker has named it; key names the result, NULL while that is not known.
CREATE TABLE documents (
    file BLOB, number INT, shown TEXT, relative TEXT, digest BLOB, site TEXT, key BLOB, reason TEXT,
    PRIMARY KEY (file, number)
) WITHOUT ROWID;
CREATE INDEX documents_site ON documents (site, digest);
CREATE INDEX documents_key ON documents (key);

-- What extraction gave, by content, place and what was known of the site; mark is a hash of the payload.
CREATE TABLE results (
    key BLOB PRIMARY KEY, id TEXT, mark BLOB, sort_key TEXT, signature BLOB, reason TEXT
) WITHOUT ROWID;
CREATE TABLE payloads (key BLOB PRIMARY KEY, data BLOB);
CREATE TABLE observations (digest BLOB PRIMARY KEY, data BLOB) WITHOUT ROWID;
CREATE TABLE sites (site TEXT PRIMARY KEY, fingerprint TEXT) WITHOUT ROWID;

-- What became of each document in the current run: accepted, duplicate or rejected.
CREATE TABLE outcomes (
    file BLOB, number INT, shown TEXT, id TEXT, key BLOB, digest BLOB, fate TEXT, reason TEXT, cluster TEXT DEFAULT '',
    PRIMARY KEY (file, number)
) WITHOUT ROWID;
CREATE INDEX outcomes_id ON outcomes (fate, id);

-- The articles of the generation named in meta: what they were made of.
CREATE TABLE published (id TEXT PRIMARY KEY, mark BLOB, cluster TEXT) WITHOUT ROWID;
