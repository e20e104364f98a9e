import { noise, wandering } from './noise.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Systems of an organization of the demo account. */
export interface World {
  env: string;
  region: string;
  /** UTC offset of its users, in hours. */
  zone: number;
  /** Load at the weekend, as a fraction of a working day's. */
  weekend: number;
  /** Pipelines per hour of a working day. */
  pipelines: number;
  services: readonly [Service, ...Service[]];
}

export interface Service {
  name: string;
  team: string;
  /** Requests per minute at peak. */
  peak: number;
  /** Duration of a request in seconds. */
  latency: number;
  hosts: number;
  /** Queue of the service, if it has one. */
  queue?: string;
  paths: readonly [string, ...string[]];
}

const SHOP = [
  {
    name: 'web-store',
    team: 'storefront',
    peak: 900,
    latency: 0.08,
    hosts: 2,
    paths: ['/', '/products/{id}', '/cart'],
  },
  {
    name: 'checkout',
    team: 'storefront',
    peak: 220,
    latency: 0.21,
    hosts: 1,
    queue: 'orders',
    paths: ['/checkout', '/checkout/confirm', '/orders/{id}'],
  },
  { name: 'search', team: 'discovery', peak: 480, latency: 0.12, hosts: 1, paths: ['/search', '/suggest'] },
] as const satisfies readonly Service[];

/** Systems by the name of the organization. */
export const WORLDS: Readonly<Record<string, World>> = {
  'Acme Production': {
    env: 'prod',
    region: 'us-east-1',
    zone: -5,
    weekend: 0.85,
    pipelines: 2,
    services: SHOP,
  },
  'Acme Staging': {
    env: 'staging',
    region: 'us-east-1',
    zone: -5,
    weekend: 0.15,
    pipelines: 3,
    services: [
      { ...SHOP[0], peak: 60, hosts: 1 },
      { ...SHOP[1], peak: 40 },
    ],
  },
  'Acme Security': {
    env: 'prod',
    region: 'us-east-1',
    zone: -5,
    weekend: 0.7,
    pipelines: 0.7,
    services: [
      {
        name: 'auth-gateway',
        team: 'identity',
        peak: 640,
        latency: 0.04,
        hosts: 2,
        paths: ['/login', '/token', '/logout'],
      },
      {
        name: 'threat-scanner',
        team: 'detection',
        peak: 150,
        latency: 0.6,
        hosts: 1,
        queue: 'findings',
        paths: ['/scan', '/findings/{id}'],
      },
    ],
  },
  'Acme Payments': {
    env: 'prod',
    region: 'us-west-2',
    zone: -8,
    weekend: 0.8,
    pipelines: 1,
    services: [
      {
        name: 'card-gateway',
        team: 'payments',
        peak: 260,
        latency: 0.34,
        hosts: 2,
        queue: 'settlements',
        paths: ['/authorize', '/capture', '/refund'],
      },
      {
        name: 'ledger',
        team: 'finance',
        peak: 310,
        latency: 0.06,
        hosts: 1,
        paths: ['/entries', '/balances/{id}'],
      },
      { name: 'fraud-check', team: 'risk', peak: 260, latency: 0.15, hosts: 1, paths: ['/score'] },
    ],
  },
  'Acme Health': {
    env: 'prod',
    region: 'us-east-2',
    zone: -6,
    weekend: 0.4,
    pipelines: 0.8,
    services: [
      {
        name: 'patient-portal',
        team: 'portal',
        peak: 170,
        latency: 0.16,
        hosts: 1,
        paths: ['/visits', '/messages', '/results/{id}'],
      },
      {
        name: 'appointments',
        team: 'scheduling',
        peak: 90,
        latency: 0.11,
        hosts: 1,
        queue: 'reminders',
        paths: ['/slots', '/book'],
      },
    ],
  },
  'Acme Data Platform': {
    env: 'prod',
    region: 'us-east-1',
    zone: -3,
    weekend: 0.9,
    pipelines: 1.5,
    services: [
      {
        name: 'stream-router',
        team: 'data-platform',
        peak: 1400,
        latency: 0.02,
        hosts: 2,
        queue: 'events',
        paths: ['/ingest', '/ingest/batch'],
      },
      {
        name: 'warehouse-loader',
        team: 'data-platform',
        peak: 60,
        latency: 2.4,
        hosts: 1,
        queue: 'loads',
        paths: ['/loads', '/tables/{id}'],
      },
    ],
  },
  'Acme Europe': {
    env: 'prod',
    region: 'eu-west-1',
    zone: 1,
    weekend: 0.8,
    pipelines: 1,
    services: [
      { ...SHOP[0], peak: 420, hosts: 1 },
      { ...SHOP[1], peak: 110 },
    ],
  },
  'Acme Labs': {
    env: 'dev',
    region: 'us-east-1',
    zone: -5,
    weekend: 0.2,
    pipelines: 1.2,
    services: [
      {
        name: 'playground',
        team: 'research',
        peak: 25,
        latency: 0.3,
        hosts: 1,
        paths: ['/runs', '/models/{id}'],
      },
    ],
  },
};

/** Returns the load from 0 to 1: high in the afternoon, low at night, lower at the weekend. */
export function loadOf(org: string, { zone, weekend }: World, time: number): number {
  const local = new Date(time + zone * HOUR);
  const hour = local.getUTCHours() + local.getUTCMinutes() / 60;
  const byDay = 0.15 + 0.75 * Math.max(0, Math.sin((Math.PI * (hour - 6)) / 17)) ** 1.3;
  const isWeekend = local.getUTCDay() % 6 === 0;
  const mood = 0.88 + 0.12 * wandering(time, 20 * MINUTE, org, 'load');
  return byDay * (isWeekend ? weekend : 1) * mood;
}

/** Interval in which at most one incident begins. */
const WATCH = 6 * HOUR;

/** Returns how degraded a service is, from 0 (healthy) to 1. Occasionally there is an incident of 10 to 40 minutes. */
export function troubleOf(org: string, service: string, time: number): number {
  const watch = Math.floor(time / WATCH);
  if (noise(org, service, 'incident', watch) > 0.1) return 0;
  const lasts = (10 + 30 * noise(org, service, 'lasts', watch)) * MINUTE;
  const begins = watch * WATCH + (WATCH - lasts) * noise(org, service, 'begins', watch);
  const share = (time - begins) / lasts;
  if (share < 0 || share > 1) return 0;
  // Rises quickly and falls slowly.
  return Math.min(1, share * 6, (1 - share) * 2.5);
}

/** Returns the names of a service's hosts. */
export function hostsOf({ env, region }: World, { name, hosts }: Service): string[] {
  return Array.from({ length: hosts }, (_, index) => `${name}-${env}-${region}-${index + 1}`);
}

/** Returns the tags of a service. */
export function tagsOf({ env, region }: World, { name, team }: Service): string[] {
  return [`env:${env}`, `region:${region}`, `service:${name}`, `team:${team}`];
}

/** Returns the running version of a service, which changes about every third day. */
export function versionOf(org: string, service: string, time: number): string {
  const day = Math.floor(time / (24 * HOUR) + noise(org, service, 'release'));
  return `1.${Math.floor(day / 3) % 100}.${Math.floor(noise(org, service, Math.floor(day / 3)) * 5)}`;
}
