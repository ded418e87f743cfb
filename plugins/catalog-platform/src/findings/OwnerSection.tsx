import { EntityRefLink } from '@backstage/plugin-catalog-react';
import Box from '@mui/material/Box';
import Chip from '@mui/material/Chip';
import Divider from '@mui/material/Divider';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import { shortName } from '../names';
import { Section } from './arrange';
import { FindingList } from './FindingList';

function OwnerName(props: { section: Section }) {
  const { owner, ownerExists } = props.section;
  if (!owner) {
    return <>Nobody</>;
  }
  return ownerExists ? (
    <EntityRefLink entityRef={owner} defaultKind="group" />
  ) : (
    <>{shortName(owner)}</>
  );
}

/** What is wrong with the things of one owner. */
export function OwnerSection(props: { section: Section }) {
  const { section } = props;
  return (
    <Stack spacing={2} component="section">
      <Stack direction="row" spacing={1} alignItems="center">
        <Typography variant="h6" component="h2">
          <OwnerName section={section} />
        </Typography>
        {section.mine && <Chip size="small" color="primary" label="mine" />}
        {section.owner && !section.ownerExists && (
          <Chip size="small" color="error" label="not in the catalog" />
        )}
      </Stack>
      {section.entities.map(entity => (
        <Box key={entity.ref} sx={{ pl: 2 }}>
          <Typography variant="subtitle1" component="h3" gutterBottom>
            <EntityRefLink entityRef={entity.ref} title={entity.title} />
            <Typography component="span" variant="body2" color="text.secondary">
              {` ${entity.kind.toLowerCase()}${
                entity.lifecycle ? ` · ${entity.lifecycle}` : ''
              }`}
            </Typography>
          </Typography>
          <FindingList
            findings={entity.findings}
            label={`What to put right in ${entity.title}`}
          />
        </Box>
      ))}
      <Divider />
    </Stack>
  );
}
