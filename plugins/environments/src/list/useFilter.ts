import {
  Environment,
  EnvironmentPhase,
  phases,
} from '@highroad/plugin-environments-common';
import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router-dom';
import { phaseText } from '../words/phases';
import { pullRequestText } from '../words/short';

/** What a person looks for. Empty for what does not matter. */
export interface Choice {
  text: string;
  /** Only what the reader and their teams own */
  mine: boolean;
  phase: EnvironmentPhase | '';
}

/** Kept in the address, so that a look can be sent to somebody. */
export function useFilter() {
  const [params, setParams] = useSearchParams();
  const text = params.get('q') ?? '';
  const mine = params.get('owner') === 'mine';
  const phase = phases.find(one => one === params.get('state')) ?? '';
  const choice = useMemo<Choice>(
    () => ({ text, mine, phase }),
    [text, mine, phase],
  );
  const change = useCallback(
    (part: Partial<Choice>) =>
      setParams(
        before => {
          const next = new URLSearchParams(before);
          const set = (name: string, value: string) => {
            if (value) next.set(name, value);
            else next.delete(name);
          };
          if (part.text !== undefined) set('q', part.text);
          if (part.mine !== undefined) set('owner', part.mine ? 'mine' : '');
          if (part.phase !== undefined) set('state', part.phase);
          return next;
        },
        { replace: true },
      ),
    [setParams],
  );
  return { choice, change };
}

/** Those that fit: the reader's own first, then as they came, which is the newest first. */
export function fitting(
  items: Environment[],
  { text, mine, phase }: Choice,
  own: Set<string>,
): Environment[] {
  const words = text.toLocaleLowerCase('en').split(/\s+/).filter(Boolean);
  const isMine = (one: Environment) => isOwn(one, own);
  const found = items.filter(one => {
    if (mine && !isMine(one)) return false;
    if (phase && one.phase !== phase) return false;
    const said = [
      one.name,
      one.owner ?? '',
      phaseText(one.phase),
      ...one.services.flatMap(({ name, image }) => [name, image]),
      ...(one.pullRequest
        ? [pullRequestText(one.pullRequest), one.pullRequest.branch]
        : []),
    ]
      .join(' ')
      .toLocaleLowerCase('en');
    return words.every(word => said.includes(word));
  });
  return [...found.filter(isMine), ...found.filter(one => !isMine(one))];
}

/** Whether the reader owns it or asked for it. */
export function isOwn(
  { owner, requestedBy }: Environment,
  own: Set<string>,
): boolean {
  return [owner, requestedBy].some(ref => ref !== undefined && own.has(ref));
}
