import type { PipelineAttributes } from '../../../contract/ci/schema.ts';
import { readPipelineEvent, readTestEvent } from '../../../rules/telemetry/ci.ts';
import { readWhole } from '../../../rules/telemetry/losses.ts';
import type { Window } from '../../../rules/telemetry/retention.ts';
import { digestId } from '../../store/digest-id.ts';
import type { NewEvent } from '../../store/events.ts';
import { hexOf, noise, pick } from './noise.ts';
import { type World } from './world.ts';
import { authorOf, LONGEST, type Run, runIn, SECOND, SLOT, STAGES } from './ci-runs.ts';

/** Window that accepts events of any time. */
const ALWAYS: Window = { days: Infinity, from: -Infinity, to: Infinity, now: 0 };

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
  const { identity, ...kept } = readWhole((lose) =>
    readPipelineEvent(
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
      lose,
    ),
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
          const kept = readWhole((lose) =>
            readTestEvent(
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
              lose,
            ),
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
