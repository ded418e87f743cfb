import { makeFieldSchema } from '@backstage/plugin-scaffolder-react';
import { createFormField } from '@backstage/plugin-scaffolder-react/alpha';
import { ServiceName } from './ServiceName';
import { explainUnusableName } from './validate';

export const serviceNameField = createFormField({
  name: 'ServiceName',
  component: ServiceName,
  schema: makeFieldSchema({ output: z => z.string() }),
  validation: async (name, field, { apiHolder }) => {
    const problem = await explainUnusableName(name, apiHolder);
    if (problem) field.addError(problem);
  },
});
