import type { z } from 'zod';

/** What is wrong with a value, to be read after its name. The value must be reported with the issue (`reportInput`). */
export function issueWords(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'invalid_type') return issue.message;
  return issue.input === undefined ? 'is required' : `must be of type ${issue.expected}`;
}
