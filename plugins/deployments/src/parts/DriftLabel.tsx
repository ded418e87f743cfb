import { Link } from '@backstage/core-components';
import { Drift } from '@highroad/plugin-deployments-common';
import ChangedIcon from '@mui/icons-material/EditNoteOutlined';
import UnknownIcon from '@mui/icons-material/HelpOutlineOutlined';
import Box from '@mui/material/Box';
import { useOperateLink } from './useOperateLink';

/** That what runs was changed by hand, or that it is not known, with the way to what differs. Nothing where it is as it was deployed. */
export function DriftLabel(props: {
  drift: Pick<Drift, 'state' | 'summary'> | undefined;
  service: string;
  environment: string;
}) {
  const { drift, service, environment } = props;
  const link = useOperateLink(service, environment);
  if (!drift || drift.state === 'same') return null;
  const differs = drift.state === 'differs';
  const words = differs ? 'changed by hand' : 'not known if changed';
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
      {link ? <Link to={link}>{words}</Link> : words}
    </Box>
  );
}
