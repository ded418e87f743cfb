import { useApi } from '@backstage/core-plugin-api';
import { usePermission } from '@backstage/plugin-permission-react';
import {
  EnvironmentDetail,
  environmentDeletePermission,
  environmentKeepPermission,
  environmentOperatePermission,
} from '@highroad/plugin-environments-common';
import { Failure } from '@highroad/plugin-platform-react';
import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import useAsyncFn from 'react-use/esm/useAsyncFn';
import { environmentsApiRef } from '../api';
import { DestroyDialog } from './DestroyDialog';
import { ExtendDialog } from './ExtendDialog';
import { UnkeepDialog } from './UnkeepDialog';

/** What can be done with it, by who may. */
export function Controls(props: {
  environment: EnvironmentDetail;
  onChanged: () => void;
}) {
  const { environment, onChanged } = props;
  const { name, home, kept, phase, owner } = environment;
  const api = useApi(environmentsApiRef);
  const [open, setOpen] = useState<'extend' | 'unkeep' | 'destroy'>();
  const resourceRef = owner ?? '';
  const extend = usePermission({
    ...{ permission: environmentOperatePermission, resourceRef },
  });
  const keep = usePermission({
    ...{ permission: environmentKeepPermission, resourceRef },
  });
  const destroy = usePermission({
    ...{ permission: environmentDeletePermission, resourceRef },
  });
  const [keeping, startKeeping] = useAsyncFn(async () => {
    await api.keep({ name, home, keep: true });
    onChanged();
  }, [api, name, home, onChanged]);
  if (phase === 'deleting') return null;
  const close = () => setOpen(undefined);
  const done = () => {
    close();
    onChanged();
  };
  const nothing =
    !extend.loading && !extend.allowed && !keep.allowed && !destroy.allowed;
  return (
    <section aria-label="What you can do">
      <Stack direction="row" spacing={1} useFlexGap flexWrap="wrap">
        {extend.allowed && !kept && (
          <Button variant="outlined" onClick={() => setOpen('extend')}>
            Extend
          </Button>
        )}
        {keep.allowed && (
          <Button
            variant="outlined"
            disabled={keeping.loading}
            onClick={kept ? () => setOpen('unkeep') : startKeeping}
          >
            {kept ? 'Let its time count again' : 'Keep'}
          </Button>
        )}
        {destroy.allowed && (
          <Button
            variant="outlined"
            color="error"
            onClick={() => setOpen('destroy')}
          >
            Destroy
          </Button>
        )}
      </Stack>
      {nothing && (
        <Typography color="text.secondary" sx={{ fontSize: 14 }}>
          Only its owner may extend or end it.
        </Typography>
      )}
      {keeping.error && (
        <Failure
          what="It is not kept"
          error={keeping.error}
          unaffected="It stays as long as it would have."
        />
      )}
      {open === 'extend' && (
        <ExtendDialog environment={environment} onClose={close} onDone={done} />
      )}
      {open === 'unkeep' && (
        <UnkeepDialog environment={environment} onClose={close} onDone={done} />
      )}
      {open === 'destroy' && (
        <DestroyDialog
          environment={environment}
          onClose={close}
          onDone={done}
        />
      )}
    </section>
  );
}
