import { useCallback } from 'react';
import { useSearchParams } from 'react-router-dom';

export interface FindingsFilter {
  /** `mine` shows only what my teams own. */
  show: 'all' | 'mine';
  /** `error` leaves warnings out. */
  level: 'any' | 'error';
  /** Part of a name. */
  name: string;
}

/** What the page shows, kept in the address. */
export function useFindingsFilter() {
  const [params, setParams] = useSearchParams();
  const filter: FindingsFilter = {
    show: params.get('show') === 'mine' ? 'mine' : 'all',
    level: params.get('level') === 'error' ? 'error' : 'any',
    name: params.get('name') ?? '',
  };
  const change = useCallback(
    (part: Partial<FindingsFilter>) => {
      setParams(
        before => {
          const next = new URLSearchParams(before);
          for (const [key, value] of Object.entries(part)) {
            if (value === '' || value === 'all' || value === 'any') {
              next.delete(key);
            } else {
              next.set(key, value);
            }
          }
          return next;
        },
        { replace: true },
      );
    },
    [setParams],
  );
  return { filter, change };
}
