/** Factor for the length of the attacks in tests/hostile: `npm run hostile` is longer than `npm test`. */
export const HOSTILE_FACTOR = Number(process.env.HOSTILE_FACTOR ?? 1);

/** Seed of random attacks. Another one tries others: `HOSTILE_SEED=7 npm run hostile`. */
export const HOSTILE_SEED = Number(process.env.HOSTILE_SEED ?? 1);
