import { useQuery, type UseQueryOptions, type UseQueryResult } from '@tanstack/react-query';

/** An object of a list, which may still be loading or no longer exist. */
export interface Listed<Item> {
  item: Item | undefined;
  list: UseQueryResult<Item[]>;
  /** The list has been loaded, and does not contain it. */
  isGone: boolean;
}

/** Returns one object of a list, and loads the list again on mount. */
export function useListed<Item extends { id: string }, Key extends readonly unknown[]>(
  options: UseQueryOptions<Item[], Error, Item[], Key>,
  id: string,
): Listed<Item> {
  const list = useQuery(options);
  const item = list.data?.find((candidate) => candidate.id === id);
  return { item, list, isGone: item === undefined && list.isFetchedAfterMount && list.isSuccess };
}
