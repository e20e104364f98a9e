import type { UseQueryResult } from '@tanstack/react-query';
import { errorMessages } from '../api/request.ts';
import { type DialogFrame, FailedDialog, LoadingDialog } from '../ui/dialog.tsx';

interface WaitingDialogProps extends DialogFrame {
  /** What the dialog cannot be shown without. */
  query: UseQueryResult;
}

/** Stands in for a dialog until what it shows has been read; says so when that failed. */
export function WaitingDialog({ query, ...frame }: WaitingDialogProps) {
  if (!query.isError) return <LoadingDialog {...frame} />;
  return (
    <FailedDialog
      {...frame}
      messages={errorMessages(query.error)}
      retrying={query.isFetching}
      onRetry={() => void query.refetch()}
    />
  );
}
