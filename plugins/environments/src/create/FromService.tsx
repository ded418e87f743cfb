import { parseEntityRef } from '@backstage/catalog-model';
import { useApi } from '@backstage/core-plugin-api';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { ServiceField } from '@highroad/plugin-platform-react';
import Box from '@mui/material/Box';
import { useState } from 'react';

const IMAGE_ANNOTATION = 'platform.myorg.com/image';

/** Begins the manifest with a service of the catalog and its image. */
export function FromService(props: {
  onChosen: (service: { name: string; image?: string }) => void;
}) {
  const catalog = useApi(catalogApiRef);
  const [chosen, setChosen] = useState<string>();
  const choose = async (ref: string | undefined) => {
    setChosen(ref);
    if (!ref) return;
    const { name } = parseEntityRef(ref);
    // Without the catalog's word, the image is for the person to write.
    const entity = await catalog.getEntityByRef(ref).catch(() => undefined);
    const image = entity?.metadata.annotations?.[IMAGE_ANNOTATION];
    props.onChosen({ name, ...(image && { image }) });
  };
  return (
    <Box sx={{ maxWidth: 420 }}>
      <ServiceField
        nameOf={ref => parseEntityRef(ref).name}
        value={chosen}
        onChange={choose}
      />
    </Box>
  );
}
