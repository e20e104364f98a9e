import type { PipelineAttributes, TestAttributes, TestGitInfo } from '../../contract/ci/schema.ts';
import { invalidField } from '../errors.ts';
import { type Attributes, fitText, flatten } from './attributes.ts';
import { INCOMPLETE, noteDropped, type ReportLoss } from './losses.ts';
import { isWithin, type Window } from './retention.ts';
import { withReserved } from './reserved.ts';
import { fitTags, normalizeTags } from './tags.ts';

type Resource = PipelineAttributes['resource'];

const NANOSECONDS = 1_000_000;
const MAX_NAME = 20_000;

/**
 * Converts a pipeline, stage, job or step to a stored event, with the attribute names of Datadog's CI Visibility.
 * `identity` is unique among pipeline events. Returns undefined for an event outside the window. Throws `invalid`.
 */
export function readPipelineEvent(event: PipelineAttributes, window: Window, report: ReportLoss) {
  const { lose, isIncomplete } = noteDropped(report);
  const { resource } = event;
  const time = Date.parse(resource.start);
  const duration = durationOf(resource);
  if (!isWithin(window, time, 'attributes.resource.start', lose)) return undefined;
  if (!isWithin(window, time + (duration ?? 0), 'attributes.resource.end', lose)) return undefined;
  const all = flatten(
    {
      ci_level: resource.level,
      service: event.service,
      duration: duration && duration * NANOSECONDS,
      ci: {
        status: resource.status,
        ...namesOf(resource),
        provider: { name: event.provider_name },
        node: { name: resource.node?.name, hostname: resource.node?.hostname, labels: resource.node?.labels },
        workspace_path: resource.node?.workspace,
        parameters: resource.parameters,
      },
      git: gitAttributes(resource.git),
      error: resource.error,
      ...metricsOf(resource, lose),
    },
    lose,
  );
  const { tags, attributes } = withReserved(tagsOf(event.env, resource.tags, lose), all, lose);
  const message = fitText(resource.name, 'attributes.resource.name', MAX_NAME, lose);
  return {
    identity: identityOf(resource),
    time,
    message,
    tags: isIncomplete() ? normalizeTags([...tags, INCOMPLETE]) : tags,
    attributes,
  };
}

function identityOf(resource: Resource): string[] {
  return resource.level === 'pipeline'
    ? [resource.level, resource.unique_id]
    : [resource.level, resource.pipeline_unique_id, resource.id];
}

/** Returns the duration in milliseconds, or undefined while the resource is running. Throws `invalid`. */
function durationOf({ status, start, end }: Resource): number | undefined {
  if (status === 'running') {
    if (end) throw invalidField('attributes.resource.end', 'must be absent while the status is running');
    return undefined;
  }
  if (!end) throw invalidField('attributes.resource.end', 'is required unless the status is running');
  const milliseconds = Date.parse(end) - Date.parse(start);
  if (milliseconds < 0) throw invalidField('attributes.resource.end', 'must not be before the start');
  return milliseconds;
}

/** Returns the attributes below `ci.` that depend on the level. */
function namesOf(resource: Resource): Record<string, unknown> {
  if (resource.level === 'pipeline') {
    return {
      pipeline: {
        name: resource.name,
        id: resource.unique_id,
        url: resource.url,
        provider_id: resource.pipeline_id,
      },
      parent_pipeline: resource.parent_pipeline,
      previous_attempt: resource.previous_attempt,
      partial_retry: resource.partial_retry,
      is_manual: resource.is_manual,
      is_resumed: resource.is_resumed,
      queue_time: nanoseconds(resource.queue_time),
    };
  }
  const pipeline = { name: resource.pipeline_name, id: resource.pipeline_unique_id };
  const { id, name } = resource;
  if (resource.level === 'stage') {
    const { dependencies } = resource;
    return { pipeline, stage: { id, name }, dependencies, queue_time: nanoseconds(resource.queue_time) };
  }
  const { url } = resource;
  const stage = { id: resource.stage_id, name: resource.stage_name };
  if (resource.level === 'job') {
    const { dependencies } = resource;
    return {
      pipeline,
      stage,
      job: { id, name, url },
      dependencies,
      queue_time: nanoseconds(resource.queue_time),
    };
  }
  return { pipeline, stage, job: { id: resource.job_id, name: resource.job_name }, step: { id, name, url } };
}

function nanoseconds(milliseconds: number | null | undefined): number | undefined {
  return milliseconds === null || milliseconds === undefined ? undefined : milliseconds * NANOSECONDS;
}

/** Parses custom metrics, such as `coverage:81.5`. */
function metricsOf({ metrics }: Resource, lose: ReportLoss): Record<string, number> {
  const numbers = new Map<string, number>();
  for (const text of metrics ?? []) {
    const [, name, value] = /^([^:]+):(-?\d+(?:\.\d+)?)$/.exec(text) ?? [];
    if (name === undefined)
      lose('malformed', 'attributes.resource.metrics', 'must be names and numbers: key:1.5');
    else numbers.set(name, Number(value));
  }
  return Object.fromEntries(numbers);
}

/** Returns the attributes below `git.`. Members outside the official models are not changed. */
function gitAttributes(git: TestGitInfo | null | undefined): Record<string, unknown> | undefined {
  if (!git) return undefined;
  const {
    sha,
    message,
    repository_url,
    author_email,
    author_name,
    author_time,
    commit_time,
    committer_email,
    committer_name,
    ...others
  } = git;
  return {
    ...others,
    // The URL may contain a password.
    repository_url: repository_url?.replace(/^(\w+:\/\/)[^/@]*@/, '$1'),
    'commit.sha': sha,
    'commit.message': message,
    'commit.author.email': author_email,
    'commit.author.name': author_name,
    'commit.author.date': author_time,
    'commit.committer.email': committer_email,
    'commit.committer.name': committer_name,
    'commit.committer.date': commit_time,
  };
}

function tagsOf(
  env: string | null | undefined,
  tags: readonly string[] | null | undefined,
  lose: ReportLoss,
): string[] {
  return normalizeTags(fitTags([...(env ? [`env:${env}`] : []), ...(tags ?? [])], 'attributes.tags', lose));
}

const TEST_STATUSES = ['pass', 'fail', 'skip'];

/** Converts a test to a stored event. Returns undefined for a test outside the window. Throws `invalid`. */
export function readTestEvent(
  { start, env, tags, git, ...rest }: TestAttributes,
  window: Window,
  report: ReportLoss,
) {
  const { lose, isIncomplete } = noteDropped(report);
  const all = flatten({ ...rest, git: gitAttributes(git) }, lose);
  const name = requireText(all, 'test.name');
  requireText(all, 'test.suite');
  const status = requireText(all, 'test.status');
  if (!TEST_STATUSES.includes(status)) {
    throw invalidField('attributes.test.status', `must be one of ${TEST_STATUSES.join(', ')}`);
  }
  const time = Date.parse(start);
  if (!isWithin(window, time, 'attributes.start', lose)) return undefined;
  const { tags: kept, attributes } = withReserved(tagsOf(env, tags, lose), all, lose);
  return {
    time,
    message: name,
    tags: isIncomplete() ? normalizeTags([...kept, INCOMPLETE]) : kept,
    attributes,
  };
}

function requireText(attributes: Attributes, name: string): string {
  const value = attributes[name];
  if (typeof value === 'string' && value !== '') return value;
  throw invalidField(
    `attributes.${name}`,
    value === undefined ? 'is required' : 'must be a text that is not empty',
  );
}
