import { afterEach, describe, expect, it, vi } from 'vitest';
import { ApiError, request, setPagePerson } from '../../src/web/api/request.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  setPagePerson(undefined);
});

/** Lets the server answer with a body that fails after its first bytes. */
function answerThatBreaksOff(status: number, fail: () => unknown = () => new TypeError('terminated')): void {
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode('{"errors":["The conn')),
    pull: (controller) => controller.error(fail()),
  });
  vi.stubGlobal('fetch', async () => new Response(body, { status }));
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('A request whose response breaks off', () => {
  it('keeps the status of an error', async () => {
    answerThatBreaksOff(403);
    const error = await failureOf(request('/api'));
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status: 403, errors: ['The server answered with status 403. Try again.'] });
  });

  it('reports that the server cannot be reached if the status was a success', async () => {
    answerThatBreaksOff(200);
    const error = await failureOf(request('/api'));
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({
      status: 0,
      errors: ['The server cannot be reached. Check your connection and try again.'],
    });
  });

  it('reports a timeout if the body of a success is too slow', async () => {
    const timeout = new AbortController();
    vi.spyOn(AbortSignal, 'timeout').mockReturnValue(timeout.signal);
    answerThatBreaksOff(200, () => {
      timeout.abort(new DOMException('timed out', 'TimeoutError'));
      return timeout.signal.reason;
    });
    const error = await failureOf(request('/api'));
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({
      status: 0,
      errors: ['The server did not answer in time. Try again.'],
    });
  });

  it.each([200, 403])('throws the abort reason, with status %i', async (status) => {
    const controller = new AbortController();
    const reason = new Error('The page was left');
    answerThatBreaksOff(status, () => {
      controller.abort(reason);
      return reason;
    });
    expect(await failureOf(request('/api', { signal: controller.signal }))).toBe(reason);
  });
});

describe('A request whose person changed', () => {
  it('says what to do', async () => {
    setPagePerson('alex');
    vi.stubGlobal('fetch', async () => {
      setPagePerson('sam');
      return new Response('{}');
    });
    expect(await failureOf(request('/api'))).toMatchObject({
      status: 0,
      errors: ['You are no longer signed in as the person who made this request. Reload the page.'],
    });
  });
});
