import { useApi, useApiHolder } from '@backstage/core-plugin-api';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { scaffolderApiRef } from '@backstage/plugin-scaffolder-react';
import { useLocation } from 'react-router-dom';
import useAsync from 'react-use/lib/useAsync';

const TEMPLATE = /^\/create\/templates\/([^/]+)\/([^/]+)$/;
const CREATION = /^\/create\/tasks\/([^/]+)$/;

/** Puts names where pages of templates and creations have ids. */
export function useNamedBreadcrumbs<T extends { label: string }>(
  items: T[],
): T[] {
  const { pathname } = useLocation();
  const catalog = useApi(catalogApiRef);
  const apis = useApiHolder();
  const [, namespace, template] = TEMPLATE.exec(pathname) ?? [];
  const [, creation] = CREATION.exec(pathname) ?? [];

  const { value } = useAsync(async () => {
    if (template) {
      const found = await catalog.getEntityByRef(
        `template:${namespace}/${template}`,
      );
      return found?.metadata.title;
    }
    if (!creation) return undefined;
    const task = await apis.get(scaffolderApiRef)?.getTask(creation);
    const name = task?.spec.parameters.name;
    return typeof name === 'string' ? name : undefined;
  }, [catalog, apis, namespace, template, creation]);

  const id = template ?? creation;
  // What cannot be asked is not worth an error beside the page, which says it.
  const name = value ?? (creation ? 'Creation' : undefined);
  return items.map(item =>
    id && name && item.label === id ? { ...item, label: name } : item,
  );
}
