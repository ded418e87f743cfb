import {
  createFrontendModule,
  createTranslationMessages,
} from '@backstage/frontend-plugin-api';
import { TranslationBlueprint } from '@backstage/plugin-app-react';
import { catalogTranslationRef } from '@backstage/plugin-catalog/alpha';
import { scaffolderTranslationRef } from '@backstage/plugin-scaffolder/alpha';
import { techdocsTranslationRef } from '@backstage/plugin-techdocs/alpha';

const ofCatalog = createTranslationMessages({
  ref: catalogTranslationRef,
  messages: {
    'entityLabels.warningPanelTitle': 'Nothing of this name is in the catalog',
    'entityPage.notFoundMessage':
      'There is no {{kind}} of this name, or you may not see it. Search for it, look through the catalog, or create it. More on {{link}}.',
    'entityPage.notFoundLinkText': 'names in the catalog',
    'aboutCard.parentComponentField.label': 'Part of',
  },
});

const ofDocs = createTranslationMessages({
  ref: techdocsTranslationRef,
  messages: { 'aboutCard.viewTechdocs': 'Read the docs' },
});

const ofCreation = createTranslationMessages({
  ref: scaffolderTranslationRef,
  messages: {
    'listTaskPage.content.emptyState.title': 'Nothing was created yet',
    'listTaskPage.content.emptyState.description':
      'What you create is listed here, with each of its steps.',
    'listTaskPage.content.tableTitle': 'Creations',
    'listTaskPage.content.tableCell.taskID': 'Creation',
    'listTaskPage.content.tableCell.owner': 'By',
    'ownerListPicker.title': 'Whose',
    'ownerListPicker.options.owned': 'Yours',
    'templateListPage.contentHeader.registerExistingButtonTitle':
      'Register what exists already',
    'templateListPage.contentHeader.supportButtonTitle':
      'Choose what to create. The template asks what it needs to know, and shows what it would make before it makes anything.',
    'templateListPage.additionalLinksForEntity.viewTechDocsTitle':
      'Read the docs',
    'ongoingTask.pageTitle.hasTemplateName': 'Creating with {{templateName}}',
    'ongoingTask.pageTitle.noTemplateName': 'Creation',
  },
});

/** The users' words in place of those of what the portal is built with. */
export const wordsModule = createFrontendModule({
  pluginId: 'app',
  extensions: [
    TranslationBlueprint.make({
      name: 'catalog-words',
      params: { resource: ofCatalog },
    }),
    TranslationBlueprint.make({
      name: 'docs-words',
      params: { resource: ofDocs },
    }),
    TranslationBlueprint.make({
      name: 'creation-words',
      params: { resource: ofCreation },
    }),
  ],
});
