import { type ChildProcess, spawn } from 'node:child_process';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig, type TestProjectConfiguration } from 'vitest/config';
import { SOON, TIME_FACTOR } from './tests/support/time-factor.ts';

const API_PORT = 8081;

export default defineConfig({
  plugins: [react(), apiServer()],
  // One stylesheet: Vite does not fetch a chunk's own again after a failure, and shows the chunk without its look.
  build: { manifest: true, sourcemap: true, target: 'es2022', cssCodeSplit: false },
  server: {
    port: 5173,
    strictPort: true,
    host: '127.0.0.1',
    proxy: { '/api': `http://127.0.0.1:${API_PORT}` },
  },
  test: {
    testTimeout: 60_000 * TIME_FACTOR,
    hookTimeout: 120_000 * TIME_FACTOR,
    expect: { poll: SOON },
    maxWorkers: 2,
    projects: [
      pure('rules'),
      pure('query'),
      pure('docs'),
      withDatabases('server', 'node'),
      withDatabases('contract', 'node'),
      withDatabases('hostile', 'node'),
      withDatabases('web', 'jsdom', 'tests/support/page-setup.ts'),
    ],
  },
});

/** Tests without a database: one file runs in a second or two. */
function pure(name: string): TestProjectConfiguration {
  return {
    extends: true,
    test: { name, environment: 'node', include: [`tests/${name}/**/*.test.ts`] },
  };
}

function withDatabases(
  name: string,
  environment: 'node' | 'jsdom',
  ...setupFiles: string[]
): TestProjectConfiguration {
  return {
    extends: true,
    test: {
      name,
      environment,
      include: [`tests/${name}/**/*.test.{ts,tsx}`],
      globalSetup: 'tests/support/global-setup.ts',
      setupFiles,
    },
  };
}

/** `npm run dev`: the API runs beside Vite and starts anew when its code changes. */
function apiServer(): Plugin {
  let api: ChildProcess | undefined;
  return {
    name: 'api-server',
    apply: (_, env) => env.command === 'serve' && !process.env.VITEST,
    configureServer(server) {
      api = spawn(process.execPath, ['--watch', 'src/server/main.ts'], {
        stdio: 'inherit',
        env: { PUBLIC_URL: 'http://127.0.0.1:5173', ...process.env, PORT: String(API_PORT) },
      });
      server.httpServer?.once('close', () => api?.kill());
      process.once('exit', () => api?.kill());
    },
  };
}
