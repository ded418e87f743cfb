import { Link } from '@backstage/core-components';
import { SecretSync } from '@highroad/plugin-secrets-common';
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import { runbookLink } from '../runbooks';

/** What was done, and how far it has come: where programs have it, where not yet, and why. */
export function Arrival(props: {
  text: string;
  /** Clusters, and environments on demand that are lent it, as they stood when it was answered */
  sync: SecretSync[];
  onClose: () => void;
}) {
  const { text, sync, onClose } = props;
  const isBehind = sync.some(({ state }) => state === 'behind');
  return (
    <Alert severity={isBehind ? 'warning' : 'success'} onClose={onClose}>
      {text}
      {sync.length > 0 && (
        <Box
          component="ul"
          aria-label="How far it has come"
          sx={{ m: 0, mt: 0.5, pl: 2.5 }}
        >
          {sync.map(one => (
            <li key={`${one.environment} ${one.cluster} ${one.secret}`}>
              {wordsOf(one)}
              {one.restartAt && (
                <>
                  {' '}
                  What uses it is restarted at <Clock time={one.restartAt} />.
                </>
              )}
              {one.state === 'behind' && (
                <>
                  {' '}
                  <Link to={runbookLink('secrets-behind')} underline="always">
                    What to do about it
                  </Link>
                </>
              )}
            </li>
          ))}
        </Box>
      )}
    </Alert>
  );
}

/** Seconds matter here, which relative times leave out. */
function Clock({ time }: { time: string }) {
  const at = new Date(time);
  return (
    <time dateTime={time} title={at.toString()}>
      {at.toLocaleTimeString()}
    </time>
  );
}

function wordsOf({ state, environment, namespace, message }: SecretSync) {
  switch (state) {
    case 'synced':
      return `${environment} is up to date${namespace && `, in ${namespace}`}.`;
    case 'behind':
      return `${environment} is not up to date yet: ${message}`;
    default:
      return `${environment}: ${message}`;
  }
}
