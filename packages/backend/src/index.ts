import { createBackend } from '@backstage/backend-defaults';
import { features } from './features';

const backend = createBackend();
for (const feature of features) backend.add(feature);

backend.start().catch(error => {
  // What failed has been logged by its plugin; a backend that is only half there must not stay.
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
