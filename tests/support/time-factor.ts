/** Factor for every time limit of the tests, for slow or busy machines: `TEST_TIME_FACTOR=3 npm test`. */
export const TIME_FACTOR = Number(process.env.TEST_TIME_FACTOR ?? 1);

/** Time limit of waiting for something that happens soon. */
export const SOON = { timeout: 20_000 * TIME_FACTOR };
