import { useApi } from '@backstage/core-plugin-api';
import {
  durationWords,
  EnvironmentDetail,
} from '@highroad/plugin-environments-common';
import { environmentsApiRef } from '../api';
import { AskDialog } from '../parts/AskDialog';
import { useNow } from '../parts/useNow';

/** Has the time of one that was kept count again, after saying when it ends then. */
export function UnkeepDialog(props: {
  environment: EnvironmentDetail;
  onClose: () => void;
  onDone: () => void;
}) {
  const { environment, onClose, onDone } = props;
  const { name, home, endsIfNotKept, status } = environment;
  const api = useApi(environmentsApiRef);
  const now = useNow();
  const databases = status.databases.map(one => one.name);
  return (
    <AskDialog
      title={`Let the time of ${name} count again`}
      submit="Let its time count"
      obstacle={
        endsIfNotKept
          ? undefined
          : 'Its manifest says keep: true. Take it out there.'
      }
      effect={
        endsIfNotKept
          ? `It ends ${new Date(
              endsIfNotKept,
            ).toLocaleString()}, in ${durationWords(
              Date.parse(endsIfNotKept) - now,
            )}, with all that runs in it${
              databases.length > 0
                ? ` and all that is in ${databases.join(' and ')}`
                : ''
            }. It can be extended until then.`
          : 'It stays until somebody ends it.'
      }
      ask={() => api.keep({ name, home, keep: false })}
      onDone={onDone}
      onClose={onClose}
    />
  );
}
