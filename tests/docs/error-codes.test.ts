import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ERROR_MESSAGES } from '../../src/rules/error-messages.ts';

it('uses every error code in src/rules or src/server', () => {
  const files = execFileSync('git', ['ls-files', 'src/rules', 'src/server'], { encoding: 'utf8' })
    .split('\n')
    .filter((path) => path.endsWith('.ts') && path !== 'src/rules/error-messages.ts');
  const source = files.map((path) => readFileSync(path, 'utf8')).join('\n');
  expect(Object.keys(ERROR_MESSAGES).filter((code) => !source.includes(`'${code}'`))).toEqual([]);
});
