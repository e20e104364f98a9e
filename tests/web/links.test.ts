import { expect, it } from 'vitest';
import { safeNext, signInPath } from '../../src/web/common/links.ts';

it.each([
  [null, '/'],
  ['', '/'],
  ['/', '/'],
  ['/orgs/1?sort=created#main', '/orgs/1?sort=created#main'],
  ['orgs/1', '/'],
  ['//evil.example/orgs', '/'],
  ['/\\evil.example', '/'],
  ['/\n/evil.example', '/'],
  ['https://evil.example', '/'],
  ['javascript:alert(1)', '/'],
  ['/x/..//evil.example', '/'],
  ['/sign-in?next=/sign-in', '/'],
])('after signing in, next=%j leads to %s', (next, path) => {
  expect(safeNext(next)).toBe(path);
});

it('names the page to return to', () => {
  expect(signInPath('/')).toBe('/sign-in');
  expect(signInPath('/orgs/1?a=b')).toBe('/sign-in?next=%2Forgs%2F1%3Fa%3Db');
});
