import { useState } from 'react';

/** Result of reading what a person typed: the value, or why it is not one. */
export type Read<Value> = { value: Value; fault?: undefined } | { value?: undefined; fault: string };

interface DraftOptions<Value> {
  value: Value;
  onChange: (value: Value) => void;
  print: (value: Value) => string;
  read: (text: string) => Read<Value>;
}

/**
 * Text of a field whose value is only changed by text that can be read. Text that cannot is kept beside its fault, and so is the
 * spelling of text that can, until the value changes elsewhere.
 */
export function useDraft<Value>({ value, onChange, print, read }: DraftOptions<Value>) {
  const printed = print(value);
  const [draft, setDraft] = useState<{ of: string; text: string; fault: string | undefined }>();
  const current = draft?.of === printed ? draft : undefined;

  function change(text: string) {
    const result = read(text);
    if (result.fault !== undefined) {
      setDraft({ of: printed, text, fault: result.fault });
      return;
    }
    setDraft({ of: print(result.value), text, fault: undefined });
    onChange(result.value);
  }

  return { text: current?.text ?? printed, fault: current?.fault, change };
}
