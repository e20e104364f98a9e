import { NodeFS } from '@electric-sql/pglite/nodefs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { startEngine } from '../../../src/server/db/embedded/engine.ts';
import { emptyFolder } from '../../support/installation.ts';

type Options = Parameters<NodeFS['init']>[1];

it('keeps files private and syncs them even if PGlite passes no preRun hooks', async () => {
  const dataDir = await emptyFolder();
  await writeFile(join(dataDir, 'PG_VERSION'), '');
  let emscriptenOpts: Options = {};
  vi.spyOn(NodeFS.prototype, 'init').mockImplementation(async (_, { preRun: _hooks, ...options }) => {
    emscriptenOpts = {
      ...options,
      // Ends the start; by then the hooks are set.
      instantiateWasm: () => {
        throw new Error('no WebAssembly in this test');
      },
    };
    return { emscriptenOpts };
  });
  await expect(startEngine({ dataDir })).rejects.toThrow('no WebAssembly in this test');

  const setattr = vi.fn();
  const NODEFS = { node_ops: { mknod: vi.fn(), setattr }, stream_ops: { setattr } };
  type Hook = NonNullable<Options['preRun']>[number];
  const module = { NODEFS } as unknown as Parameters<Hook>[0];
  // PGlite's own hook fails without the rest of the module.
  await Promise.allSettled((emscriptenOpts.preRun ?? []).map(async (hook) => hook(module)));
  expect(NODEFS.stream_ops).toHaveProperty('fsync');
  const regularFile = 0o100_000;
  (NODEFS.node_ops.setattr as (node: unknown, attributes: object) => void)({}, { mode: regularFile | 0o666 });
  expect(setattr).toHaveBeenLastCalledWith({}, { mode: regularFile | 0o600 });
});
