import { useApi } from '@backstage/core-plugin-api';
import { Preview } from '@highroad/plugin-deployments-common';
import { useCallback, useEffect, useState } from 'react';
import { deploymentsApiRef } from '../api';

type Checks = Preview['checks'];

interface Known {
  /** Those that have begun, in their order */
  checks: Checks;
  /** What it comes to, once that is known */
  value?: Preview;
  error?: Error;
}

const NOTHING: Known = { checks: [] };

/** What would be brought where: a version, or with `from` exactly what runs in another environment. */
export interface AskedPreview {
  service: string;
  environment: string;
  version?: string;
  from?: string;
}

/** What deploying or promoting would come to, with its checks as they pass. */
export function usePreview(asked: AskedPreview): Known & { retry: () => void } {
  const { service, environment, version, from } = asked;
  const api = useApi(deploymentsApiRef);
  const [known, setKnown] = useState(NOTHING);
  const [round, setRound] = useState(0);
  const retry = useCallback(() => setRound(number => number + 1), []);
  useEffect(() => {
    const { signal, abort } = abortable();
    const change = (next: (last: Known) => Known) => {
      if (!signal.aborted) setKnown(next);
    };
    change(() => NOTHING);
    api
      .preview(
        { service, environment, version, from },
        check => change(({ checks }) => ({ checks: withCheck(checks, check) })),
        { signal },
      )
      .then(
        value => change(() => ({ checks: value.checks, value })),
        error => change(({ checks }) => ({ checks, error })),
      );
    return abort;
  }, [api, service, environment, version, from, round]);
  return { ...known, retry };
}

function abortable() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

/** What is known of a check stands in the place of what was known of it before. */
function withCheck(checks: Checks, check: Checks[number]): Checks {
  return checks.some(({ name }) => name === check.name)
    ? checks.map(one => (one.name === check.name ? check : one))
    : [...checks, check];
}
