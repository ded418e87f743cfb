import { useApi } from '@backstage/core-plugin-api';
import {
  GuardrailId,
  guardrailIds,
  StandingEnvironment,
} from '@highroad/plugin-deployments-common';
import MenuItem from '@mui/material/MenuItem';
import TextField from '@mui/material/TextField';
import { useState } from 'react';
import { deploymentsApiRef } from '../api';
import { AskDialog } from '../ask/AskDialog';
import { EnvironmentField } from '../ask/EnvironmentField';
import { serviceName } from '../words/short';

const SHORTEST_REASON = 10;
const DAY_MS = 24 * 3_600_000;
const PROPOSED_DAYS = 30;

/** Asks which guardrail is lifted where, why, and until when. */
export function LiftDialog(props: {
  service: string;
  /** Those that the reader may do it in */
  environments: StandingEnvironment[];
  /** What is lifted again */
  again?: { guardrail: GuardrailId; environment: string; reason: string };
  onDone: () => void;
  onClose: () => void;
}) {
  const { service, environments, again, onDone, onClose } = props;
  const api = useApi(deploymentsApiRef);
  const [environment, setEnvironment] = useState(
    again?.environment ?? environments[0]?.name ?? '',
  );
  const [guardrail, setGuardrail] = useState(again?.guardrail ?? '');
  const [reason, setReason] = useState(again?.reason ?? '');
  const [until, setUntil] = useState(() =>
    new Date(Date.now() + PROPOSED_DAYS * DAY_MS).toISOString().slice(0, 10),
  );
  const chosen = guardrailIds.find(id => id === guardrail);
  const obstacle = [
    !chosen && 'Choose a guardrail.',
    reason.trim().length < SHORTEST_REASON &&
      'Say why it cannot be as the rule says.',
    !until && 'Say until when.',
  ].find(Boolean);
  return (
    <AskDialog
      title={`Lift a guardrail for ${serviceName(service)}`}
      submit={`Lift ${chosen ?? 'it'} in ${environment}`}
      obstacle={obstacle || undefined}
      effect="Deployments there pass although this rule is broken, to the end of that day (UTC). You stand in the records as who lifted it."
      ask={async () => {
        // There is an obstacle until one is chosen.
        if (!chosen) throw new Error('Choose a guardrail.');
        return api.addDeviation({
          ...{ service, environment, reason, until },
          guardrail: chosen,
        });
      }}
      onDone={onDone}
      onClose={onClose}
    >
      <TextField
        select
        label="Guardrail"
        helperText="As the refusal of the deployment names it"
        value={guardrail}
        onChange={event => setGuardrail(event.target.value)}
        fullWidth
      >
        {guardrailIds.map(id => (
          <MenuItem key={id} value={id}>
            {id}
          </MenuItem>
        ))}
      </TextField>
      <EnvironmentField
        value={environment}
        environments={environments}
        onChange={setEnvironment}
      />
      <TextField
        label="Why it cannot be as the rule says"
        value={reason}
        onChange={event => setReason(event.target.value)}
        inputProps={{ maxLength: 1000 }}
        multiline
        fullWidth
      />
      <TextField
        type="date"
        label="Last day"
        value={until}
        onChange={event => setUntil(event.target.value)}
        InputLabelProps={{ shrink: true }}
        fullWidth
      />
    </AskDialog>
  );
}
