import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { TIME_FACTOR } from './time-factor.ts';

export interface ServerProcess {
  url: string;
  /** Its output so far. */
  output(): string;
  /** Sends a signal and waits for the exit. Returns the exit code, or null if the signal ended the process. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

const running = new Set<ChildProcess>();

interface LaunchOptions {
  nodeFlags?: string[];
  /** File mode creation mask of the process, in octal. */
  umask?: string;
}

const START_TIMEOUT = 50_000 * TIME_FACTOR;

/**
 * Starts the product as `npm run serve` does, on a free port by default, and waits until it listens. A start that fails or
 * takes too long ends the process.
 */
export async function startServer(
  environment: Record<string, string>,
  options: LaunchOptions = {},
): Promise<ServerProcess> {
  const { child, output } = launch(environment, options);
  const { promise: url, resolve, reject } = Promise.withResolvers<string>();
  child.stdout.on('data', () => {
    const found = /"publicUrl":"([^"]+)"/.exec(output());
    if (found?.[1]) resolve(found[1]);
  });
  child.once('exit', (code) => reject(new Error(`The server ended with ${code}:\n${output()}`)));
  const timer = setTimeout(() => {
    child.kill('SIGKILL');
    reject(new Error(`The server did not start in ${START_TIMEOUT} ms:\n${output()}`));
  }, START_TIMEOUT);
  return {
    url: await url.finally(() => clearTimeout(timer)),
    output,
    async end(signal) {
      if (child.exitCode !== null) return child.exitCode;
      const ended = once(child, 'exit');
      child.kill(signal);
      const [code] = (await ended) as [number | null];
      return code;
    },
  };
}

/** Runs the product with a configuration that it must refuse. Returns its exit code and its output. */
export async function refusedStart(environment: Record<string, string>) {
  const { child, output } = launch(environment);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output: output() };
}

/** Sends a signal to the product when its output contains a text, before it has started. Returns its exit code and its output. */
export async function stopStart(environment: Record<string, string>, text: string, signal: NodeJS.Signals) {
  const { child, output } = launch(environment);
  const closed = once(child, 'close');
  const onOutput = () => {
    if (!output().includes(text)) return;
    child.stdout.off('data', onOutput);
    child.kill(signal);
  };
  child.stdout.on('data', onOutput);
  const [code] = (await closed) as [number | null];
  return { code, output: output() };
}

/** Ends all processes that a test left running. */
export function endAll(): void {
  for (const child of running) child.kill('SIGKILL');
}

function launch(environment: Record<string, string>, { nodeFlags = [], umask }: LaunchOptions = {}) {
  const command = [process.execPath, ...nodeFlags, 'src/server/main.ts'];
  const setUmask = umask === undefined ? '' : `umask ${umask} && `;
  // exec replaces the shell, so that signals reach the server.
  const child = spawn('/bin/sh', ['-c', `${setUmask}exec "$@"`, 'sh', ...command], {
    env: { PATH: process.env.PATH, PORT: '0', ...environment },
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  const chunks: string[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  return { child, output: () => chunks.join('') };
}
