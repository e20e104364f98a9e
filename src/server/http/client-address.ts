import ipaddr from 'ipaddr.js';

/** Proxies in front of the server: their number, or their networks. */
export type TrustedProxies = number | readonly [ipaddr.IPv4 | ipaddr.IPv6, number][];

/**
 * Parses the setting TRUST_PROXY: a number of proxies, or comma-separated addresses and networks. Returns undefined for other
 * text.
 */
export function parseTrustedProxies(text: string): TrustedProxies | undefined {
  if (/^\d$/.test(text)) return Number(text);
  const networks = text.split(',').map((part) => part.trim());
  if (!networks.every((network) => isAddress(network.split('/')[0] ?? ''))) return undefined;
  if (!networks.every((network) => isAddress(network) || ipaddr.isValidCIDR(network))) return undefined;
  return networks.map((network) => {
    if (ipaddr.isValidCIDR(network)) return ipaddr.parseCIDR(network);
    const address = ipaddr.process(network);
    return [address, address.kind() === 'ipv4' ? 32 : 128];
  });
}

/** Returns whether a text is an address in its usual form. The library also accepts `10` and `0x7f.1`. */
function isAddress(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text);
}

/**
 * Returns the client's address: the last one in `X-Forwarded-For` that no trusted proxy has, or the socket's. Clients can send
 * any header, so entries before an untrusted one count for nothing.
 */
export function clientAddress(
  socketAddress: string,
  forwardedFor: string | undefined,
  proxies: TrustedProxies,
): string {
  const hops = (forwardedFor ?? '').split(',').map(withoutPort).toReversed();
  let address = socketAddress;
  for (const [index, hop] of hops.entries()) {
    if (!isTrusted(address, index, proxies) || !isAddress(hop)) break;
    address = hop;
  }
  return address;
}

function isTrusted(address: string, hop: number, proxies: TrustedProxies): boolean {
  if (typeof proxies === 'number') return hop < proxies;
  if (!ipaddr.isValid(address)) return false;
  const ip = ipaddr.process(address);
  return proxies.some(([network, bits]) => ip.kind() === network.kind() && ip.match(network, bits));
}

/** Returns an address without the port that some proxies add: `192.0.2.1:4711`, `[2001:db8::1]:4711`. */
function withoutPort(text: string): string {
  const [, bracketed, plain] = /^\s*(?:\[([^\]]*)\](?::\d+)?|(\d+\.\d+\.\d+\.\d+):\d+)\s*$/.exec(text) ?? [];
  return bracketed ?? plain ?? text.trim();
}
