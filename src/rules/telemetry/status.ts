const SYSLOG = ['emergency', 'alert', 'critical', 'error', 'warn', 'notice', 'info', 'debug'];

/** Prefixes of status names, as in Datadog's status remapper. */
const PREFIXES: readonly [RegExp, string][] = [
  [/^(emerg|f)/, 'emergency'],
  [/^a/, 'alert'],
  [/^c/, 'critical'],
  [/^e/, 'error'],
  [/^w/, 'warn'],
  [/^n/, 'notice'],
  [/^i/, 'info'],
  [/^[dtv]/, 'debug'],
  [/^[os]/, 'ok'],
];

/** Parses a log status from a syslog severity number or a name prefix. Other names are returned in lower case. */
export function parseStatus(value: unknown): string | undefined {
  if (typeof value === 'number') return SYSLOG[value];
  if (typeof value !== 'string') return undefined;
  const name = value.trim().toLowerCase();
  if (/^\d+$/.test(name)) return SYSLOG[Number(name)];
  return name === '' ? undefined : (PREFIXES.find(([prefix]) => prefix.test(name))?.[1] ?? name);
}
