import { RelativeTime } from '@highroad/plugin-platform-react';
import {
  MissingKey,
  Rotation,
  Secret,
  whyMissing,
} from '@highroad/plugin-secrets-common';
import MoreIcon from '@mui/icons-material/MoreHoriz';
import BehindIcon from '@mui/icons-material/SyncProblemOutlined';
import DiffersIcon from '@mui/icons-material/CompareArrowsOutlined';
import DeletedIcon from '@mui/icons-material/DeleteOutlined';
import NeededIcon from '@mui/icons-material/ErrorOutlineOutlined';
import MissingIcon from '@mui/icons-material/RemoveCircleOutline';
import UnseenIcon from '@mui/icons-material/VisibilityOffOutlined';
import SetIcon from '@mui/icons-material/CheckCircleOutlined';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import IconButton from '@mui/material/IconButton';
import Menu from '@mui/material/Menu';
import MenuItem from '@mui/material/MenuItem';
import Typography from '@mui/material/Typography';
import { ReactNode, useState } from 'react';
import { Writer } from '../Writer';
import { Deed, May, Spot } from './KeyMatrix';
import { RotationLine } from './RotationLine';

/** How a key is doing in one environment, and what can be done with it there. */
export function KeyCell(props: {
  at: Spot;
  secret: Secret | undefined;
  rotation: Rotation | undefined;
  /** Where programs cannot start without it */
  missing: MissingKey | undefined;
  /** Whether the platform makes it with the first deployment there */
  provided: boolean;
  /** Whether Vault refuses to say anything of it */
  unseen: boolean;
  /** Programs that use it there, such as `Deployment cart` */
  users: string[];
  /** Environments on demand that are given it */
  lentTo: string[];
  /** Environments in which its value is another */
  differsFrom: string[];
  may: May;
  onChoose: (deed: Deed) => void;
}) {
  const { at, secret, rotation, missing, users, may, onChoose } = props;
  const { differsFrom, lentTo } = props;
  if (!secret && props.unseen) {
    return (
      <State icon={<UnseenIcon color="warning" aria-hidden />}>
        <Typography component="div" variant="body2">
          unknown: Vault refuses it
        </Typography>
      </State>
    );
  }
  if (!secret) {
    return (
      <State
        icon={
          missing ? (
            <NeededIcon color="error" aria-hidden />
          ) : (
            <MissingIcon color="disabled" aria-hidden />
          )
        }
      >
        <Box sx={{ minWidth: 0 }}>
          <Typography
            component="div"
            variant="body2"
            color={missing ? 'error' : 'text.secondary'}
          >
            {!missing && props.provided
              ? 'made with the first deployment'
              : 'missing'}
          </Typography>
          {missing && (
            <Typography
              component="div"
              variant="caption"
              color="text.secondary"
            >
              {whyMissing(missing)}
            </Typography>
          )}
        </Box>
        {may.set && (
          <Button
            size="small"
            aria-label={`Set ${at.key} in ${at.name}`}
            onClick={() => onChoose({ kind: 'set', at })}
          >
            Set…
          </Button>
        )}
      </State>
    );
  }
  return (
    <State icon={<StateIcon secret={secret} />}>
      <Box sx={{ minWidth: 0 }}>
        <Typography component="div" variant="body2">
          {wordsOf(secret)}
        </Typography>
        <LastChange secret={secret} />
        {secret.leftOut && (
          <Typography component="div" variant="caption" color="text.secondary">
            {secret.leftOut}
          </Typography>
        )}
        {differsFrom.length > 0 && (
          <Typography
            component="div"
            variant="caption"
            sx={{ display: 'flex', alignItems: 'center', gap: 0.5 }}
          >
            <DiffersIcon sx={{ fontSize: 14 }} aria-hidden />
            <span>differs from {differsFrom.join(', ')}</span>
          </Typography>
        )}
        {users.length > 0 && (
          <Typography component="div" variant="caption" color="text.secondary">
            used by {users.join(', ')}
          </Typography>
        )}
        {lentTo.length > 0 && (
          <Typography component="div" variant="caption" color="text.secondary">
            lent to {someOf(lentTo)}
          </Typography>
        )}
        {missing && (
          <Typography component="div" variant="caption" color="error">
            {whyMissing(missing)}
          </Typography>
        )}
        {rotation && <RotationLine rotation={rotation} />}
      </Box>
      <Deeds {...props} secret={secret} />
    </State>
  );
}

