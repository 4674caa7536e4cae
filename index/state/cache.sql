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
CREATE INDEX documents_digest ON documents (digest);

-- What extraction gave, by content, place and what was known of the site; mark is a hash of the payload.
CREATE TABLE results (
    key BLOB PRIMARY KEY, id TEXT, mark BLOB, sort_key TEXT, signature BLOB, reason TEXT
) WITHOUT ROWID;
CREATE INDEX results_id ON results (id);
CREATE TABLE payloads (key BLOB PRIMARY KEY, data BLOB);
CREATE TABLE observations (digest BLOB PRIMARY KEY, data BLOB) WITHOUT ROWID;
CREATE TABLE sites (site TEXT PRIMARY KEY, fingerprint TEXT) WITHOUT ROWID;

-- What became of each document: accepted, duplicate or rejected.  True but for the documents of the digests touched.
CREATE TABLE outcomes (
    file BLOB, number INT, shown TEXT, id TEXT, key BLOB, digest BLOB, fate TEXT, reason TEXT, cluster TEXT DEFAULT '',
    PRIMARY KEY (file, number)
) WITHOUT ROWID;
CREATE INDEX outcomes_id ON outcomes (fate, id);
CREATE INDEX outcomes_digest ON outcomes (digest);

-- The articles of the generation named in meta: what they were made of.
CREATE TABLE published (id TEXT PRIMARY KEY, mark BLOB, cluster TEXT) WITHOUT ROWID;
-- The ids of all articles that may differ from the published ones.
CREATE TABLE candidates (id TEXT PRIMARY KEY) WITHOUT ROWID;

-- Digests of documents that came, went, or got another result since the outcomes were decided, and keys that documents
-- had: kept by triggers, hence in one transaction with what they tell of, whenever the run is killed.
CREATE TABLE touched (digest BLOB PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE dropped (key BLOB PRIMARY KEY) WITHOUT ROWID;
CREATE TRIGGER document_comes AFTER INSERT ON documents BEGIN
    INSERT OR IGNORE INTO touched VALUES (NEW.digest);
END;
CREATE TRIGGER document_goes AFTER DELETE ON documents BEGIN
    INSERT OR IGNORE INTO touched VALUES (OLD.digest);
    INSERT OR IGNORE INTO dropped SELECT OLD.key WHERE OLD.key IS NOT NULL;
END;
CREATE TRIGGER document_changes AFTER UPDATE OF key ON documents BEGIN
    INSERT OR IGNORE INTO touched VALUES (OLD.digest);
    INSERT OR IGNORE INTO dropped SELECT OLD.key WHERE OLD.key IS NOT NULL;
END;
CREATE TRIGGER result_comes AFTER INSERT ON results BEGIN
    INSERT OR IGNORE INTO touched SELECT digest FROM documents WHERE key = NEW.key;
END;
