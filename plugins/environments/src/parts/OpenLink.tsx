import { Link } from '@backstage/core-components';

/** Where an environment answers, without what says nothing. Opens beside the portal. */
export function OpenLink({ url }: { url: string }) {
  return (
    <Link
      to={url}
      target="_blank"
      rel="noopener noreferrer"
      underline="hover"
      style={{ overflowWrap: 'anywhere' }}
    >
      {url.replace(/^https?:\/\//, '').replace(/\/$/, '')}
    </Link>
  );
}
