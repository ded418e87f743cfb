import { makeFieldSchema } from '@backstage/plugin-scaffolder-react';
import { createFormField } from '@backstage/plugin-scaffolder-react/alpha';
import { GitHost } from './GitHost';

export const gitHostField = createFormField({
  name: 'GitHost',
  component: GitHost,
  schema: makeFieldSchema({ output: z => z.string() }),
});
