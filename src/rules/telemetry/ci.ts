import type { PipelineAttributes, TestAttributes, TestGitInfo } from '../../contract/ci/schema.ts';
import { invalidField } from '../errors.ts';
import { type Attributes, flatten, requireStorable } from './attributes.ts';
import { requireWithin, type Window } from './retention.ts';
import { withReserved } from './reserved.ts';
import { normalizeTags } from './tags.ts';

type Resource = PipelineAttributes['resource'];

const NANOSECONDS = 1_000_000;

/**
 * Converts a pipeline, stage, job or step to a stored event, with the attribute names of Datadog's CI Visibility.
 * `identity` is unique among pipeline events. Throws `invalid`.
 */
export function readPipelineEvent(event: PipelineAttributes, window: Window) {
  const { resource } = event;
  const time = Date.parse(resource.start);
  requireWithin(window, time, 'attributes.resource.start');
  const attributes = flatten({
    ...metricsOf(resource),
    service: event.service,
    duration: durationOf(resource, window),
    ci: {
      provider: { name: event.provider_name },
      status: resource.status,
      node: { name: resource.node?.name, hostname: resource.node?.hostname, labels: resource.node?.labels },
      workspace_path: resource.node?.workspace,
      parameters: resource.parameters,
      ...namesOf(resource),
    },
    git: gitAttributes(resource.git),
    error: resource.error,
    ci_level: resource.level,
  });
  requireStorable(resource.name, 'attributes.resource.name');
  return {
    identity: identityOf(resource),
    time,
    message: resource.name,
    ...withReserved(tagsOf(event.env, resource.tags), attributes),
  };
}

function identityOf(resource: Resource): string[] {
  return resource.level === 'pipeline'
    ? [resource.level, resource.unique_id]
    : [resource.level, resource.pipeline_unique_id, resource.id];
}

/** Returns the duration in nanoseconds, or undefined while the resource is running. */
function durationOf({ status, start, end }: Resource, window: Window): number | undefined {
  if (status === 'running') {
    if (end) throw invalidField('attributes.resource.end', 'must be absent while the status is running');
    return undefined;
  }
  if (!end) throw invalidField('attributes.resource.end', 'is required unless the status is running');
  const milliseconds = Date.parse(end) - Date.parse(start);
  if (milliseconds < 0) throw invalidField('attributes.resource.end', 'must not be before the start');
  requireWithin(window, Date.parse(end), 'attributes.resource.end');
  return milliseconds * NANOSECONDS;
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
function metricsOf({ metrics }: Resource): Record<string, number> {
  const pairs = (metrics ?? []).map((text) => text.split(':'));
  return Object.fromEntries(pairs.map(([name = '', value]) => [name, Number(value)]));
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

function tagsOf(env: string | null | undefined, tags: readonly string[] | null | undefined): string[] {
  return normalizeTags([...(tags ?? []), ...(env ? [`env:${env}`] : [])]);
}

const TEST_STATUSES = ['pass', 'fail', 'skip'];

/** Converts a test to a stored event. Throws `invalid`. */
export function readTestEvent({ start, env, tags, git, ...rest }: TestAttributes, window: Window) {
  const time = Date.parse(start);
  requireWithin(window, time, 'attributes.start');
  const attributes = flatten({ ...rest, git: gitAttributes(git) });
  const name = requireText(attributes, 'test.name');
  requireText(attributes, 'test.suite');
  const status = requireText(attributes, 'test.status');
  if (!TEST_STATUSES.includes(status)) {
    throw invalidField('attributes.test.status', `must be one of ${TEST_STATUSES.join(', ')}`);
  }
  return { time, message: name, ...withReserved(tagsOf(env, tags), attributes) };
}

function requireText(attributes: Attributes, name: string): string {
  const value = attributes[name];
  if (typeof value === 'string' && value !== '') return value;
  throw invalidField(
    `attributes.${name}`,
    value === undefined ? 'is required' : 'must be a text that is not empty',
  );
}
