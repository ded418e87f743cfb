import {
  DEFAULT_DEPTH,
  dependencyQuerySchema,
  DependencyQuery,
} from '@highroad/plugin-catalog-platform-common';
import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router-dom';

const defaults: DependencyQuery = {
  direction: 'dependents',
  depth: DEFAULT_DEPTH,
  lifecycle: [],
};

/** Reads each part of the address by itself, so that one bad part does not undo the others. */
function read(params: URLSearchParams): DependencyQuery {
  const { shape } = dependencyQuerySchema;
  const direction = shape.direction.safeParse(
    params.get('direction') ?? undefined,
  );
  const depth = shape.depth.safeParse(
    Number(params.get('depth') ?? defaults.depth),
  );
  const lifecycle = shape.lifecycle.safeParse(params.getAll('lifecycle'));
  return {
    direction: direction.success ? direction.data : defaults.direction,
    depth: depth.success ? depth.data : defaults.depth,
    lifecycle: lifecycle.success ? lifecycle.data : defaults.lifecycle,
  };
}

/** The question being asked, kept in the address so that it can be shared and gone back to. */
export function useDependencyFilter() {
  const [params, setParams] = useSearchParams();
  const filter = useMemo(() => read(params), [params]);
  const change = useCallback(
    (part: Partial<DependencyQuery>) => {
      setParams(
        before => {
          const next = new URLSearchParams(before);
          const { direction, depth, lifecycle } = { ...read(before), ...part };
          ['direction', 'depth', 'lifecycle'].forEach(key => next.delete(key));
          if (direction !== defaults.direction) {
            next.set('direction', direction);
          }
          if (depth !== defaults.depth) {
            next.set('depth', String(depth));
          }
          lifecycle.forEach(value => next.append('lifecycle', value));
          return next;
        },
        { replace: true },
      );
    },
    [setParams],
  );
  return { filter, change };
}
