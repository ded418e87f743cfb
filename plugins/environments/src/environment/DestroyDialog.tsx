import { useApi } from '@backstage/core-plugin-api';
import { EnvironmentDetail } from '@highroad/plugin-environments-common';
import TextField from '@mui/material/TextField';
import { useState } from 'react';
import { environmentsApiRef } from '../api';
import { AskDialog } from '../parts/AskDialog';

/** Ends it. What was in its databases cannot be brought back, so where there are any its name is asked for. */
export function DestroyDialog(props: {
  environment: EnvironmentDetail;
  onClose: () => void;
  onDone: () => void;
}) {
  const { environment, onClose, onDone } = props;
  const { name, home } = environment;
  const api = useApi(environmentsApiRef);
  const [typed, setTyped] = useState('');
  const mustType = environment.status.databases.length > 0;
  return (
    <AskDialog
      title={`Destroy ${name}`}
      submit={`Destroy ${name}`}
      grave
      effect={effectOf(environment)}
      obstacle={
        mustType && typed !== name ? 'Type its name to go on.' : undefined
      }
      ask={() => api.delete({ name, home })}
      onDone={onDone}
      onClose={onClose}
    >
      {mustType && (
        <TextField
          label={`Its name, ${name}`}
          value={typed}
          onChange={event => setTyped(event.target.value)}
        />
      )}
    </AskDialog>
  );
}

/** What is gone afterwards, by name. */
function effectOf({ name, namespace, status }: EnvironmentDetail): string {
  const databases = status.databases.map(one => one.name);
  const parts = [
    `namespace ${namespace ?? `of ${name}`} with all that runs in it`,
    ...(databases.length > 0
      ? [
          `database${databases.length > 1 ? 's' : ''} ${databases.join(
            ' and ',
          )} with all that is in ${databases.length > 1 ? 'them' : 'it'}`,
        ]
      : []),
  ];
  return `Destroys ${parts.join(', and ')}. It cannot be undone${
    databases.length > 0
      ? '; a new environment begins with the seed again.'
      : '; a new one can be made from the same manifest.'
  }`;
}
