import { type ChildProcess, spawn } from 'node:child_process';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const API_PORT = 8081;

export default defineConfig({
  plugins: [react(), apiServer()],
  build: { manifest: true, sourcemap: true, target: 'es2022' },
  server: {
    port: 5173,
    strictPort: true,
    host: '127.0.0.1',
    proxy: { '/api': `http://127.0.0.1:${API_PORT}` },
  },
  test: {
    globalSetup: 'tests/support/global-setup.ts',
    testTimeout: 20_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'server',
          environment: 'node',
          include: ['tests/{server,contract,rules,query}/**/*.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'web',
          environment: 'jsdom',
          include: ['tests/web/**/*.test.{ts,tsx}'],
          setupFiles: 'tests/support/page-setup.ts',
        },
      },
    ],
  },
});

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
