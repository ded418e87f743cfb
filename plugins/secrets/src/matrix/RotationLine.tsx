import { Link } from '@backstage/core-components';
import { RelativeTime } from '@highroad/plugin-platform-react';
import { Rotation } from '@highroad/plugin-secrets-common';
import DueIcon from '@mui/icons-material/AutorenewOutlined';
import OverdueIcon from '@mui/icons-material/RunningWithErrorsOutlined';
import Typography from '@mui/material/Typography';
import { runbookLink } from '../runbooks';

/** When a key is replaced next, and what keeps it from being. */
export function RotationLine({ rotation }: { rotation: Rotation }) {
  const { dueAt, overdue, problem } = rotation;
  const Icon = overdue ? OverdueIcon : DueIcon;
  return (
    <Typography
      component="div"
      variant="caption"
      color={overdue ? 'error' : 'text.secondary'}
      sx={{ display: 'flex', alignItems: 'center', gap: 0.5 }}
    >
      <Icon sx={{ fontSize: 14 }} aria-hidden />
      <span>
        {overdue ? 'overdue, was to be replaced ' : 'replaced '}
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
