import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

it('npm test prints how to install Chromium where it is missing, and fails', () => {
  const empty = mkdtempSync(join(tmpdir(), 'no-chromium-'));
  onTestFinished(() => rmSync(empty, { recursive: true }));
  const { status, stdout, stderr } = spawnSync(process.execPath, ['tests/run.ts'], {
    encoding: 'utf8',
    env: { PATH: empty, PLAYWRIGHT_BROWSERS_PATH: empty },
  });
  expect(stderr).toBe(
    'Chromium was not found, and the browser tests need it. Install it, then run the tests again:\n' +
      '  npx playwright install chromium\n',
  );
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
});
