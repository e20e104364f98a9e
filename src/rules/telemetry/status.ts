const SYSLOG = ['emergency', 'alert', 'critical', 'error', 'warn', 'notice', 'info', 'debug'];

/** As Datadog's status remapper reads them. */
const BEGINNINGS: readonly [RegExp, string][] = [
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

/** A log's status by its number in syslog, or by how its name begins; any other name stays, in lower case. */
export function statusOf(value: unknown): string | undefined {
  if (typeof value === 'number') return SYSLOG[value];
  if (typeof value !== 'string') return undefined;
  const name = value.trim().toLowerCase();
  if (/^\d+$/.test(name)) return SYSLOG[Number(name)];
  return name === '' ? undefined : (BEGINNINGS.find(([beginning]) => beginning.test(name))?.[1] ?? name);
}
