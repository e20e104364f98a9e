import { useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import type { JsonObject } from '../../../rules/widgets/definition.ts';
import { type ExploreState, readState, writeState } from './explore-state.ts';

/** Changes within this time are one step of undo, in milliseconds: the keys of a word, say. */
const STEP_MS = 800;

/** Maximum number of steps that can be undone. */
const MAX_STEPS = 100;

interface History {
  past: readonly JsonObject[];
  future: readonly JsonObject[];
  changedAt: number;
}

const NO_HISTORY: History = { past: [], future: [], changedAt: -Infinity };

export interface Explore extends ExploreState {
  change: (definition: JsonObject) => void;
  /** Changes the time or its pause. */
  changeTime: (time: Partial<Pick<ExploreState, 'time' | 'isPaused'>>) => void;
  /** Undefined if there is nothing to undo. */
  undo: (() => void) | undefined;
  redo: (() => void) | undefined;
}

/** The state of Explore, which is in the address. Changes replace the address; changes of the definition can be undone. */
export function useExplore(): Explore {
  const { hash } = useLocation();
  const navigate = useNavigate();
  const [history, setHistory] = useState(NO_HISTORY);
  const state = readState(hash);
  const { definition } = state;

  const show = (changes: Partial<ExploreState>) =>
    void navigate({ hash: writeState({ ...state, ...changes }) }, { replace: true });

  function change(next: JsonObject) {
    const now = performance.now();
    const isSameStep = now - history.changedAt < STEP_MS;
    setHistory({
      past: isSameStep ? history.past : [...history.past, definition].slice(-MAX_STEPS),
      future: [],
      changedAt: now,
    });
    show({ definition: next });
  }

  function move(target: JsonObject, moved: Pick<History, 'past' | 'future'>) {
    setHistory({ ...moved, changedAt: -Infinity });
    show({ definition: target });
  }

  const { past, future } = history;
  const previous = past.at(-1);
  const [next] = future;
  return {
    ...state,
    change,
    changeTime: show,
    undo: previous && (() => move(previous, { past: past.slice(0, -1), future: [definition, ...future] })),
    redo: next && (() => move(next, { past: [...past, definition], future: future.slice(1) })),
  };
}
