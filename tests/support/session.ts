import type { ConsoleSession } from '../../src/contract/console/schema.ts';
import { PATHS, PERSON_HEADER } from '../../src/contract/paths.ts';
import { PASSWORD } from './account.ts';
import { ORIGIN, type TestApp } from './app.ts';

/** Headers that a console page of a signed-in person sends with each request; a type, so that it passes as a record. */
export type PageHeaders = {
  Cookie: string;
  Origin: string;
  [PERSON_HEADER]: string;
};

/** Signs a person in; returns the headers of their page. */
export async function signInAs(app: TestApp, email: string, password = PASSWORD): Promise<PageHeaders> {
  const response = await app.request(PATHS.session, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: ORIGIN },
    body: JSON.stringify({ email, password }),
  });
  if (!response.ok) throw new Error(`${email} cannot sign in: ${await response.text()}`);
  const { person } = (await response.json()) as ConsoleSession;
  return { Cookie: cookieOf(response), Origin: ORIGIN, [PERSON_HEADER]: person.id };
}

/** The first cookie that a response sets, as a request sends it back. */
export function cookieOf(response: Response): string {
  return response.headers.get('Set-Cookie')?.split(';')[0] ?? '';
}
