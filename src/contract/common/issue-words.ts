import type { z } from 'zod';

/** Returns the error text of an issue, to follow the name of the field. Needs the option `reportInput`. */
export function issueWords(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'invalid_type') return issue.message;
  return issue.input === undefined ? 'is required' : `must be of type ${issue.expected}`;
}
