import Box from '@mui/material/Box';
import Checkbox from '@mui/material/Checkbox';
import FormControlLabel from '@mui/material/FormControlLabel';
import FormHelperText from '@mui/material/FormHelperText';
import { useId } from 'react';

/** Something that is done only if one says so. */
export function CheckField(props: {
  label: string;
  /** When to say so, and what comes of it */
  help: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}) {
  const { label, help, checked, onChange } = props;
  const described = useId();
  return (
    <Box>
      <FormControlLabel
        label={label}
        control={
          <Checkbox
            size="small"
            checked={checked}
            onChange={(_, now) => onChange(now)}
            inputProps={{ 'aria-describedby': described }}
          />
        }
      />
      <FormHelperText id={described} sx={{ mt: 0 }}>
        {help}
      </FormHelperText>
    </Box>
  );
}
