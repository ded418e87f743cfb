import { useApi } from '@backstage/core-plugin-api';
import { RelativeTime } from '@highroad/plugin-platform-react';
import { askedRule, howOften, Rotation } from '@highroad/plugin-secrets-common';
import Button from '@mui/material/Button';
import FormControlLabel from '@mui/material/FormControlLabel';
import MenuItem from '@mui/material/MenuItem';
import Radio from '@mui/material/Radio';
import RadioGroup from '@mui/material/RadioGroup';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import useAsyncFn from 'react-use/esm/useAsyncFn';
import { secretsApiRef } from '../api';
import { Spot } from '../matrix/KeyMatrix';
import { changesText } from '../words';
import { SecretDialog } from './SecretDialog';

const MOST_DAYS = 730;

/** Replaces a value now, or has it replaced by itself. */
export function RotateDialog(props: {
  service: string;
  at: Spot;
  /** As it is on the screen */
  version: number | undefined;
  /** How it is replaced by itself already */
  rotation: Rotation | undefined;
  onDone: (text: string) => void;
  onClose: () => void;
}) {
  const { service, at, version, rotation, onDone, onClose } = props;
  const { key, name: environment } = at;
  const api = useApi(secretsApiRef);
  const [when, setWhen] = useState('now');
  const [days, setDays] = useState(String(rotation?.everyDays ?? 90));
  const [generator, setGenerator] = useState(rotation?.generator ?? 'random');
  const path = { service, environment, key };
  const everyDays = Number(days);
  const wrongDays =
    when === 'often' &&
    !(Number.isInteger(everyDays) && everyDays >= 1 && everyDays <= MOST_DAYS)
      ? `Write a number of days from 1 to ${MOST_DAYS}.`
      : undefined;
  const [stopping, stop] = useAsyncFn(async () => {
    await api.endRotation(path);
    onDone(`${key} in ${environment} stays as it is.`);
  }, [api, service, environment, key, onDone]);
  return (
    <SecretDialog
      title={`Rotate ${key} in ${environment}`}
      submit={{
        label: when === 'now' ? `Replace it in ${environment}` : 'Have it so',
        grave: when === 'now' && at.production,
        obstacle: wrongDays,
      }}
      ask={async () => {
        if (when === 'now') {
          const { changes } = await api.rotate({
            ...path,
            ifVersion: version,
          });
          onDone(`${key}: ${changesText(changes)}`);
          return;
        }
        const before = rotation && askedRule(rotation);
        const { rotation: kept } = await api.setRotation({
          // What is not asked here stays, but for what another generator was told.
          ...(before?.generator === generator
            ? { ...before, cron: undefined }
            : before && { timeZone: before.timeZone, window: before.window }),
          ...{ ...path, everyDays, generator },
        });
        onDone(`${key} in ${environment} is replaced ${howOften(kept)}.`);
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
          label="By itself, every so many days"
        />
      </RadioGroup>
      {when === 'often' && (
        <>
          <TextField
            label="Days"
            type="number"
            value={days}
            onChange={event => setDays(event.target.value)}
            error={Boolean(wrongDays)}
            helperText={wrongDays}
            inputProps={{ min: 1, max: MOST_DAYS }}
          />
          <TextField
            select
            label="What makes the new value"
            value={generator}
            onChange={event => setGenerator(event.target.value)}
            helperText="For a schedule, a time of day or another generator: platform secrets rotate --help"
          >
            {[...new Set(['random', 'postgres', generator])].map(one => (
              <MenuItem key={one} value={one}>
                {generatorText(one)}
              </MenuItem>
            ))}
          </TextField>
        </>
      )}
      <Typography color="text.secondary" variant="body2">
        Programs that use it are restarted, one pod after the other. The value
        before can be put back.
      </Typography>
    </SecretDialog>
  );
}

function generatorText(name: string): string {
  const known: Record<string, string> = {
    random: 'a random value that nobody sees',
    postgres: 'a second role of PostgreSQL, while the first goes on working',
  };
  return known[name] ?? name;
}
