import { z } from 'zod';
import { Moment, oneOrMany } from '../common/schema.ts';

/** Maximum number of events per request. */
export const MAX_CI_EVENTS = 1000;

/** Tags. Those beyond the maximum are dropped. */
const tags = z.array(z.string()).meta({ maxItems: 200 });

const GitInfo = z.object({
  author_email: z.string(),
  author_name: z.string().nullish(),
  author_time: z.string().nullish(),
  branch: z.string().nullish(),
  commit_time: z.string().nullish(),
  committer_email: z.string().nullish(),
  committer_name: z.string().nullish(),
  default_branch: z.string().nullish(),
  message: z.string().nullish(),
  repository_url: z.string(),
  sha: z.string(),
  tag: z.string().nullish(),
});

/** Git information of a test. All members are optional. */
const TestGitInfo = z.looseObject(GitInfo.partial().shape);

const RunError = z.object({
  domain: z.enum(['provider', 'user', 'unknown']).nullish(),
  message: z.string().nullish(),
  stack: z.string().nullish(),
  type: z.string().nullish(),
});

/** List of texts that is stored as the values of one attribute. Those beyond the maximum are dropped. */
const values = z.array(z.string()).meta({ maxItems: 100 });

const Node = z.object({
  hostname: z.string().nullish(),
  labels: values.nullish(),
  name: z.string().nullish(),
  workspace: z.string().nullish(),
});

const OtherPipeline = z.object({ id: z.string(), url: z.string().nullish() });

/** Members of pipelines, stages, jobs and steps. */
const run = {
  name: z.string(),
  start: Moment.meta({
    description:
      'An event with the same id and start replaces the earlier one, for example when the run has finished.',
  }),
  end: Moment.nullish().meta({
    description: 'Required, unless the status is `running`; then it must be absent.',
  }),
  error: RunError.nullish(),
  git: GitInfo.nullish(),
  metrics: z
    .array(z.string().meta({ example: 'coverage:81.5' }))
    .meta({ description: 'Names and numbers. Others are dropped.', maxItems: 100 })
    .nullish(),
  node: Node.nullish(),
  parameters: z.record(z.string(), z.string()).nullish(),
  tags: tags.nullish(),
};

/** Members of stages, jobs and steps. */
const part = { ...run, id: z.string(), pipeline_name: z.string(), pipeline_unique_id: z.string() };

const queueTime = z
  .int()
  .min(0, 'must not be negative')
  .max(1_000_000_000, 'is longer than anything waits')
  .nullish()
  .meta({ description: 'In milliseconds.' });

const Pipeline = z.object({
  ...run,
  level: z.literal('pipeline'),
  unique_id: z.string(),
  pipeline_id: z.string().nullish(),
  url: z.string(),
  status: z.enum(['success', 'error', 'canceled', 'skipped', 'blocked', 'running']),
  partial_retry: z.boolean(),
  is_manual: z.boolean().nullish(),
  is_resumed: z.boolean().nullish(),
  queue_time: queueTime,
  parent_pipeline: OtherPipeline.nullish(),
  previous_attempt: OtherPipeline.nullish(),
});

const Stage = z.object({
  ...part,
  level: z.literal('stage'),
  status: z.enum(['success', 'error', 'canceled', 'skipped']),
  queue_time: queueTime,
  dependencies: values.nullish(),
});

const Job = z.object({
  ...part,
  level: z.literal('job'),
  status: z.enum(['success', 'error', 'canceled', 'skipped', 'running']),
  url: z.string(),
  queue_time: queueTime,
  dependencies: values.nullish(),
  stage_id: z.string().nullish(),
  stage_name: z.string().nullish(),
});

const Step = z.object({
  ...part,
  level: z.literal('step'),
  status: z.enum(['success', 'error']),
  url: z.string().nullish(),
  job_id: z.string().nullish(),
  job_name: z.string().nullish(),
  stage_id: z.string().nullish(),
  stage_name: z.string().nullish(),
});

const PipelineAttributes = z.object({
  env: z.string().nullish(),
  provider_name: z.string().nullish(),
  service: z.string().nullish(),
  resource: z.discriminatedUnion('level', [Pipeline, Stage, Job, Step], {
    error: 'must have the level pipeline, stage, job or step',
  }),
});

/** Pipeline, stage, job or step. */
export const CiPipelineEvent = z.object({
  type: z.literal('cipipeline_resource_request').optional(),
  attributes: PipelineAttributes,
});

/** CI runs: pipelines, stages, jobs and steps. An event with the same id and start replaces the earlier one. */
export const CiPipelineEventRequest = z
  .object({ data: oneOrMany(CiPipelineEvent, MAX_CI_EVENTS) })
  .meta({ id: 'CIAppCreatePipelineEventRequest' });

const TestAttributes = z
  .looseObject({
    start: Moment,
    duration: z.number().min(0, 'must not be negative').meta({ description: 'In nanoseconds.' }),
    service: z.string().nullish(),
    env: z.string().nullish().meta({ description: 'Becomes the tag `env:...`.' }),
    tags: tags.nullish(),
    git: TestGitInfo.nullish().meta({ description: 'As in pipeline events, but every member is optional.' }),
    test_level: z.enum(['session', 'module', 'suite', 'test']).default('test'),
  })
  .meta({
    description:
      'The texts `test.name`, `test.suite` and `test.status` (`pass`, `fail`, `skip`) are also ' +
      'required, flat or nested: `{"test.name": "..."}` or `{"test": {"name": "..."}}`. All other members become attributes.',
  });

/** Test run. */
export const CiTestEvent = z.object({
  type: z.literal('ci_test'),
  id: z.string().max(200, 'must have at most 200 characters').optional().meta({
    description: 'An event with the same id and start replaces the earlier one.',
  }),
  attributes: TestAttributes,
});

/** Test runs. */
export const CiTestEventRequest = z
  .object({ data: oneOrMany(CiTestEvent, MAX_CI_EVENTS) })
  .meta({ id: 'CITestEventRequest' });

export type TestGitInfo = z.infer<typeof TestGitInfo>;
export type PipelineAttributes = z.infer<typeof PipelineAttributes>;
export type TestAttributes = z.infer<typeof TestAttributes>;