/** When it was set or deleted last, and by whom. */
function LastChange({ secret }: { secret: Secret }) {
  const isSet = secret.state === 'set';
  const time = isSet ? secret.updatedAt : secret.deletedAt;
  const who = isSet ? secret.updatedBy : secret.deletedBy;
  // Of what was destroyed in Vault nobody knows when.
  if (!time) return null;
  return (
    <Typography component="div" variant="caption" color="text.secondary">
      <RelativeTime time={time} />
      {who ? (
        <>
          {' by '}
          <Writer who={who} />
        </>
      ) : (
        ', straight in Vault'
      )}
    </Typography>
  );
}

/** How many of them are named. */
const NAMED = 3;

function someOf(names: string[]): string {
  const left = names.length - NAMED;
  const named = names.slice(0, NAMED).join(', ');
  return left > 0 ? `${named} and ${left} more` : named;
}

function wordsOf({ state, version, sync }: Secret): string {
  if (state === 'deleted') {
    // Programs may still have it.
    return sync === 'behind' ? 'deleted, still in the cluster' : 'deleted';
  }
  if (sync === 'behind') return `version ${version}, not in the cluster yet`;
  if (sync === 'waiting') return `version ${version}, does not run there yet`;
  if (sync === 'left') return `version ${version}, brought nowhere any more`;
  return `version ${version}`;
}

function StateIcon({ secret }: { secret: Secret }) {
  const { state, sync } = secret;
  if (sync === 'behind') return <BehindIcon color="warning" aria-hidden />;
  if (state === 'deleted') return <DeletedIcon color="disabled" aria-hidden />;
  return <SetIcon color="success" aria-hidden />;
}

function State({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <Box
      sx={{
        ...{ display: 'flex', alignItems: 'center', gap: 1 },
        '& > svg': { fontSize: 18 },
      }}
    >
      {icon}
      {children}
    </Box>
  );
}

/** What is done with a key where it is. */
type AtSpot = Extract<Deed, { at: Spot }>['kind'] | 'set';

function Deeds(props: {
  at: Spot;
  secret: Secret;
  may: May;
  onChoose: (deed: Deed) => void;
}) {
  const { at, secret, may, onChoose } = props;
  const [anchor, setAnchor] = useState<HTMLElement>();
  const isSet = secret.state === 'set';
  const deeds: Array<[AtSpot, string, boolean]> = [
    ['set', 'Set another value…', may.set],
    ['reveal', 'Reveal…', isSet && may.reveal(at.production)],
    ['history', 'History…', true],
    ['rotate', 'Rotate…', isSet && may.set],
    ['delete', 'Delete…', isSet && may.set],
    ['undelete', 'Put back…', !isSet && may.set],
  ];
  const name = `${at.key} in ${at.name}`;
  return (
    <>
      <IconButton
        size="small"
        aria-label={`What to do with ${name}`}
        aria-haspopup="menu"
        onClick={event => setAnchor(event.currentTarget)}
      >
        <MoreIcon fontSize="small" />
      </IconButton>
      <Menu
        open={Boolean(anchor)}
        anchorEl={anchor}
        onClose={() => setAnchor(undefined)}
        MenuListProps={{ 'aria-label': name }}
      >
        {deeds
          .filter(([, , offered]) => offered)
          .map(([kind, label]) => (
            <MenuItem
              key={kind}
              onClick={() => {
                setAnchor(undefined);
                onChoose({ kind, at });
              }}
            >
              {label}
            </MenuItem>
          ))}
      </Menu>
    </>
  );
}
