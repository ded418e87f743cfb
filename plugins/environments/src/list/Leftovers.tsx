import { Link } from '@backstage/core-components';
import { useApi } from '@backstage/core-plugin-api';
import { usePermission } from '@backstage/plugin-permission-react';
import {
  environmentRemoveOrphanPermission,
  Orphan,
} from '@highroad/plugin-environments-common';
import { Failure, RelativeTime } from '@highroad/plugin-platform-react';
import Button from '@mui/material/Button';
import TableCell from '@mui/material/TableCell';
import TableRow from '@mui/material/TableRow';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import { environmentsApiRef } from '../api';
import { AskDialog } from '../parts/AskDialog';
import { PlainTable } from '../parts/PlainTable';
import { Section } from '../parts/Section';
import { RUNBOOK } from '../runbooks';
import { LeftDatabases } from './LeftDatabases';
import { ownerName } from '../words/short';

const COLUMNS = ['Namespace', 'Environment', 'Owner', 'Age', 'What to do'];

/** What is left of environments that are gone, for whoever can take it away. Nothing where nothing is left. */
export function Leftovers() {
  const api = useApi(environmentsApiRef);
  const { value, error, retry } = useAsyncRetry(() => api.orphans({}), [api]);
  const { allowed } = usePermission({
    permission: environmentRemoveOrphanPermission,
  });
  const [asked, ask] = useState<Orphan>();
  if (error) {
    return (
      <Failure
        what="What is left of environments that are gone could not be read"
        error={error}
        unaffected="Environments go on as they are."
        runbook={RUNBOOK.doesNotAnswer}
        onRetry={retry}
      />
    );
  }
  const isEmpty =
    value &&
    value.items.length + value.databases.length + value.problems.length === 0;
  if (!value || isEmpty) return null;
  return (
    <Section title="Left over">
      <Typography color="text.secondary" sx={{ fontSize: 14, mb: 1 }}>
        The environments of these are gone, so nothing takes them away.{' '}
        <Link to={RUNBOOK.doesNotEnd}>How that comes about</Link>
      </Typography>
      {value.problems.map(problem => (
        <Typography key={problem} sx={{ fontSize: 14, mb: 1 }}>
          {problem}
        </Typography>
      ))}
      {value.items.length > 0 && (
        <PlainTable label="Left over" columns={COLUMNS}>
          {value.items.map(one => (
            <TableRow key={one.namespace} hover>
              <TableCell component="th" scope="row">
                {one.namespace}
              </TableCell>
              <TableCell>{one.environment}</TableCell>
              <TableCell>
                {one.owner ? ownerName(one.owner) : 'nobody'}
              </TableCell>
              <TableCell sx={{ whiteSpace: 'nowrap' }}>
                <RelativeTime time={one.createdAt} />
              </TableCell>
              <TableCell>
                <WhatToDo
                  orphan={one}
                  allowed={allowed}
                  onRemove={() => ask(one)}
                />
              </TableCell>
            </TableRow>
          ))}
        </PlainTable>
      )}
      <LeftDatabases
        databases={value.databases}
        allowed={allowed}
        onRemoved={retry}
      />
      {asked && (
        <AskDialog
          title={`Remove ${asked.namespace}`}
          submit={`Remove ${asked.namespace}`}
          grave
          unaffected="What is left is still listed here, and can be removed again."
          effect={`Destroys the namespace ${asked.namespace} with all that is in it, and the databases of ${asked.environment}. It cannot be undone.`}
          ask={() => api.removeOrphan({ namespace: asked.namespace })}
          onDone={() => {
            ask(undefined);
            retry();
          }}
          onClose={() => ask(undefined)}
        />
      )}
    </Section>
  );
}

function WhatToDo(props: {
  orphan: Orphan;
  allowed: boolean;
  onRemove: () => void;
}) {
  const { orphan, allowed, onRemove } = props;
  const { ending } = orphan;
  if (ending) {
    return (
      <>
        Its removal began <RelativeTime time={ending.since} />.
        {ending.blocker && ` What keeps it: ${ending.blocker}`}{' '}
        <Link to={RUNBOOK.doesNotEnd}>What to do</Link>
      </>
    );
  }
  if (!orphan.ours) {
    return (
      <>
        The cluster does not say that the platform made it. Look at it, then:{' '}
        <code>kubectl delete namespace {orphan.namespace}</code>
      </>
    );
  }
  if (!allowed) return <>The platform team can remove it.</>;
  return (
    <Button size="small" color="error" onClick={onRemove}>
      Remove {orphan.namespace}
    </Button>
  );
}
