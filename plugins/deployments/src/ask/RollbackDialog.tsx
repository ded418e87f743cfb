import { useApi } from '@backstage/core-plugin-api';
import {
  Deployment,
  hasEnded,
  RollbackTargets,
} from '@highroad/plugin-deployments-common';
import {
  Failure,
  RelativeTime,
  Waiting,
} from '@highroad/plugin-platform-react';
import FormControl from '@mui/material/FormControl';
import FormControlLabel from '@mui/material/FormControlLabel';
import FormLabel from '@mui/material/FormLabel';
import Radio from '@mui/material/Radio';
import RadioGroup from '@mui/material/RadioGroup';
import { useState } from 'react';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import { deploymentsApiRef } from '../api';
import { RUNBOOK } from '../runbooks';
import { serviceName, shortVersion } from '../words/short';
import { AskDialog } from './AskDialog';
import { ReasonField } from './ReasonField';
import { useGoTo } from './useGoTo';

/** Asks which earlier version to put back; what the platform proposes is chosen already. */
export function RollbackDialog(props: {
  service: string;
  environment: string;
  /** What to put back, where it is chosen already */
  to?: Deployment;
  onClose: () => void;
}) {
  const { service, environment, to, onClose } = props;
  const api = useApi(deploymentsApiRef);
  const goTo = useGoTo();
  const [reason, setReason] = useState('');
  const [chosen, setChosen] = useState<string>();
  const { value, error, loading, retry } = useAsyncRetry(
    () => api.rollbackTargets({ service, environment, to: to?.id }),
    [api, service, environment, to?.id],
  );
  const target =
    value?.offered.find(({ id }) => id === chosen) ?? value?.proposed;
  return (
    <AskDialog
      title={`Roll back ${serviceName(service)} in ${environment}`}
      grave
      submit={target ? `Put ${shortVersion(target.version)} back` : 'Put back'}
      obstacle={target ? undefined : obstacleOf(value, error)}
      hopeless={value?.offered.length === 0 ? value.why : undefined}
      effect={value && target && effectOf(value, target.version, environment)}
      ask={async () => {
        const { deployment } = await api.rollback({
          ...{ service, environment, to: target?.id },
          reason: reason || undefined,
        });
        return deployment;
      }}
      onDone={goTo}
      onClose={onClose}
    >
      {loading && !value && (
        <Waiting label="Reading what ran before" rows={2} />
      )}
      {error && (
        <Failure
          what="What ran before could not be read"
          error={error}
          runbook={RUNBOOK.doesNotAnswer}
          onRetry={retry}
        />
      )}
      {value && value.offered.length > 0 && (
        <FormControl>
          <FormLabel sx={{ fontSize: 13 }}>Put back</FormLabel>
          <RadioGroup
            value={target?.id ?? ''}
            onChange={event => setChosen(event.target.value)}
          >
            {value.offered.map(one => (
              <FormControlLabel
                key={one.id}
                value={one.id}
                control={<Radio size="small" />}
                label={
                  <span title={one.version}>
                    {shortVersion(one.version)}, deployed{' '}
                    <RelativeTime time={one.endedAt ?? one.requestedAt} />
                    {one.undoneBy && ', was rolled back'}
                  </span>
                }
              />
            ))}
          </RadioGroup>
        </FormControl>
      )}
      {target && <ReasonField value={reason} onChange={setReason} />}
    </AskDialog>
  );
}

function obstacleOf(
  value: RollbackTargets | undefined,
  error: Error | undefined,
): string | undefined {
  if (error) return 'It is not known what could be put back.';
  if (!value) return 'Reading what ran before.';
  return `${value.why ?? ''} Choose what to put back.`.trim();
}

function effectOf(
  { undone }: RollbackTargets,
  version: string,
  environment: string,
): string {
  const said = `${shortVersion(version)} takes the place of ${
    undone ? shortVersion(undone.version) : 'what is there'
  } in ${environment}, from what was kept of it: neither the Git host nor a build is needed. What was changed by hand there goes back to it too.`;
  return undone && !hasEnded(undone.state)
    ? `${said} The deployment under way is stopped.`
    : said;
}
