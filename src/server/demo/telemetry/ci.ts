import type { PipelineAttributes } from '../../../contract/ci/schema.ts';
import { readPipelineEvent, readTestEvent } from '../../../rules/telemetry/ci.ts';
import type { Window } from '../../../rules/telemetry/retention.ts';
import { digestId } from '../../store/digest-id.ts';
import type { NewEvent } from '../../store/events.ts';
import { hexOf, noise, pick } from './noise.ts';
import { loadOf, type Service, type World } from './world.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Interval in which at most one pipeline begins, and maximum duration of a pipeline. */
const SLOT = 15 * MINUTE;
const LONGEST = 30 * MINUTE;

/** Window that accepts events of any time. */
const ALWAYS: Window = { days: Infinity, from: -Infinity, to: Infinity, now: 0 };

const STAGES = [
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

const AUTHORS = ['alice', 'sam', 'nina', 'ravi', 'maya', 'tomas'] as const;
const SUBJECTS = [
  'Retry when the connection is lost',
  'Show totals with tax',
  'Update dependencies',
  'Fix rounding of small amounts',
  'Log slow queries',
  'Cache what is read often',
] as const;
const SUITES = ['api', 'storage', 'rules'] as const;
const TESTS = [
  'accepts what is valid',
  'refuses what is not',
  'keeps the order',
  'survives a restart',
] as const;

interface Run {
  service: Service;
  id: string;
  branch: string;
  start: number;
  end: number;
  succeeded: boolean;
  jobs: readonly Job[];
}

interface Job {
  stage: string;
  name: string;
  start: number;
  end: number;
  status: 'success' | 'error';
}

type Resource = PipelineAttributes['resource'];

/** Generates CI events after `from` until `to`: pipelines that began or ended, with their stages, jobs and tests. */
export function demoCi(org: string, world: World, from: number, to: number): NewEvent[] {
  const events: NewEvent[] = [];
  for (let slot = Math.floor((from - LONGEST) / SLOT) * SLOT; slot <= to; slot += SLOT) {
    const run = runIn(org, world, slot);
    if (!run) continue;
    if (run.end > from && run.end <= to) events.push(...finished(world, run));
    else if (run.start > from && run.start <= to) events.push(pipeline(world, run, undefined));
  }
  return events;
}

function runIn(org: string, world: World, slot: number): Run | undefined {
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

function finished(world: World, run: Run): NewEvent[] {
  const { id, jobs } = run;
  const part = { pipeline_unique_id: id, pipeline_name: pipelineName(run) };
  const stages = STAGES.flatMap(({ name }) => {
    const ofStage = jobs.filter(({ stage }) => stage === name);
    if (ofStage.length === 0) return [];
    return event(world, run, {
      ...part,
      level: 'stage',
      id: `${id}-${name}`,
      name,
      status: ofStage.some(({ status }) => status === 'error') ? 'error' : 'success',
      ...interval(Math.min(...ofStage.map(({ start }) => start)), Math.max(...ofStage.map(({ end }) => end))),
    });
  });
  const ofJobs = jobs.map(({ stage, name, start, end, status }) =>
    event(world, run, {
      ...part,
      level: 'job',
      id: `${id}-${name}`,
      name,
      stage_id: `${id}-${stage}`,
      stage_name: stage,
      url: `${urlOf(run)}/jobs/${name}`,
      status,
      queue_time: Math.round(noise(id, name, 'queue') * 20 * SECOND),
      node: { name: `runner-${1 + Math.floor(noise(id, name, 'node') * 4)}`, labels: ['linux'] },
      error:
        status === 'error'
          ? { type: 'ExitCode', message: `${name} ended with code 1`, domain: 'user' }
          : undefined,
      ...interval(start, end),
    }),
  );
  return [pipeline(world, run, run.end), ...stages, ...ofJobs, ...tests(world, run)];
}

/** @param end undefined while the pipeline runs */
function pipeline(world: World, run: Run, end: number | undefined): NewEvent {
  return event(world, run, {
    level: 'pipeline',
    unique_id: run.id,
    name: pipelineName(run),
    url: urlOf(run),
    status: end === undefined ? 'running' : run.succeeded ? 'success' : 'error',
    partial_retry: false,
    is_manual: noise(run.id, 'manual') < 0.05,
    queue_time: Math.round(noise(run.id, 'queue') * 10 * SECOND),
    ...interval(run.start, end),
  });
}

function event(world: World, run: Run, resource: Resource): NewEvent {
  const { identity, ...kept } = readPipelineEvent(
    {
      env: 'ci',
      service: run.service.name,
      provider_name: 'gitlab',
      resource: {
        ...resource,
        git: gitOf(run),
        tags: [`team:${run.service.team}`, `region:${world.region}`],
      },
    },
    ALWAYS,
  );
  return { ...kept, source: 'ci_pipelines', id: digestId(identity) };
}

function tests(world: World, run: Run): NewEvent[] {
  return run.jobs
    .filter(({ name }) => name.endsWith('-tests'))
    .flatMap((job) =>
      SUITES.flatMap((suite) =>
        TESTS.map((name) => {
          const seed = [run.id, job.name, suite, name] as const;
          const breaks = job.status === 'error' && noise(...seed, 'breaks') < 0.2;
          const isSkipped = noise(run.service.name, suite, name, 'skip') < 0.05;
          const start = job.start + Math.floor((job.end - job.start) * 0.9 * noise(...seed, 'start'));
          const kept = readTestEvent(
            {
              test_level: 'test',
              start: new Date(start).toISOString(),
              duration: Math.round(noise(...seed, 'lasts') ** 2 * 4e9),
              service: run.service.name,
              env: 'ci',
              tags: [`team:${run.service.team}`, `region:${world.region}`],
              git: gitOf(run),
              test: {
                name: `${suite} ${name}`,
                suite: `${run.service.name}.${suite}`,
                framework: 'vitest',
                status: isSkipped ? 'skip' : breaks ? 'fail' : 'pass',
              },
              ci: { pipeline: { id: run.id, name: pipelineName(run) }, job: { name: job.name } },
              ...(breaks &&
                !isSkipped && { error: { type: 'AssertionError', message: 'expected 1 to be 2' } }),
            },
            ALWAYS,
          );
          return { ...kept, source: 'ci_tests' as const, id: digestId(['demo', 'test', ...seed]) };
        }),
      ),
    );
}

function gitOf({ id, branch, service }: Run) {
  const author = authorOf(id);
  return {
    branch,
    sha: hexOf(40, id, 'sha'),
    repository_url: `https://git.acme.example/${service.team}/${service.name}.git`,
    author_email: `${author}@acme.example`,
    author_name: author,
    message: pick(SUBJECTS, id, 'subject'),
  };
}

function authorOf(id: string): string {
  return pick(AUTHORS, id, 'author');
}

function pipelineName({ service }: Run): string {
  return `${service.team}/${service.name}`;
}

function urlOf(run: Run): string {
  return `https://ci.acme.example/${pipelineName(run)}/pipelines/${run.id}`;
}

function interval(start: number, end: number | undefined) {
  return {
    start: new Date(start).toISOString(),
    end: end === undefined ? undefined : new Date(end).toISOString(),
  };
}
