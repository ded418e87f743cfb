import { Environment } from '@highroad/plugin-environments-common';
import { useMemo } from 'react';
import { rowsOf, ShownPlace } from './board';
import { useOwners, withMore } from './useOwners';

/**
 * The rows of the matrix: services that were deployed, and those of the catalog that are in previews only. Anything may be
 * called a service in a preview.
 *
 * @returns with what is known of the services; `problem` where that cannot be found out, `loading` while it is, and
 * `previewsAwaited` while it is for previews
 */
export function useRows(
  places: ShownPlace[],
  previews: Map<string, Environment[]>,
) {
  const deployed = useMemo(
    () => [...new Set(places.map(({ service }) => service))].sort(),
    [places],
  );
  const previewed = useMemo(
    () => [...previews.keys()].filter(one => !deployed.includes(one)).sort(),
    [previews, deployed],
  );
  // Apart, so that nothing is asked again of all the others when previews are known.
  const of = useOwners(deployed);
  const more = useOwners(previewed);
  const known = useMemo(
    () => of.value && withMore(of.value, more.value),
    [of.value, more.value],
  );
  const rows = useMemo(
    () => rowsOf(places, more.value?.found),
    [places, more.value],
  );
  return {
    ...{ rows, known, problem: of.error, loading: of.loading },
    previewsAwaited: more.loading,
  };
}
