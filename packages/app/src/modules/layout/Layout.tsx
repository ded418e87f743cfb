import {
  BreadcrumbEntry,
  PageLayoutProps,
  useBreadcrumbEntries,
} from '@backstage/frontend-plugin-api';
import { PluginHeader } from '@backstage/ui';
import { useResolvedPath } from 'react-router-dom';
import { useNamedBreadcrumbs } from './useNamedBreadcrumbs';

/** The frame of each page, as the app's own draws it, but with breadcrumbs that a person can read. */
export function Layout(props: PageLayoutProps) {
  const { title, icon, noHeader, titleLink, headerActions, tabs, children } =
    props;
  const parentPath = useResolvedPath('.').pathname.replace(/\/$/, '');
  const { items } = useBreadcrumbEntries();
  const breadcrumbs = useNamedBreadcrumbs(items);
  if (noHeader) return <>{children}</>;

  const content = (
    <>
      <PluginHeader
        title={title}
        icon={icon}
        titleLink={titleLink}
        breadcrumbs={breadcrumbs}
        tabs={tabs?.map(tab => ({
          ...tab,
          href: tab.href.startsWith('/')
            ? tab.href
            : `${parentPath}/${tab.href}`.replace(/\/{2,}/g, '/'),
          matchStrategy: 'prefix' as const,
        }))}
        customActions={headerActions}
      />
      {children}
    </>
  );
  if (!title) return content;
  return (
    <BreadcrumbEntry
      entry={{ label: title, href: titleLink ?? (parentPath || '/') }}
    >
      {content}
    </BreadcrumbEntry>
  );
}
