import { Link } from '@backstage/core-components';
import { usePermission } from '@backstage/plugin-permission-react';
import { auditVerifyPermission } from '@highroad/plugin-audit-common';
import {
  Failure,
  RelativeTime,
  Waiting,
} from '@highroad/plugin-platform-react';
import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import FormControlLabel from '@mui/material/FormControlLabel';
import Stack from '@mui/material/Stack';
import Switch from '@mui/material/Switch';
import Typography from '@mui/material/Typography';
import { useEffect, useState } from 'react';
import { RUNBOOK } from '../runbooks';
import { RecordDrawer } from '../record/RecordDrawer';
import { ExportMenu } from './ExportMenu';
import { Filters } from './Filters';
import { RecordTable } from './RecordTable';
import { useRecordFilter } from './useRecordFilter';
import { useRecords } from './useRecords';
import { useSuggestions } from './useSuggestions';

/** Records that can be searched, followed and taken away; of one service, where one is given. */
export function Records(props: {
  service?: string;
  /** Told the number up to which is known what there is */
  onNewest?: (seq: number) => void;
}) {
  const { service, onNewest } = props;
  const { choice, change, filter, wrong, narrowed, record } = useRecordFilter({
    service,
  });
  const [live, setLive] = useState(true);
  const { known, error, heardAt, retry, older, loadOlder } = useRecords(
    filter,
    live,
  );
  const suggestions = useSuggestions(known?.items);
  const newest = known?.newest;
  useEffect(() => {
    if (newest !== undefined) onNewest?.(newest);
  }, [newest, onNewest]);
  const clear = () =>
    change({
      service: '',
      environment: '',
      actor: '',
      event: '',
      door: '',
      outcome: '',
      correlation: '',
      key: '',
      ...{ range: 'all', from: '', until: '' },
    });

  return (
    <Stack spacing={2}>
      <Stack
        direction="row"
        spacing={1.5}
        useFlexGap
        flexWrap="wrap"
        alignItems="center"
      >
        <Filters
          choice={choice}
          wrong={wrong}
          onChange={change}
          ofOne={Boolean(service)}
          suggestions={suggestions}
        />
        <FormControlLabel
          control={
            <Switch
              size="small"
              checked={live}
              onChange={event => setLive(event.target.checked)}
            />
          }
          label="Live"
          componentsProps={{ typography: { sx: { fontSize: 14 } } }}
          sx={{ ml: 'auto', mr: 0 }}
        />
        <ExportMenu filter={filter} />
      </Stack>
      {!filter && (
        <Alert
          severity="warning"
          action={
            <Button color="inherit" size="small" onClick={clear}>
              Show everything
            </Button>
          }
        >
          Nothing is listed, since not all of the filter is understood. What is
          not stands below its field.
        </Alert>
      )}
      {filter && !known && !error && (
        <Waiting label="Reading the records" rows={10} />
      )}
      {error && !known && (
        <Failure
          what="The records could not be read"
          error={error}
          unaffected="Recording goes on."
          runbook={RUNBOOK.doesNotAnswer}
          onRetry={retry}
        />
      )}
      {error && known && heardAt && (
        <Alert severity="warning">
          The portal does not answer: {error.message}. What stands here was so{' '}
          <RelativeTime time={heardAt.toISOString()} />.
        </Alert>
      )}
      {known?.cut && (
        <Alert severity="error">
          Records may be missing. {known.cut.message}{' '}
          <Link to={RUNBOOK.chainBroken}>What to do about it</Link>
        </Alert>
      )}
      {known && known.items.length === 0 && (
        <Nothing narrowed={narrowed} onClear={clear} />
      )}
      {known && known.items.length > 0 && (
        <>
          <Typography role="status" sx={{ position: 'absolute', left: -9999 }}>
            {known.fresh.size > 0 && `${known.fresh.size} new since you came`}
          </Typography>
          <RecordTable
            items={known.items}
            fresh={known.fresh}
            ofOne={Boolean(service)}
            onOpen={id => change({ record: id })}
          />
        </>
      )}
      {older.error && (
        <Failure
          what="Older records could not be read"
          error={older.error}
          onRetry={loadOlder}
        />
      )}
      {known?.older !== undefined && !older.error && (
        <Button
          onClick={loadOlder}
          disabled={older.loading}
          sx={{ alignSelf: 'center' }}
        >
          {older.loading ? 'Reading older records' : 'Older'}
        </Button>
      )}
      <RecordDrawer
        id={record}
        onClose={() => change({ record: '' })}
        onFollow={correlation => change({ correlation, record: '' })}
      />
    </Stack>
  );
}

/** Who may not see everything is told so: otherwise an empty list would say that nothing happened. */
function Nothing(props: { narrowed: boolean; onClear: () => void }) {
  const { allowed, loading } = usePermission({
    permission: auditVerifyPermission,
  });
  if (loading) return null;
  if (!props.narrowed) {
    return (
      <Typography color="text.secondary" variant="body2">
        {allowed
          ? 'Nothing is recorded yet. What people, tokens and the platform itself do to services will be listed here, from the moment it is begun.'
          : 'There is nothing here that you may see. What is done to a service is shown to its owners, to whoever did it, and to auditors.'}
      </Typography>
    );
  }
  return (
    <Typography color="text.secondary" variant="body2">
      {allowed
        ? 'Nothing fits the filter.'
        : 'Nothing that you may see fits the filter.'}{' '}
      <Button size="small" onClick={props.onClear}>
        Show everything
      </Button>
    </Typography>
  );
}
