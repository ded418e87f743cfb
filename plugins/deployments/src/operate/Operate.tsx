import { Failure, Waiting } from '@highroad/plugin-platform-react';
import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import { useState } from 'react';
import { DeployButton } from '../ask/DeployButton';
import { RollbackDialog } from '../ask/RollbackDialog';
import { useRights } from '../ask/useRights';
import { Place } from '../board/board';
import { Lost } from '../parts/Lost';
import { RUNBOOK } from '../runbooks';
import { DiagnosisVerdict } from './DiagnosisVerdict';
import { Evidence } from './Evidence';
import { useDiagnosis } from './useDiagnosis';

/** How a service is doing in an environment, why, and the way back. */
export function Operate({ place, name }: { place: Place; name: string }) {
  const { service, environment, running, latest } = place;
  const {
    value: diagnosis,
    error,
    heardAt,
    retry,
  } = useDiagnosis(service, environment);
  const rights = useRights(service);
  const [asking, setAsking] = useState(false);
  const wasThere = running || latest;
  const actions = (
    <Stack direction="row" spacing={1} useFlexGap flexWrap="wrap">
      {rights.create && <DeployButton {...{ service, environment }} />}
      {wasThere && rights.rollback && (
        <Button size="small" variant="outlined" onClick={() => setAsking(true)}>
          Roll back…
        </Button>
      )}
    </Stack>
  );
  return (
    <Stack spacing={3}>
      {/* The way back is there also where nothing can be found out. */}
      {actions}
      {!diagnosis && !error && (
        <Waiting label={`Looking at ${name} in ${environment}`} rows={6} />
      )}
      {!diagnosis && error && (
        <Failure
          what={`How ${name} is doing in ${environment} could not be found out`}
          error={error}
          unaffected="What runs keeps running, and can be rolled back."
          runbook={RUNBOOK.doesNotAnswer}
          onRetry={retry}
        />
      )}
      {diagnosis && (
        <>
          {error && heardAt && <Lost error={error} heardAt={heardAt} />}
          <DiagnosisVerdict diagnosis={diagnosis} />
          <Evidence diagnosis={diagnosis} />
        </>
      )}
      {asking && (
        <RollbackDialog
          {...{ service, environment }}
          onClose={() => setAsking(false)}
        />
      )}
    </Stack>
  );
}
