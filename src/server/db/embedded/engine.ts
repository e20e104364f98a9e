import fs from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';
import { PRIVATE_DIRECTORY, PRIVATE_FILE } from './data-directory-permissions.ts';

export type Bytes = Uint8Array<ArrayBuffer>;

/** PostgreSQL in WebAssembly, spoken to in its wire protocol: one message, or one batch of them, at a time. */
export interface Engine {
  execute(message: Uint8Array): Promise<Bytes>;
  /** The files of the database as a tar, from which another one can start. */
  dump(): Promise<Bytes>;
  /** Shuts down in good order. */
  close(): Promise<void>;
}

export interface EngineOptions {
  /** Where the files are; without it they are in memory. */
  dataDir?: string | undefined;
  /** Whether to make the files if there are none. Otherwise that is an error: they were there before. */
  mayCreate?: boolean | undefined;
  /** A dumped tar, for a database in memory to start from. */
  loadDataDir?: Bytes | undefined;
}

/** Starts PostgreSQL in this thread, which is blocked whenever a query runs. */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const lastWords: string[] = [];
  const onStderr = (line: string): boolean => {
    const [, words] = /(?:FATAL|PANIC): +(.*)/.exec(line) ?? [];
    if (words !== undefined) lastWords.push(words);
    return false; // nobody else is to hear it
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
      // What is broken must not write any more: as after a crash, the log of committed rows brings them back.
      if (!broken) await pglite.close();
    },
  };
}

function failure(what: string, lastWords: string[], cause: unknown): Error {
  const reason = lastWords.at(-1) ?? (cause instanceof Error ? cause.message : String(cause));
  return new Error(`The embedded database ${what}: ${reason}`, { cause });
}

async function start({ dataDir, loadDataDir, mayCreate, onStderr }: StartOptions): Promise<PGlite> {
  if (dataDir === undefined) {
    const tar = loadDataDir && new Blob([loadDataDir]);
    const startParams = [...PGlite.defaultStartParams, ...inUtc];
    return PGlite.create({ startParams, onStderr, ...(tar && { loadDataDir: tar }) });
  }
  if (!fs.existsSync(join(dataDir, 'PG_VERSION'))) {
    if (mayCreate !== true) throw new Error(`its files are gone from ${dataDir}`);
    await create(dataDir);
  }
  return PGlite.create({ fs: new SyncingNodeFS(dataDir), startParams: durableStartParams(), onStderr });
}

type StartOptions = EngineOptions & { onStderr: (line: string) => boolean };

const inUtc = ['-c', 'timezone=UTC'];

function durableStartParams(): string[] {
  const withoutNoFsync = PGlite.defaultStartParams.filter((parameter) => parameter !== '-F');
  return [...withoutNoFsync, ...inUtc, '-c', 'fsync=on', '-c', 'wal_sync_method=fsync'];
}

/** PGlite's file system, but private to the owner: PGlite sets permissions for all users, whatever the umask. */
class PrivateNodeFS extends NodeFS {
  override async init(...[pglite, options]: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const { emscriptenOpts } = await super.init(pglite, options);
    emscriptenOpts.preRun = [...(emscriptenOpts.preRun ?? []), ({ NODEFS }) => keepPrivate(NODEFS)];
    return { emscriptenOpts };
  }
}

/** PGlite's file system, where fsync reaches the disk: PGlite's own does nothing. */
class SyncingNodeFS extends PrivateNodeFS {
  override async init(...[pglite, options]: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const { emscriptenOpts } = await super.init(pglite, options);
    emscriptenOpts.preRun = [...(emscriptenOpts.preRun ?? []), ({ NODEFS }) => addFsync(NODEFS)];
    return { emscriptenOpts };
  }
}

/** What of Emscripten's file system is needed here; PGlite publishes no types for it. */
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

function addFsync(nodeFs: EmscriptenNodeFs): void {
  nodeFs.stream_ops.fsync = ({ nfd }) => {
    nodeFs.tryFSOperation(() => fs.fdatasyncSync(nfd));
    return 0;
  };
}

/**
 * PGlite swallows what WebAssembly throws (out of memory or stack, PostgreSQL's abort), goes on with the broken
 * engine, even to commit, and answers as if all were well. Here it throws instead, from the call that PGlite makes next.
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

/** PostgreSQL's way out of a failed statement arrives as an exit with this status (`POSTGRES_MAIN_LONGJMP`). */
function isSqlError(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'status' in error && error.status === 100;
}

/** Makes the database's files so that, whatever happens, they are there whole or not at all. */
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
