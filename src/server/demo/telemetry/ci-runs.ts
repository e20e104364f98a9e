import { hexOf, noise, pick } from './noise.ts';
import { loadOf, type Service, type World } from './world.ts';

const AUTHORS = ['alice', 'sam', 'nina', 'ravi', 'maya', 'tomas'] as const;

export const SECOND = 1000;

const MINUTE = 60 * SECOND;

/** Interval in which at most one pipeline begins, and maximum duration of a pipeline. */
export const SLOT = 15 * MINUTE;

export const LONGEST = 30 * MINUTE;

export const STAGES = [
  {
    name: 'build',
    jobs: [
      ['compile', 95],
      ['lint', 40],
    ],
  },
  {
    name: 'test',
    jobs: [
      ['unit-tests', 120],
      ['integration-tests', 210],
    ],
  },
  { name: 'deploy', jobs: [['rollout', 80]] },
] as const;

/** A job of a run. Times are epoch milliseconds. */
interface Job {
  stage: string;
  name: string;
  start: number;
  end: number;
  status: 'success' | 'error';
}

/** A run of a pipeline. Times are epoch milliseconds. */
export interface Run {
  service: Service;
  id: string;
  branch: string;
  start: number;
  end: number;
  succeeded: boolean;
  jobs: readonly Job[];
}

/** Returns the run that begins in a slot of time, if any. */
export function runIn(org: string, world: World, slot: number): Run | undefined {
  const expected = (world.pipelines * loadOf(org, world, slot) * SLOT) / (60 * MINUTE);
  if (noise(org, 'ci', slot) > expected * 1.4) return undefined;
  const seed = [org, 'ci', slot] as const;
  const service = pick(world.services, ...seed, 'service');
  const id = hexOf(16, ...seed, 'id');
  const start = slot + Math.floor(noise(...seed, 'start') * SLOT);
  const fails =
    noise(...seed, 'fails') < 0.18 ? pick(['lint', 'unit-tests', 'integration-tests'], ...seed, 'where') : '';
  const jobs: Job[] = [];
  let stageStart = start + 5 * SECOND;
  for (const stage of STAGES) {
    const ofStage = stage.jobs.map(([name, seconds]): Job => {
      const lasts = Math.round(seconds * (0.8 + 0.5 * noise(...seed, name)) * SECOND);
      return {
        stage: stage.name,
        name,
        start: stageStart,
        end: stageStart + lasts,
        status: name === fails ? 'error' : 'success',
      };
    });
    jobs.push(...ofStage);
    stageStart = Math.max(...ofStage.map(({ end }) => end)) + 3 * SECOND;
    if (ofStage.some(({ status }) => status === 'error')) break;
  }
  return {
    service,
    id,
    branch:
      noise(...seed, 'branch') < 0.4
        ? 'main'
        : `${authorOf(id)}/change-${Math.floor(noise(...seed, 'change') * 900)}`,
    start,
    end: stageStart,
    succeeded: fails === '',
    jobs,
  };
}

/** Returns the author of a run's commit. */
export function authorOf(id: string): string {
  return pick(AUTHORS, id, 'author');
}
