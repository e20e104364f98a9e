interface SentForm {
  isPending: boolean;
  isSuccess: boolean;
  reset: () => void;
}

/** Returns a function that edits a form: the form is locked while its request runs, and editing clears the last error. */
export function useFormEdit({ isPending, isSuccess, reset }: SentForm) {
  return (apply: () => void) => {
    if (isPending || isSuccess) return;
    apply();
    reset();
  };
}
