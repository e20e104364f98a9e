import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { createServerDatabase } from './databases.ts';
import { migratedDatabase } from './postgres.ts';

interface FreezableDatabase {
  databaseUrl: string;
  /** From now on, the server accepts connections and bytes, and does not answer. */
  freeze: () => void;
  thaw: () => void;
}

/**
 * Creates a migrated database on the PostgreSQL server, behind a proxy that can stop forwarding: as a frozen server, or as a
 * network that drops packets. Ends with the test.
 */
export async function createFreezableDatabase(): Promise<FreezableDatabase> {
  const { databaseUrl, drop } = await createServerDatabase(`template ${migratedDatabase}`);
  const url = new URL(databaseUrl);
  const socketPath = `${url.searchParams.get('host') ?? ''}/.s.PGSQL.5432`;
  const sockets = new Set<Socket>();
  let isFrozen = false;
  const proxy = createServer((client) => {
    const server = connect(socketPath);
    for (const socket of [client, server]) {
      sockets.add(socket.on('error', () => {}));
      if (isFrozen) socket.pause();
    }
    client.on('data', (data) => server.write(data)).on('close', () => server.destroy());
    server.on('data', (data) => client.write(data)).on('close', () => client.destroy());
  });
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    proxy.close();
    await drop();
  });

  url.searchParams.delete('host');
  url.host = `127.0.0.1:${(proxy.address() as { port: number }).port}`;
  return {
    databaseUrl: url.href,
    freeze: () => {
      isFrozen = true;
      for (const socket of sockets) socket.pause();
    },
    thaw: () => {
      isFrozen = false;
      for (const socket of sockets) socket.resume();
    },
  };
}
