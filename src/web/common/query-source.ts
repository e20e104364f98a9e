import type { ConnectionType } from '../../contract/org-connections/constants.ts';

/** Organization whose data a query can name. */
export interface QuerySource {
  id: string;
  name: string;
  /** Returns why the user cannot query a data type there, or undefined. */
  obstacleTo: (type: ConnectionType) => string | undefined;
}
