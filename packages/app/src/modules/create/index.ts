import { createFrontendModule } from '@backstage/frontend-plugin-api';
import scaffolderPlugin from '@backstage/plugin-scaffolder/alpha';

/** Only who makes templates needs what they are made of. */
const forAuthors = {
  permissions: { $contains: 'scaffolder.template.management' },
};

export const createModule = createFrontendModule({
  pluginId: 'scaffolder',
  extensions: [
    scaffolderPlugin
      .getExtension('sub-page:scaffolder/actions')
      .override({ if: forAuthors }),
    scaffolderPlugin
      .getExtension('sub-page:scaffolder/editor')
      .override({ if: forAuthors }),
    scaffolderPlugin
      .getExtension('sub-page:scaffolder/templating-extensions')
      .override({ if: forAuthors }),
  ],
});
