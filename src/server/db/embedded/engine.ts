import fs from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';
import { PRIVATE_DIRECTORY, PRIVATE_FILE } from './data-directory-permissions.ts';

export type Bytes = Uint8Array<ArrayBuffer>;

/** PostgreSQL in WebAssembly. Executes one message, or one batch of messages, of PostgreSQL's wire protocol at a time. */
export interface Engine {
  execute(message: Uint8Array): Promise<Bytes>;
  /** Returns the database's files as a tar, for `loadDataDir`. */
  dump(): Promise<Bytes>;
  /** Shuts down cleanly. */
  close(): Promise<void>;
}

export interface EngineOptions {
  /** Directory of the files; undefined: in memory. */
  dataDir?: string | undefined;
  /** Whether missing files are created. Otherwise they are an error, because they existed before. */
  mayCreate?: boolean | undefined;
  /** Tar of a dumped database, with which a database in memory starts. */
  loadDataDir?: Bytes | undefined;
  /**
   * Time (epoch ms) at which an earlier engine of this process had synced all files to disk. After a crash, PostgreSQL syncs all
   * files again, which takes seconds; those that have not changed since are skipped.
   */
  syncedAt?: number | undefined;
}

let loaded: Promise<WebAssembly.Module> | undefined;

/** Compiles the engine's code, which takes a large part of a start. Threads of one process share the compiled code. */
export function loadEngine(): Promise<WebAssembly.Module> {
  loaded ??= (async () => {
    const code = new URL('pglite.wasm', import.meta.resolve('@electric-sql/pglite'));
    return WebAssembly.compile(await readFile(code));
  })();
  return loaded;
}

/** Starts PostgreSQL in this thread, which is blocked while a query runs. */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const lastWords: string[] = [];
  const onStderr = (line: string): boolean => {
    const [, words] = /(?:FATAL|PANIC): +(.*)/.exec(line) ?? [];
    if (words !== undefined) lastWords.push(words);
    return false; // do not print the line
  };
  const pglite = await start({ ...options, onStderr }).catch((error: unknown) => {
    throw failure('cannot start', lastWords, error);
  });
  let broken = false;
  stopAtFaults(pglite);

  return {
    async execute(message) {
      const answer: Uint8Array[] = [];
      const onRawData = (bytes: Uint8Array) => answer.push(bytes.slice());
      try {
        await pglite.execProtocolRawStream(message, { syncToFs: false, onRawData });
      } catch (error) {
        broken = true;
        throw failure('broke down', lastWords, error);
      }
      // A copy, because a small buffer shares its memory with others and cannot move to another thread.
      return new Uint8Array(Buffer.concat(answer));
    },
    async dump() {
      await pglite.exec('checkpoint');
      return new Uint8Array(await (await pglite.dumpDataDir('none')).arrayBuffer());
    },
    async close() {
      // A broken engine must not write. As after a crash, the write-ahead log restores committed rows.
      if (!broken) await pglite.close();
    },
  };
}

function failure(what: string, lastWords: string[], cause: unknown): Error {
  const reason = lastWords.at(-1) ?? (cause instanceof Error ? cause.message : String(cause));
  return new Error(`The embedded database ${what}: ${reason}`, { cause });
}

async function start({ dataDir, loadDataDir, mayCreate, syncedAt, onStderr }: StartOptions): Promise<PGlite> {
  const pgliteWasmModule = await loadEngine();
  if (dataDir === undefined) {
    const tar = loadDataDir && new Blob([loadDataDir]);
    const startParams = [...PGlite.defaultStartParams, ...inUtc];
    return PGlite.create({ pgliteWasmModule, startParams, onStderr, ...(tar && { loadDataDir: tar }) });
  }
  if (!fs.existsSync(join(dataDir, 'PG_VERSION'))) {
    if (mayCreate !== true) throw new Error(`its files are gone from ${dataDir}`);
    await create(dataDir);
  }
  removeTemporaryFiles(dataDir);
  return PGlite.create({
    pgliteWasmModule,
    fs: new SyncingNodeFS(dataDir, syncedAt),
    startParams: durableStartParams(),
    onStderr,
  });
}

/** Removes the files that a stopped query has left, as PostgreSQL's server process does when it starts. */
function removeTemporaryFiles(dataDir: string): void {
  const base = join(dataDir, 'base');
  if (!fs.existsSync(base)) return;
  fs.rmSync(join(base, 'pgsql_tmp'), { recursive: true, force: true });
  for (const database of fs.readdirSync(base)) {
    for (const file of fs.readdirSync(join(base, database))) {
      if (temporaryTable.test(file)) fs.rmSync(join(base, database, file));
    }
  }
}

const temporaryTable = /^t\d+_\d+(_(fsm|vm|init))?(\.\d+)?$/;

type StartOptions = EngineOptions & { onStderr: (line: string) => boolean };

const inUtc = ['-c', 'timezone=UTC'];

function durableStartParams(): string[] {
  const withoutNoFsync = PGlite.defaultStartParams.filter((parameter) => parameter !== '-F');
  return [...withoutNoFsync, ...inUtc, '-c', 'fsync=on', '-c', 'wal_sync_method=fsync'];
}

