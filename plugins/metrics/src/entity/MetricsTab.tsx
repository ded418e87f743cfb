import { stringifyEntityRef } from '@backstage/catalog-model';
import { useEntity } from '@backstage/plugin-catalog-react';
import { Delivery } from '../delivery/Delivery';
import { useView } from '../view/useView';
import { ViewFilters } from '../view/ViewFilters';

/** How delivery of the service that the page is about is doing. */
export function MetricsTab() {
  const { entity } = useEntity();
  const { view, change } = useView();
  const own = { ...view, slice: stringifyEntityRef(entity) };
  return (
    <>
      <ViewFilters view={own} change={change} fixed />
      <Delivery view={own} change={change} one />
    </>
  );
}
