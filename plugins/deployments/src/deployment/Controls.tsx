import { identityApiRef, useApi } from '@backstage/core-plugin-api';
import {
  DeploymentDetail,
  hasEnded,
  Steering,
} from '@highroad/plugin-deployments-common';
import { Failure } from '@highroad/plugin-platform-react';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import { useEffect, useState } from 'react';
import useAsync from 'react-use/esm/useAsync';
import useAsyncFn from 'react-use/esm/useAsyncFn';
import { deploymentsApiRef } from '../api';
import { DeployButton } from '../ask/DeployButton';
import { RollbackDialog } from '../ask/RollbackDialog';
import { useRights } from '../ask/useRights';
import { Place } from '../board/board';
import { RUNBOOK } from '../runbooks';
import { ConfirmDialog } from './ConfirmDialog';
import { Control, controlsOf } from './controlsOf';

const LABELS: Record<Exclude<Control, 'try-again'>, string> = {
  approve: 'Approve…',
  pause: 'Pause',
  'go-on': 'Go on',
  'shift-all': 'Shift all traffic now',
  skip: 'Skip this step',
  abort: 'Abort…',
  cancel: 'Cancel…',
  'roll-back': 'Roll back…',
  'put-back': 'Put this version back…',
};

/** What is done at once, without asking anything. */
const STEERED: Partial<Record<Control, Steering>> = {
  pause: 'pause',
  'go-on': 'promote',
  'shift-all': 'promote-full',
  skip: 'skip',
};

/** What the reader may do about it now. */
export function Controls(props: {
  deployment: DeploymentDetail;
  current?: Place;
}) {
  const { deployment, current } = props;
  const { id, service, environment, progress, revision } = deployment;
  const api = useApi(deploymentsApiRef);
  const identity = useApi(identityApiRef);
  const rights = useRights(service);
  const { value: self } = useAsync(
    async () => (await identity.getBackstageIdentity()).userEntityRef,
    [identity],
  );
  const [asking, setAsking] = useState<Control>();
  const [asked, setAsked] = useState(false);
  const step = progress?.step;
  useEffect(() => setAsked(false), [revision]);
  const [steering, steer] = useAsyncFn(
    async (action: Steering) => {
      const isOfStep = action === 'promote' || action === 'skip';
      await api.steer({ id, action, ...(isOfStep && { step }) });
      setAsked(true);
    },
    [api, id, step],
  );
  const offered = controlsOf(deployment, { rights, current, self });

  const press = (control: Control) => {
    const action = STEERED[control];
    if (action) steer(action);
    else setAsking(control);
  };
  const close = () => setAsking(undefined);
  if (rights.loading) return <Box sx={{ height: 31 }} />;
  return (
    <Box component="section" aria-label="What you can do">
      <Stack direction="row" spacing={1} useFlexGap flexWrap="wrap">
        {offered.map(control =>
          control === 'try-again' ? (
            <DeployButton
              key={control}
              label="Try again"
              {...{ service, environment, version: deployment.version }}
            />
          ) : (
            <Button
              key={control}
              size="small"
              variant={control === 'approve' ? 'contained' : 'outlined'}
              disabled={steering.loading}
              onClick={() => press(control)}
            >
              {LABELS[control]}
            </Button>
          ),
        )}
      </Stack>
      {!rights.create && !rights.rollback && (
        <Box sx={{ fontSize: 13, color: 'text.secondary' }}>
          You may look; who owns the service may change this.
        </Box>
      )}
      <Box role="status" sx={{ fontSize: 13, color: 'text.secondary' }}>
        {asked &&
          !hasEnded(deployment.state) &&
          'Asked for. It takes effect in a moment.'}
      </Box>
      {steering.error && (
        <Failure
          what="That was not done"
          error={steering.error}
          unaffected="It goes on as before."
          runbook={RUNBOOK.failed}
        />
      )}
      {(asking === 'roll-back' || asking === 'put-back') && (
        <RollbackDialog
          {...{ service, environment }}
          to={asking === 'put-back' ? deployment : undefined}
          onClose={close}
        />
      )}
      {(asking === 'approve' || asking === 'cancel' || asking === 'abort') && (
        <ConfirmDialog
          deployment={deployment}
          control={asking}
          onClose={close}
        />
      )}
    </Box>
  );
}
