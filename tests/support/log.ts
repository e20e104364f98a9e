import { pino } from 'pino';

/** Log of apps under test: silent unless `TEST_LOG_LEVEL` is set. */
export const log = pino({ level: process.env.TEST_LOG_LEVEL ?? 'silent' });
