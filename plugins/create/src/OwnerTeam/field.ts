import { makeFieldSchema } from '@backstage/plugin-scaffolder-react';
import { createFormField } from '@backstage/plugin-scaffolder-react/alpha';
import { OwnerTeam } from './OwnerTeam';

export const ownerTeamField = createFormField({
  name: 'OwnerTeam',
  component: OwnerTeam,
  schema: makeFieldSchema({ output: z => z.string() }),
});
