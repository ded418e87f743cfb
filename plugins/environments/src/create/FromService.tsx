import { parseEntityRef } from '@backstage/catalog-model';
import { ServiceField } from '@highroad/plugin-platform-react';
import Box from '@mui/material/Box';

/** The service of the catalog that an environment begins with. */
export function FromService(props: {
  /** Reference */
  chosen: string | undefined;
  onChosen: (service: string | undefined) => void;
}) {
  return (
    <Box sx={{ maxWidth: 420 }}>
      <ServiceField
        nameOf={ref => parseEntityRef(ref).name}
        value={props.chosen}
        onChange={props.onChosen}
      />
    </Box>
  );
}
