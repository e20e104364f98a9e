import type { Db } from '../db/scope.ts';
import { insertGrants, listGrants } from '../store/directory.ts';

/** What directory files have given, at this start and at earlier ones. */
export class Given {
  readonly #earlier: ReadonlySet<string>;
  readonly #now = new Set<string>();

  static async load(db: Db): Promise<Given> {
    return new Given(await listGrants(db));
  }

  private constructor(earlier: ReadonlySet<string>) {
    this.#earlier = earlier;
  }

  /** Returns whether the subject was given before, and records it as given. */
  before(subject: string): boolean {
    if (this.#earlier.has(subject) || this.#now.has(subject)) return true;
    this.#now.add(subject);
    return false;
  }

  /** A role or team of an organization. `key` is the id in the file, or else the name or handle. */
  subject(kind: 'role' | 'team', orgId: string, key: string): GivenSubject {
    const subject = `${kind}:${orgId}:${key}`;
    const match = ({ id }: { id: string }) => `${kind}_match:${id}:${key}`;
    return {
      wasDeleted: (found) => this.#earlier.has(subject) && !(found && this.#earlier.has(match(found))),
      record: (row) => {
        this.before(subject);
        this.before(match(row));
      },
    };
  }

  async save(db: Db): Promise<void> {
    await insertGrants(db, [...this.#now]);
  }
}

interface GivenSubject {
  /** Whether an earlier start gave the role or team and it was deleted since, even if `found` has taken its place. */
  wasDeleted(found: { id: string } | undefined): boolean;
  /** Records the role or team as given. */
  record(row: { id: string }): void;
}
