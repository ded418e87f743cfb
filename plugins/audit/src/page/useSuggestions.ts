import {
  environmentsOf,
  LedgerRecord,
  whatText,
} from '@highroad/plugin-audit-common';
import { useEffect, useState } from 'react';

/** More than this many are no help to choose from. */
const MOST = 200;

/** What can be looked for, as it is typed, with what it is in words where these differ. */
export type Suggestions = Record<
  'service' | 'environment' | 'actor' | 'event',
  ReadonlyMap<string, string>
>;

const NONE: Suggestions = {
  service: new Map(),
  environment: new Map(),
  actor: new Map(),
  event: new Map(),
};

/** What has been listed while the page is open: nobody has to know the names that records use. */
export function useSuggestions(items: LedgerRecord[] | undefined): Suggestions {
  const [seen, setSeen] = useState(NONE);
  useEffect(() => {
    if (items) setSeen(before => withThoseOf(items, before));
  }, [items]);
  return seen;
}

function withThoseOf(items: LedgerRecord[], before: Suggestions): Suggestions {
  const more = (
    name: keyof Suggestions,
    read: (record: LedgerRecord) => [value: string | undefined, words: string],
    among = items,
  ) => {
    const all = new Map(before[name]);
    for (const item of among) {
      const [value, words] = read(item);
      if (value && !all.has(value) && all.size < MOST) all.set(value, words);
    }
    return all.size === before[name].size ? before[name] : all;
  };
  return {
    service: more('service', ({ service }) => [
      service?.replace(/^component:default\//, ''),
      '',
    ]),
    environment: more(
      'environment',
      one => [one.environment, ''],
      items.flatMap(one =>
        environmentsOf(one).map(environment => ({ ...one, environment })),
      ),
    ),
    actor: more('actor', ({ actor }) => [typedActor(actor), '']),
    event: more('event', one => [`${one.plugin}.${one.event}`, whatText(one)]),
  };
}

function typedActor(actor: LedgerRecord['actor']): string | undefined {
  if (actor.kind === 'none') return undefined;
  return actor.kind === 'service' && !actor.ref.startsWith('plugin:')
    ? `token:${actor.ref}`
    : actor.ref.replace(/^user:default\//, '');
}
