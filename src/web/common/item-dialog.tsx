import type { UseMutationResult, UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { errorMessages, isStatus } from '../api/request.ts';
import type { DialogFrame } from '../ui/dialog-parts.tsx';
import { FailedDialog, LoadingDialog } from '../ui/light-dialog.tsx';
import { GoneDialog } from './gone-dialog.tsx';
import type { Listed } from './use-listed.ts';

interface WaitingDialogProps extends DialogFrame {
  /** The data that the dialog needs. */
  query: UseQueryResult;
}

/** Replaces a dialog until its data is loaded; shows the error if loading fails. */
export function WaitingDialog({ query, ...frame }: WaitingDialogProps) {
  if (!query.isError) return <LoadingDialog {...frame} />;
  return (
    <FailedDialog
      {...frame}
      errors={errorMessages(query.error)}
      retrying={query.isFetching}
      onRetry={() => void query.refetch()}
    />
  );
}

interface ItemDialogProps<Item, Sent> extends DialogFrame {
  listed: Listed<Item>;
  /** The change that the dialog makes. */
  change?: UseMutationResult<unknown, Error, Sent>;
  /** Returns the object in what was sent. */
  itemOf?: (sent: Sent) => Item;
  /** Shown if the object no longer exists. */
  goneText: string;
  children: (item: Item) => ReactNode;
}

/**
 * A dialog about one object of a list, which may be loading or gone. While the change is sent it shows the object as it
 * was, because the list is refreshed before the dialog closes.
 */
export function ItemDialog<Item, Sent = never>({
  listed,
  change,
  itemOf,
  goneText,
  children,
  ...frame
}: ItemDialogProps<Item, Sent>) {
  // The list may still have the object until it is refreshed.
  if (isStatus(change?.error, 404)) return <GoneDialog {...frame} text={goneText} />;
  const sent = change?.isPending || change?.isSuccess ? itemOf?.(change.variables) : undefined;
  const item = sent ?? listed.item;
  if (item !== undefined) return children(item);
  if (listed.isGone) return <GoneDialog {...frame} text={goneText} />;
  return <WaitingDialog {...frame} query={listed.list} />;
}
