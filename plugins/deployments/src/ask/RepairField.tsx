import { Deployment } from '@highroad/plugin-deployments-common';
import MenuItem from '@mui/material/MenuItem';
import TextField from '@mui/material/TextField';
import { shortVersion } from '../words/short';
import { CheckField } from './CheckField';

const NOTHING = '';

/** What somebody says that a deployment repairs. */
export interface Repair {
  /** Id of a deployment; none where it repairs no deployment */
  fixes?: string;
  /** It was made since users met something, and not as planned */
  unplanned: boolean;
}

/** Whether it repairs an earlier deployment there, for the numbers of delivery. */
export function RepairField(props: {
  /** What was deployed there before, the newest first */
  earlier: Deployment[];
  value: Repair;
  onChange: (value: Repair) => void;
}) {
  const { earlier, value, onChange } = props;
  const { fixes, unplanned } = value;
  return (
    <>
      {earlier.length > 0 && (
        <TextField
          select
          fullWidth
          label="Fixes an earlier deployment (optional)"
          helperText="Then that one counts as a failure, and this one as what repaired it"
          value={earlier.some(one => one.id === fixes) ? fixes : NOTHING}
          onChange={({ target }) =>
            onChange({ unplanned, fixes: target.value || undefined })
          }
          InputLabelProps={{ shrink: true }}
          SelectProps={{ displayEmpty: true }}
        >
          <MenuItem value={NOTHING}>None</MenuItem>
          {earlier.map(one => (
            <MenuItem key={one.id} value={one.id}>
              {shortVersion(one.version)}, {one.state},{' '}
              {one.requestedAt.slice(0, 16).replace('T', ' ')} UTC
            </MenuItem>
          ))}
        </TextField>
      )}
      <CheckField
        label="Not planned"
        help="It repairs something that users met; it counts for the rework rate"
        checked={unplanned}
        onChange={now => onChange({ fixes, unplanned: now })}
      />
    </>
  );
}
