import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import {
  entityRouteParams,
  entityRouteRef,
} from '@backstage/plugin-catalog-react';
import { Drift } from '@highroad/plugin-deployments-common';
import ChangedIcon from '@mui/icons-material/EditNoteOutlined';
import UnknownIcon from '@mui/icons-material/HelpOutlineOutlined';
import Box from '@mui/material/Box';

/** That what runs was changed by hand, or that it is not known, with the way to what differs. Nothing where it is as it was deployed. */
export function DriftLabel(props: {
  drift: Drift | undefined;
  service: string;
  environment: string;
}) {
  const { drift, service, environment } = props;
  const link = useRouteRef(entityRouteRef);
  if (!drift || drift.state === 'same') return null;
  const differs = drift.state === 'differs';
  const words = differs ? 'changed by hand' : 'not known if changed';
  const page = link?.(entityRouteParams(service));
  return (
    <Box
      component="span"
      title={drift.summary}
      sx={{
        display: 'inline-flex',
        gap: 0.5,
        alignItems: 'center',
        whiteSpace: 'nowrap',
        color: differs ? 'text.primary' : 'text.secondary',
        '& svg': { fontSize: 18 },
      }}
    >
      {differs ? (
        <ChangedIcon color="warning" fontSize="inherit" aria-hidden />
      ) : (
        <UnknownIcon color="action" fontSize="inherit" aria-hidden />
      )}
      {page ? (
        <Link to={`${page}/operate?env=${encodeURIComponent(environment)}`}>
          {words}
        </Link>
      ) : (
        words
      )}
    </Box>
  );
}
