import { detail, type ErrorDetail } from '../errors.ts';

/**
 * Why a part of ingested telemetry is not stored as it was sent.
 * - `malformed`: it cannot be read.
 * - `too_old`, `too_new`: its time is outside the retention, or too far ahead.
 * - `too_long`: a text was truncated.
 * - `too_many`: an attribute, a value or a tag was dropped, because there are too many, or it is named too long or nested too deeply.
 * - `unstorable`: characters were replaced, or a number is not finite.
 */
export type LossReason = 'malformed' | 'too_old' | 'too_new' | 'too_long' | 'too_many' | 'unstorable';

/** Reports a loss. `problem` completes the sentence "field: ...". */
export type ReportLoss = (reason: LossReason, field: string, problem: string) => void;

/**
 * Tag of events and series that lost attributes, values or tags. A restriction could have named what was lost, so only
 * unrestricted users see them.
 */
export const INCOMPLETE = 'incomplete:true';

/** Returns a reporter that also notes whether an attribute, a value or a tag was dropped. */
export function noteDropped(lose: ReportLoss): { lose: ReportLoss; isIncomplete: () => boolean } {
  let isIncomplete = false;
  return {
    lose(reason, field, problem) {
      isIncomplete ||= reason === 'too_many';
      lose(reason, field, problem);
    },
    isIncomplete: () => isIncomplete,
  };
}

/** Maximum number of losses that are described; all are counted. */
const MAX_DESCRIBED = 100;

/** Losses of one intake request. */
export class Losses {
  readonly counts: Partial<Record<LossReason, number>> = {};
  readonly described: ErrorDetail[] = [];

  /** Records a loss. `describe` is called only while losses are described. */
  add(reason: LossReason, describe: () => ErrorDetail): void {
    this.counts[reason] = (this.counts[reason] ?? 0) + 1;
    if (this.described.length < MAX_DESCRIBED) this.described.push(describe());
  }

  /** Returns a reporter for the item at a path of the body, such as `series[3]`. */
  of(item: string): ReportLoss {
    return (reason, field, problem) =>
      this.add(reason, () => detail('field_invalid', { field: `${item}.${field}`, problem }));
  }
}

/** Reads an item that must be stored as it is, such as one of the demo account. Throws on any loss. */
export function readWhole<Result>(read: (lose: ReportLoss) => Result | undefined): Result {
  const result = read((_reason, field, problem) => {
    throw new Error(`${field}: ${problem}`);
  });
  if (result === undefined) throw new Error('The item was dropped');
  return result;
}
