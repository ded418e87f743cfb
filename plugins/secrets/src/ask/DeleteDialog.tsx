import { useApi } from '@backstage/core-plugin-api';
import Typography from '@mui/material/Typography';
import { secretsApiRef } from '../api';
import { Done, Spot } from '../matrix/KeyMatrix';
import { changesText } from '../words';
import { SecretDialog } from './SecretDialog';

/** Takes a key away from the programs, or puts it back. */
export function DeleteDialog(props: {
  service: string;
  at: Spot;
  /** As it is on the screen */
  version: number | undefined;
  /** It was deleted, and is put back */
  back: boolean;
  onDone: Done;
  onClose: () => void;
}) {
  const { service, at, version, back, onDone, onClose } = props;
  const { key, name: environment } = at;
  const api = useApi(secretsApiRef);
  const asked = { service, environment, key };
  return (
    <SecretDialog
      title={`${back ? 'Put back' : 'Delete'} ${key} in ${environment}`}
      submit={{
        label: `${back ? 'Put it back' : 'Delete it'} in ${environment}`,
        grave: !back,
      }}
      ask={async () => {
        const { changes, sync } = back
          ? await api.undelete(asked)
          : await api.delete({ ...asked, ifVersion: version });
        onDone(`${key}: ${changesText(changes)}`, sync);
      }}
      onClose={onClose}
    >
      <Typography>
        {back
          ? 'Its last value is there again, and programs that use it are restarted once.'
          : 'Programs that use it are restarted without it. It can be put back.'}
      </Typography>
    </SecretDialog>
  );
}