/** PGlite's file system with files that only the owner can access. PGlite's own grants access to all users, whatever the umask. */
class PrivateNodeFS extends NodeFS {
  override async init(...[pglite, options]: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const { emscriptenOpts } = await super.init(pglite, options);
    emscriptenOpts.preRun = [...(emscriptenOpts.preRun ?? []), ({ NODEFS }) => keepPrivate(NODEFS)];
    return { emscriptenOpts };
  }
}

/** PGlite's file system with an fsync that reaches the disk. PGlite's own fsync does nothing. */
class SyncingNodeFS extends PrivateNodeFS {
  readonly #syncedAt: number | undefined;

  constructor(dataDir: string, syncedAt: number | undefined) {
    super(dataDir);
    this.#syncedAt = syncedAt;
  }

  override async init(...[pglite, options]: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const { emscriptenOpts } = await super.init(pglite, options);
    emscriptenOpts.preRun = [
      ...(emscriptenOpts.preRun ?? []),
      ({ NODEFS }) => addFsync(NODEFS, this.#syncedAt),
    ];
    return { emscriptenOpts };
  }
}

/** The part of Emscripten's file system that we use. PGlite publishes no types for it. */
interface EmscriptenNodeFs {
  node_ops: {
    mknod: (parent: unknown, name: string, mode: number, device: unknown) => unknown;
    setattr: (node: unknown, attributes: Attributes) => void;
  };
  stream_ops: {
    setattr: (stream: unknown, attributes: Attributes) => void;
    fsync?: (stream: { nfd: number }) => number;
  };
  tryFSOperation(operation: () => void): void;
}

/** Attributes of a file to change. The mode contains the type of the file. */
interface Attributes {
  mode?: number;
}

/** Makes the file system create files as 0600 and directories as 0700, and set no other permissions. */
function keepPrivate({ node_ops: nodeOps, stream_ops: streamOps }: EmscriptenNodeFs): void {
  const { mknod, setattr } = nodeOps;
  const { setattr: setStreamAttributes } = streamOps;
  nodeOps.setattr = (node, attributes) => setattr(node, withPrivateMode(attributes));
  streamOps.setattr = (stream, attributes) => setStreamAttributes(stream, withPrivateMode(attributes));
  nodeOps.mknod = (parent, name, mode, device) => {
    const node = mknod(parent, name, privateMode(mode), device);
    // The umask may have removed permissions of the owner.
    nodeOps.setattr(node, { mode });
    return node;
  };
}

function withPrivateMode(attributes: Attributes): Attributes {
  const { mode } = attributes;
  return mode === undefined ? attributes : { ...attributes, mode: privateMode(mode) };
}

function privateMode(mode: number): number {
  const { S_IFMT, S_IFDIR } = fs.constants;
  const type = mode & S_IFMT;
  return type | (type === S_IFDIR ? PRIVATE_DIRECTORY : PRIVATE_FILE);
}

function addFsync(nodeFs: EmscriptenNodeFs, syncedAt = -Infinity): void {
  nodeFs.stream_ops.fsync = ({ nfd }) => {
    nodeFs.tryFSOperation(() => {
      if (fs.fstatSync(nfd).mtimeMs >= syncedAt) fs.fdatasyncSync(nfd);
    });
    return 0;
  };
}

/**
 * Makes PGlite throw the errors of WebAssembly: out of memory, stack overflow, PostgreSQL's abort. PGlite ignores them, continues
 * with a broken engine, even commits, and reports success. The error is thrown from PGlite's next call, `stackRestore`.
 */
function stopAtFaults({ Module: module }: PGlite): void {
  const mainLoop = '_PostgresMainLoopOnce';
  const runOnce = module[mainLoop];
  module[mainLoop] = () => {
    try {
      runOnce();
    } catch (error) {
      if (!isSqlError(error)) {
        module.stackRestore = () => {
          throw error;
        };
      }
      throw error;
    }
  };
}

/** Returns whether an error is a failed statement, which PostgreSQL leaves by an exit with this status (`POSTGRES_MAIN_LONGJMP`). */
function isSqlError(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'status' in error && error.status === 100;
}

/** Creates the database's files atomically: in a second directory, which is synced to disk and then renamed. */
async function create(dataDir: string): Promise<void> {
  const unfinished = `${dataDir}.unfinished`;
  fs.rmSync(unfinished, { recursive: true, force: true });
  fs.mkdirSync(unfinished, { mode: PRIVATE_DIRECTORY });
  const pglite = await PGlite.create({ fs: new PrivateNodeFS(unfinished) });
  await pglite.close();
  syncTree(unfinished);
  fs.renameSync(unfinished, dataDir);
  sync(join(dataDir, '..'));
}

function syncTree(folder: string): void {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) syncTree(path);
    else sync(path);
  }
  sync(folder);
}

function sync(path: string): void {
  const descriptor = fs.openSync(path, 'r');
  try {
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}
