import {
  Deviation,
  StandingEnvironment,
} from '@highroad/plugin-deployments-common';
import { Failure, Waiting } from '@highroad/plugin-platform-react';
import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import { Lost } from '../parts/Lost';
import { RUNBOOK } from '../runbooks';
import { DeviationTable } from './DeviationTable';
import { EndDialog } from './EndDialog';
import { latest } from './latest';
import { LiftDialog } from './LiftDialog';
import { useDeviationRights } from './useDeviationRights';
import { useDeviations } from './useDeviations';

type Asking =
  | { what: 'lift'; again?: Deviation }
  | { what: 'end'; one: Deviation };

/** Which guardrails are lifted for one service, and the way to lift one. */
export function ServiceDeviations(props: {
  service: string;
  /** Not known yet: nothing can be lifted then */
  environments: StandingEnvironment[] | undefined;
}) {
  const { service, environments = [] } = props;
  const { value, error, heardAt, retry } = useDeviations(service);
  const may = useDeviationRights(service);
  const [asking, setAsking] = useState<Asking>();
  const close = () => setAsking(undefined);
  const done = () => {
    close();
    retry();
  };
  if (!value) {
    return error ? (
      <Failure
        what="Which guardrails are lifted could not be read"
        error={error}
        unaffected="What is lifted stays lifted."
        runbook={RUNBOOK.doesNotAnswer}
        onRetry={retry}
      />
    ) : (
      <Waiting label="Reading which guardrails are lifted" rows={1} />
    );
  }
  const items = latest(value);
  const changeable = environments.filter(may);
  return (
    <Stack spacing={1} alignItems="flex-start">
      {error && heardAt && <Lost error={error} heardAt={heardAt} />}
      {items.length > 0 ? (
        <DeviationTable
          items={items}
          mayChange={name => changeable.some(one => one.name === name)}
          onEnd={one => setAsking({ what: 'end', one })}
          onRenew={again => setAsking({ what: 'lift', again })}
        />
      ) : (
        <Typography color="text.secondary" sx={{ fontSize: 14 }}>
          All guardrails hold. One that the service cannot hold can be lifted
          for a while, with a reason.
        </Typography>
      )}
      {changeable.length > 0 && (
        <Button
          size="small"
          variant="outlined"
          onClick={() => setAsking({ what: 'lift' })}
        >
          Lift a guardrail…
        </Button>
      )}
      {asking?.what === 'lift' && (
        <LiftDialog
          service={service}
          environments={changeable}
          again={asking.again}
          onDone={done}
          onClose={close}
        />
      )}
      {asking?.what === 'end' && (
        <EndDialog deviation={asking.one} onDone={done} onClose={close} />
      )}
    </Stack>
  );
}
