import { isUnready } from '@highroad/plugin-deployments-common';
import { Environment } from '@highroad/plugin-environments-common';
import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router-dom';
import { Row, ShownPlace, troubleOf } from './board';
import { Owners } from './useOwners';

/** Instead of an owner: whatever the reader owns. */
export const MINE = 'mine';

/** What a person looks for. Empty for what does not matter. */
export interface Choice {
  text: string;
  /** Reference, or {@link MINE} */
  owner: string;
  /** Reference */
  system: string;
  problems: boolean;
  /** Only services for which a guardrail is lifted, or was */
  deviations: boolean;
}

/** What the matrix shows, kept in the address so that a look can be sent to somebody. */
export function useBoardFilter() {
  const [params, setParams] = useSearchParams();
  const text = params.get('q') ?? '';
  const owner = params.get('owner') ?? '';
  const system = params.get('system') ?? '';
  const problems = params.get('problems') === 'only';
  const deviations = params.get('deviations') === 'only';
  const choice = useMemo<Choice>(
    () => ({ text, owner, system, problems, deviations }),
    [text, owner, system, problems, deviations],
  );
  const change = useCallback(
    (part: Partial<Choice>) =>
      setParams(
        before => {
          const next = new URLSearchParams(before);
          const set = (name: string, value: string | undefined) => {
            if (value) next.set(name, value);
            else next.delete(name);
          };
          if (part.text !== undefined) set('q', part.text);
          if (part.owner !== undefined) set('owner', part.owner);
          if (part.system !== undefined) set('system', part.system);
          if (part.problems !== undefined) {
            set('problems', part.problems ? 'only' : '');
          }
          if (part.deviations !== undefined) {
            set('deviations', part.deviations ? 'only' : '');
          }
          return next;
        },
        { replace: true },
      ),
    [setParams],
  );
  return {
    choice,
    change,
    narrowed: Boolean(text || owner || system || problems || deviations),
  };
}

/** Those that fit. Without known owners, an owner asked for fits nothing. */
export function fitting(
  rows: Row[],
  { text, owner, system, problems, deviations }: Choice,
  known: Owners | undefined,
  /** Services for which a guardrail is lifted */
  lifted: Set<string> | undefined,
  /** Environments on demand, by service */
  previews: Map<string, Environment[]>,
): Row[] {
  const words = text.toLocaleLowerCase('en').split(/\s+/).filter(Boolean);
  return rows.filter(row => {
    const places = [...row.places.values()];
    if (problems && !places.some(wantsALook)) return false;
    if (deviations && !lifted?.has(row.service)) return false;
    if (system && known?.systems.get(row.service) !== system) return false;
    if (owner) {
      const its = known?.owners.get(row.service);
      if (!its) return false;
      if (owner === MINE ? !known?.mine.has(its) : its !== owner) return false;
    }
    if (words.length === 0) return true;
    const said = [
      row.name,
      ...places.flatMap(({ running, latest }) => [
        running?.version ?? '',
        latest?.version ?? '',
      ]),
      ...(previews.get(row.service)?.map(({ name }) => name) ?? []),
    ]
      .join(' ')
      .toLocaleLowerCase('en');
    return words.every(word => said.includes(word));
  });
}

/** Something goes on or wrong there, pods are missing, or it was changed by hand. */
function wantsALook(place: ShownPlace): boolean {
  const { drift, pods } = place;
  return (
    Boolean(troubleOf(place)) ||
    drift?.state === 'differs' ||
    (pods !== undefined && isUnready(pods))
  );
}
