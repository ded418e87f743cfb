import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import {
  entityRouteParams,
  entityRouteRef,
} from '@backstage/plugin-catalog-react';
import { Environment } from '@highroad/plugin-environments-common';
import { previewsText } from './previews';

/** How many previews a service is in, with the way to them; nothing where it is in none. */
export function PreviewsCell(props: {
  service: string;
  previews: Environment[] | undefined;
}) {
  const { service, previews = [] } = props;
  const link = useRouteRef(entityRouteRef);
  if (previews.length === 0) return null;
  const words = previewsText(previews);
  const page = link?.(entityRouteParams(service));
  return page ? <Link to={`${page}/environments`}>{words}</Link> : <>{words}</>;
}
