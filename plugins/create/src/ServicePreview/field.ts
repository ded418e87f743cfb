import { makeFieldSchema } from '@backstage/plugin-scaffolder-react';
import { createFormField } from '@backstage/plugin-scaffolder-react/alpha';
import { ServicePreview } from './ServicePreview';

export const servicePreviewField = createFormField({
  name: 'ServicePreview',
  component: ServicePreview,
  schema: makeFieldSchema({ output: z => z.null() }),
});
