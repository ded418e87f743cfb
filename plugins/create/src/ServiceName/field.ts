import { makeFieldSchema } from '@backstage/plugin-scaffolder-react';
import { createFormField } from '@backstage/plugin-scaffolder-react/alpha';
import { explainServiceName } from '@highroad/plugin-create-common';
import { createClientApiRef } from '../api';
import { ServiceName } from './ServiceName';

export const serviceNameField = createFormField({
  name: 'ServiceName',
  component: ServiceName,
  schema: makeFieldSchema({ output: z => z.string() }),
  // Runs when the step is left; the field itself has said it already while typing.
  validation: async (name, field, { apiHolder }) => {
    const malformed = explainServiceName(name ?? '');
    if (malformed) {
      field.addError(malformed);
      return;
    }
    const client = apiHolder.get(createClientApiRef);
    const { problem } = (await client?.checkName(name)) ?? {};
    if (problem) field.addError(problem);
  },
});
