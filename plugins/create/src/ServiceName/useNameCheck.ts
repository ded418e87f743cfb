import { useApi } from '@backstage/core-plugin-api';
import { explainServiceName, NameCheck } from '@highroad/plugin-create-common';
import { useEffect, useState } from 'react';
import { createClientApiRef } from '../api';

/** What is known about a name while it is typed. */
export type NameState =
  | { kind: 'untouched' }
  | { kind: 'checking' }
  | { kind: 'available' }
  | { kind: 'refused'; problem: string }
  /** The portal could not say; the name is checked again soon, and when the service is created. */
  | { kind: 'unknown'; reason: string };

const PAUSE_MS = 300;
const RETRY_MS = 3000;

/** Checks the form of a name at once, and asks the catalog and the Git host after a pause in typing. */
export function useNameCheck(
  name: string,
  where: { gitHost?: string; gitOwner?: string; owner?: string },
): NameState {
  const client = useApi(createClientApiRef);
  const [state, setState] = useState<NameState>({ kind: 'untouched' });
  const { gitHost, gitOwner, owner } = where;

  useEffect(() => {
    if (name === '') {
      setState({ kind: 'untouched' });
      return undefined;
    }
    const malformed = explainServiceName(name);
    if (malformed) {
      setState({ kind: 'refused', problem: malformed });
      return undefined;
    }

    let current = true;
    setState({ kind: 'checking' });
    let timer = setTimeout(ask, PAUSE_MS);
    async function ask() {
      try {
        const check = await client.checkName(name, {
          gitHost,
          gitOwner,
          owner,
        });
        if (!current) return;
        setState(stateOf(check));
      } catch (error) {
        if (!current) return;
        setState({ kind: 'unknown', reason: String(error) });
        timer = setTimeout(ask, RETRY_MS);
      }
    }
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [client, name, gitHost, gitOwner, owner]);

  return state;
}

function stateOf({ problem, field = 'name' }: NameCheck): NameState {
  if (!problem) return { kind: 'available' };
  // Where another answer is wrong, the name was not looked at.
  return field === 'name'
    ? { kind: 'refused', problem }
    : { kind: 'unknown', reason: problem };
}
