import {
  coreExtensionData,
  createFrontendModule,
} from '@backstage/frontend-plugin-api';
import scaffolderPlugin from '@backstage/plugin-scaffolder/alpha';
import { TemplatesPage } from './TemplatesPage';

/** Only who makes templates needs what they are made of. */
const forAuthors = {
  permissions: { $contains: 'scaffolder.template.management' },
};

const templates = scaffolderPlugin
  .getExtension('sub-page:scaffolder/templates')
  .override({
    *factory(original) {
      const outputs = original();
      yield* outputs;
      const page = outputs.get(coreExtensionData.reactElement);
      yield coreExtensionData.reactElement(<TemplatesPage original={page} />);
    },
  });

export const createModule = createFrontendModule({
  pluginId: 'scaffolder',
  extensions: [
    templates,
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
