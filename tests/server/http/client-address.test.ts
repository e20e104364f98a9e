import { describe, expect, it } from 'vitest';
import { clientAddress, parseTrustedProxies } from '../../../src/server/http/client-address.ts';

describe("the client's address", () => {
  it.each<[string, string, string | undefined, string]>([
    // Without proxies, the header counts for nothing.
    ['0', '192.0.2.1', '198.51.100.1', '192.0.2.1'],
    ['0', '192.0.2.1', undefined, '192.0.2.1'],
    // By the number of proxies: clients can only add entries in front.
    ['1', '10.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['1', '10.0.0.1', '6.6.6.6, 198.51.100.1', '198.51.100.1'],
    ['2', '10.0.0.1', '6.6.6.6, 198.51.100.1, 10.0.0.2', '198.51.100.1'],
    ['2', '10.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['1', '10.0.0.1', undefined, '10.0.0.1'],
    // By their networks.
    ['10.0.0.0/8', '10.0.0.1', '6.6.6.6, 198.51.100.1, 10.9.9.9', '198.51.100.1'],
    ['10.0.0.0/8', '192.0.2.1', '198.51.100.1', '192.0.2.1'],
    ['10.0.0.1, 2001:db8::/32', '::ffff:10.0.0.1', '198.51.100.1, 2001:db8::7', '198.51.100.1'],
    ['10.0.0.0/8', 'unknown', '198.51.100.1', 'unknown'],
    ['10.0.0.0/8', '10.0.0.1', '10.0.0.2, 10.0.0.3', '10.0.0.2'],
    // Ports that some proxies add, and what is no address.
    ['1', '10.0.0.1', '198.51.100.1:4711', '198.51.100.1'],
    ['1', '10.0.0.1', '[2001:db8::1]:4711', '2001:db8::1'],
    ['2', '10.0.0.1', '198.51.100.1, unknown', '10.0.0.1'],
    ['1', '10.0.0.1', '', '10.0.0.1'],
  ])('behind %s, for the socket %s and the header %s, is %s', (proxies, socket, header, address) => {
    expect(clientAddress(socket, header, parseTrustedProxies(proxies) ?? 0)).toBe(address);
  });

  it.each(['yes', '-1', '10', '10.0.0.0/33', '10.0.0.1,', 'proxy.example'])('has no proxies %s', (text) => {
    expect(parseTrustedProxies(text)).toBeUndefined();
  });
});
