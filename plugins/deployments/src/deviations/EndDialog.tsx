import { useApi } from '@backstage/core-plugin-api';
import { Deviation } from '@highroad/plugin-deployments-common';
import { useState } from 'react';
import { deploymentsApiRef } from '../api';
import { AskDialog } from '../ask/AskDialog';
import { ReasonField } from '../ask/ReasonField';
import { serviceName } from '../words/short';

/** Asks once more before a guardrail holds again. */
export function EndDialog(props: {
  deviation: Deviation;
  onDone: () => void;
  onClose: () => void;
}) {
  const { deviation, onDone, onClose } = props;
  const { id, guardrail, environment, service } = deviation;
  const api = useApi(deploymentsApiRef);
  const [reason, setReason] = useState('');
  return (
    <AskDialog
      title={`Have ${guardrail} hold again for ${serviceName(service)}`}
      submit={`End it in ${environment}`}
      effect="What runs keeps running. The next deployment is checked by the rule again."
      ask={() => api.endDeviation({ id, reason: reason || undefined })}
      onDone={onDone}
      onClose={onClose}
    >
      <ReasonField value={reason} onChange={setReason} />
    </AskDialog>
  );
}
