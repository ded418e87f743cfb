import { Link } from '@backstage/core-components';
import { RelativeTime } from '@highroad/plugin-platform-react';
import { howOften, Rotation } from '@highroad/plugin-secrets-common';
import DueIcon from '@mui/icons-material/AutorenewOutlined';
import OverdueIcon from '@mui/icons-material/RunningWithErrorsOutlined';
import Typography from '@mui/material/Typography';
import { runbookLink } from '../runbooks';

/** As it is counted for Prometheus, too. */
const SOON_MS = 86_400_000;

/** How often a key is replaced, when next, and what keeps it from being. */
export function RotationLine({ rotation }: { rotation: Rotation }) {
  const { dueAt, overdue, problem, waiting } = rotation;
  const Icon = overdue ? OverdueIcon : DueIcon;
  const isSoon = Date.parse(dueAt) - Date.now() < SOON_MS;
  const next = isSoon ? 'due' : 'next';
  const standing = overdue ? 'overdue, was due' : next;
  const until = waiting ? 'waits until it is put back, ' : '';
  return (
    <Typography
      component="div"
      variant="caption"
      color={overdue ? 'error' : 'text.secondary'}
      sx={{ display: 'flex', alignItems: 'center', gap: 0.5 }}
    >
      <Icon sx={{ fontSize: 14 }} aria-hidden />
      <span>
        {`replaced ${howOften(rotation)}, ${until}${standing} `}
        <RelativeTime time={dueAt} />
        {problem && (
          <>
            : {problem}{' '}
            <Link to={runbookLink('secret-not-replaced')} underline="always">
              What to do about it
            </Link>
          </>
        )}
      </span>
    </Typography>
  );
}
