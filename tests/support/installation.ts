import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject, onTestFinished } from 'vitest';

/** A directory of one organization with keys and a password, and another one to connect it to. */
export const DIRECTORY = `
accounts:
  - name: Acme
    orgs:
      - name: Acme Production
        site: us1
        roles: [{ name: Admin, permissions: [org_connections_read, org_connections_write, timeseries_query, logs_read_index_data, audit_logs_read] }]
        users: [{ email: admin@acme.example, password: a-password-of-admin, roles: [Admin] }]
        api_keys: [{ name: ci, key: "\${API_KEY}" }]
        application_keys: [{ name: cli, key: "\${APPLICATION_KEY}", user: admin@acme.example }]
      - { id: 22222222-2222-4222-8222-222222222222, name: Acme Staging, site: us1 }
`;

/** Environment variables with the secrets of the directory. */
export const KEYS = { API_KEY: 'an-api-key-of-production', APPLICATION_KEY: 'an-app-key-of-production' };

/** Headers of a program of that organization. */
export const HEADERS = { 'DD-API-KEY': KEYS.API_KEY, 'DD-APPLICATION-KEY': KEYS.APPLICATION_KEY };

/** Creates an empty folder for a test. */
export async function emptyFolder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'cross-org-visibility-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** Copies a data directory with a migrated, empty database: creating one takes seconds. */
export async function dataDirectory(): Promise<string> {
  const path = await emptyFolder();
  const files = join(path, 'postgres');
  await mkdir(files);
  execFileSync('tar', ['-xf', inject('embeddedTar'), '-C', files], { stdio: 'ignore' });
  return path;
}

export async function directoryFile(text: string): Promise<string> {
  const path = join(await emptyFolder(), 'directory.yaml');
  await writeFile(path, text);
  return path;
}
