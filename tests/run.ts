/**
 * Every test there is: first those in-process, then the browser journeys against the built product.
 * Ends with one line of totals. `--no-skips` makes a skipped test a failure.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireChromium } from './support/chromium.ts';

interface Totals {
  passed: number;
  failed: number;
  skipped: number;
}

const folder = mkdtempSync(join(tmpdir(), 'cross-org-visibility-tests-'));
process.exitCode = main();
rmSync(folder, { recursive: true });

function main(): number {
  let chromium: string;
  try {
    chromium = requireChromium();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
  const parts = [inProcess(), journeys(chromium)];
  const totals = parts.reduce(
    (sum, { passed, failed, skipped }) => ({
      passed: sum.passed + passed,
      failed: sum.failed + failed,
      skipped: sum.skipped + skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  );
  const skipped = totals.skipped > 0 ? `, ${totals.skipped} skipped` : '';
  process.stdout.write(`\n${totals.passed} passed, ${totals.failed} failed${skipped}\n`);
  return totals.failed > 0 || (totals.skipped > 0 && process.argv.includes('--no-skips')) ? 1 : 0;
}

function inProcess(): Totals {
  const report = join(folder, 'in-process.json');
  const { status } = spawnSync(
    'vitest',
    ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    { stdio: 'inherit' },
  );
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = readReport(report);
  return settle(status, {
    passed: Number(numPassedTests ?? 0),
    failed: Number(numFailedTests ?? 0),
    skipped: Number(numPendingTests ?? 0) + Number(numTodoTests ?? 0),
  });
}

function journeys(chromium: string): Totals {
  const report = join(folder, 'journeys.json');
  const built = spawnSync('vite', ['build', '--logLevel', 'warn'], { stdio: 'inherit' });
  if (built.status !== 0) return { passed: 0, failed: 1, skipped: 0 };
  const { status } = spawnSync(
    'playwright',
    ['test', '--config', 'tests/e2e/playwright.config.ts', '--reporter=list,json'],
    {
      stdio: 'inherit',
      env: { ...process.env, CHROMIUM: chromium, PLAYWRIGHT_JSON_OUTPUT_FILE: report },
    },
  );
  const { stats } = readReport(report) as { stats?: Record<string, number> };
  return settle(status, {
    passed: stats?.expected ?? 0,
    failed: (stats?.unexpected ?? 0) + (stats?.flaky ?? 0),
    skipped: stats?.skipped ?? 0,
  });
}

/** A runner that fails without a failed test (no report, an error outside tests) still is a failure. */
function settle(status: number | null, totals: Totals): Totals {
  return status === 0 || totals.failed > 0 ? totals : { ...totals, failed: 1 };
}

function readReport(path: string): Record<string, unknown> {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return {};
  }
}
