import { PauseIcon, PlayIcon } from 'lucide-react';
import { useState } from 'react';
import { parseSpan, PRESETS, printSpan, rangeOf, type WidgetTime } from '../../../rules/widgets/time.ts';
import { Button } from '../../ui/button.tsx';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { messages } from './messages.ts';
import styles from './widget-editor.module.css';

interface TimePickerProps {
  time: WidgetTime;
  isPaused: boolean;
  onChange: (change: { time?: WidgetTime; isPaused?: boolean }) => void;
}

const CUSTOM = 'custom';

/** A span that ends now, which can be paused, or a custom range. */
export function TimePicker({ time, isPaused, onChange }: TimePickerProps) {
  const span = time.kind === 'live' ? printSpan(time.seconds) : CUSTOM;
  const spans: readonly string[] = time.kind === 'live' ? [...new Set([...PRESETS, span])] : PRESETS;
  return (
    <div className={styles.time}>
      <Select
        label={messages.timeRange}
        options={[
          ...spans.map((value) => ({ value, label: messages.lastSpan(value) })),
          { value: CUSTOM, label: messages.customRange },
        ]}
        value={span}
        onChange={(chosen) => {
          const live = parseSpan(chosen);
          onChange({ time: live ?? { kind: 'fixed', ...rangeOf(time, Date.now()) }, isPaused: false });
        }}
      />
      {time.kind === 'live' ? (
        <Button variant="quiet" onClick={() => onChange({ isPaused: !isPaused })}>
          {isPaused ? <PlayIcon /> : <PauseIcon />}
          {isPaused ? messages.resume : messages.pause}
        </Button>
      ) : (
        <RangeFields key={`${time.from} ${time.to}`} from={time.from} to={time.to} onChange={onChange} />
      )}
    </div>
  );
}

interface RangeFieldsProps {
  from: number;
  to: number;
  onChange: TimePickerProps['onChange'];
}

/** Begin and end of a custom range, in local time. */
function RangeFields({ from, to, onChange }: RangeFieldsProps) {
  const [begin, setBegin] = useState(localText(from));
  const [end, setEnd] = useState(localText(to));
  const isRange = Date.parse(begin) < Date.parse(end);

  function change(nextBegin: string, nextEnd: string) {
    setBegin(nextBegin);
    setEnd(nextEnd);
    const range = { from: Date.parse(nextBegin), to: Date.parse(nextEnd) };
    if (range.from < range.to) onChange({ time: { kind: 'fixed', ...range } });
  }

  return (
    <>
      <TextField
        label={messages.begin}
        labelHidden
        type="datetime-local"
        value={begin}
        onChange={({ target }) => change(target.value, end)}
      />
      <TextField
        label={messages.end}
        labelHidden
        type="datetime-local"
        value={end}
        error={isRange ? undefined : messages.notARange}
        onChange={({ target }) => change(begin, target.value)}
      />
    </>
  );
}

/** Returns a time as the browser's field for local times expects it: `2026-11-27T20:15`. */
function localText(time: number): string {
  const offset = new Date(time).getTimezoneOffset() * 60_000;
  return new Date(time - offset).toISOString().slice(0, 16);
}
