import {
  type ConnectionType,
  type ExtensionConnectionType,
  isExtensionConnectionType,
  isPublicConnectionType,
  type PublicConnectionType,
} from '../contract/org-connections/constants.ts';

import { detail, DomainError, type ErrorDetail } from './errors.ts';

/** Data types of a connection, split into the two lists of the wire format. */
export interface SharedTypes {
  connection_types: PublicConnectionType[];
  extension_types: ExtensionConnectionType[];
}

/** Data types of a request body, not validated. Undefined: absent from the body. */
export interface WantedTypes {
  connection_types?: readonly string[] | undefined;
  extensions?: { connection_types?: readonly string[] | undefined } | undefined;
}

/** Returns the data types that an update adds to a connection. */
export function addedTypes(current: SharedTypes, shared: SharedTypes): ConnectionType[] {
  const before = allTypes(current);
  return allTypes(shared).filter((type) => !before.includes(type));
}

/** Returns the error for a connection without any data type. */
export function connectionTypeRequired(): DomainError {
  return new DomainError('invalid', 'connection_type_required');
}

/** Returns all data types of a connection as one list. */
export function allTypes(types: SharedTypes): ConnectionType[] {
  return [...types.connection_types, ...types.extension_types];
}

/** Splits a list of data types into the two lists of the wire format. */
export function splitTypes(types: readonly ConnectionType[]): SharedTypes {
  return {
    connection_types: types.filter(isPublicConnectionType),
    extension_types: types.filter(isExtensionConnectionType),
  };
}

export function namesTypeTwice(wanted: WantedTypes): boolean {
  return [wanted.connection_types ?? [], wanted.extensions?.connection_types ?? []].some(
    (types) => new Set(types).size < types.length,
  );
}

export function checkTypes(types: {
  connection_types: readonly string[];
  extension_types: readonly string[];
}): SharedTypes {
  const accepted = {
    connection_types: types.connection_types.filter(isPublicConnectionType),
    extension_types: types.extension_types.filter(isExtensionConnectionType),
  };
  const faults = [
    ...types.connection_types
      .filter((type) => !isPublicConnectionType(type))
      .map((type) => unknownType('data.attributes.connection_types', type)),
    ...types.extension_types
      .filter((type) => !isExtensionConnectionType(type))
      .map((type) => unknownType('data.attributes.extensions.connection_types', type)),
  ];
  if (faults.length > 0) throw new DomainError('invalid', faults);
  if (allTypes(accepted).length === 0) throw connectionTypeRequired();
  return accepted;
}

function unknownType(field: string, type: string): ErrorDetail {
  return detail('connection_type_unknown', { field, type });
}
