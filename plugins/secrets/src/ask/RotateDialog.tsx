import { useApi } from '@backstage/core-plugin-api';
import {
  Failure,
  reasonOf,
  RelativeTime,
  statusOf,
} from '@highroad/plugin-platform-react';
import { howOften, Rotation } from '@highroad/plugin-secrets-common';
import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import FormControlLabel from '@mui/material/FormControlLabel';
import Radio from '@mui/material/Radio';
import RadioGroup from '@mui/material/RadioGroup';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import useAsyncFn from 'react-use/esm/useAsyncFn';
import { secretsApiRef } from '../api';
import { Done, Spot } from '../matrix/KeyMatrix';
import { runbookFor } from '../runbooks';
import { changesText } from '../words';
import { generatorText, RotationFields } from './RotationFields';
import { formOf, ruleOf, wrongFrom, WrongRule } from './rotationForm';
import { SecretDialog } from './SecretDialog';
import { usePlan } from './usePlan';

/** Replaces a value now, or has it replaced by itself. */
export function RotateDialog(props: {
  service: string;
  at: Spot;
  /** As it is on the screen */
  version: number | undefined;
  /** How it is replaced by itself already */
  rotation: Rotation | undefined;
  onDone: Done;
  onClose: () => void;
}) {
  const { service, at, version, rotation, onDone, onClose } = props;
  const { key, name: environment } = at;
  const api = useApi(secretsApiRef);
  const [when, setWhen] = useState('now');
  const [form, setForm] = useState(() => formOf(rotation));
  const path = { service, environment, key };
  const { rule, wrong: typed } = ruleOf(form);
  const isRule = when === 'often';
  const planned = usePlan(isRule && rule ? { ...path, ...rule } : undefined);
  const refused =
    planned?.error && isRefusal(planned.error)
      ? wrongFrom(reasonOf(planned.error))
      : {};
  const wrong: WrongRule = { ...typed, ...refused };
  const [stopping, stop] = useAsyncFn(async () => {
    await api.endRotation(path);
    onDone(`${key} in ${environment} stays as it is.`);
  }, [api, service, environment, key, onDone]);
  return (
    <SecretDialog
      title={`Rotate ${key} in ${environment}`}
      submit={{
        label: isRule ? 'Have it so' : `Replace it in ${environment}`,
        grave: !isRule && at.production,
        obstacle: isRule ? obstacleTo(wrong, planned !== undefined) : undefined,
      }}
      ask={async () => {
        if (!isRule || !rule) {
          const { changes, sync } = await api.rotate({
            ...path,
            ifVersion: version,
          });
          onDone(`${key}: ${changesText(changes)}`, sync);
          return;
        }
        const { rotation: kept, warnings = [] } = await api.setRotation({
          ...{ ...path, ...rule },
        });
        // What could not be said beforehand.
        const news = warnings.filter(
          one => !planned?.plan?.warnings?.includes(one),
        );
        onDone(
          [
            `${key} in ${environment} is replaced ${howOften(kept)}.`,
            ...news,
          ].join(' '),
        );
      }}
      onClose={onClose}
    >
      {rotation && (
        <Typography>
          It is replaced {howOften(rotation)}, next{' '}
          <RelativeTime time={rotation.dueAt} />.{' '}
          <Button size="small" disabled={stopping.loading} onClick={stop}>
            No longer
          </Button>
        </Typography>
      )}
      {stopping.error && (
        <Failure
          what="It is still replaced"
          error={stopping.error}
          runbook={runbookFor(stopping.error)}
        />
      )}
      <RadioGroup
        aria-label="When"
        value={when}
        onChange={event => setWhen(event.target.value)}
      >
        <FormControlLabel
          value="now"
          control={<Radio size="small" />}
          label={
            rotation
              ? `Now, by ${generatorText(rotation.generator)}`
              : 'Now, by a random value that nobody sees'
          }
        />
        <FormControlLabel
          value="often"
          control={<Radio size="small" />}
          label="By itself, every so often"
        />
      </RadioGroup>
      {isRule && (
        <>
          <RotationFields
            form={form}
            wrong={wrong}
            onChange={part => setForm(before => ({ ...before, ...part }))}
          />
          <Typography role="status" color={wrong.rest ? 'error' : undefined}>
            {planned?.plan && (
              <>
                It would be replaced first{' '}
                <RelativeTime time={planned.plan.dueAt} />.
              </>
            )}
            {planned?.error &&
              (wrong.rest ??
                (isRefusal(planned.error)
                  ? 'It cannot be so yet.'
                  : `When it would be replaced cannot be seen now: ${reasonOf(
                      planned.error,
                    )}`))}
            {!planned &&
              (rule ? 'Working out when it is next' : 'It cannot be so yet.')}
          </Typography>
        </>
      )}
      {isRule &&
        planned?.plan?.warnings?.map(warning => (
          <Alert key={warning} severity="warning">
            {warning}
          </Alert>
        ))}
      <Typography color="text.secondary" variant="body2">
        Programs that use it are restarted, one pod after the other. The value
        before can be put back.
      </Typography>
    </SecretDialog>
  );
}

/** What it takes before a rule can be had; what is to be known of it is waited for. */
function obstacleTo(wrong: WrongRule, isPlanned: boolean): string | undefined {
  if (Object.keys(wrong).length > 0) return 'Mend what is marked.';
  return isPlanned ? undefined : 'Wait for when it would be replaced.';
}

/** Whether it is about what was asked for, rather than about who answers. */
function isRefusal(error: Error): boolean {
  return statusOf(error) === 400;
}
