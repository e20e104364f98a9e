import type { Db } from '../db/scope.ts';
import { insertGrants, listGrants } from '../store/directory.ts';

/** What directory files have granted, at this start and at earlier ones. */
export class Grants {
  readonly #earlier: ReadonlySet<string>;
  readonly #now = new Set<string>();

  static async load(db: Db): Promise<Grants> {
    return new Grants(await listGrants(db));
  }

  private constructor(earlier: ReadonlySet<string>) {
    this.#earlier = earlier;
  }

  /** Records a grant. Returns false if it was recorded before, also by an earlier start. */
  recordOnce(subject: string): boolean {
    if (this.#earlier.has(subject) || this.#now.has(subject)) return false;
    this.#now.add(subject);
    return true;
  }

  /** A role or team of an organization. `key` is the id in the file, or else the name or handle. */
  subject(kind: 'role' | 'team', orgId: string, key: string): GrantedSubject {
    const subject = `${kind}:${orgId}:${key}`;
    const match = ({ id }: { id: string }) => `${kind}_match:${id}:${key}`;
    return {
      wasDeleted: (found) => this.#earlier.has(subject) && !(found && this.#earlier.has(match(found))),
      record: (row) => {
        this.recordOnce(subject);
        this.recordOnce(match(row));
      },
    };
  }

  async save(db: Db): Promise<void> {
    await insertGrants(db, [...this.#now]);
  }
}

interface GrantedSubject {
  /** Returns whether an earlier start created the role or team and it was deleted since, even if `found` has taken its place. */
  wasDeleted(found: { id: string } | undefined): boolean;
  /** Records the role or team as created. */
  record(row: { id: string }): void;
}
