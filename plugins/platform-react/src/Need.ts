import { ApiHolder } from '@backstage/core-plugin-api';
import {
  createExtensionBlueprint,
  createExtensionDataRef,
} from '@backstage/frontend-plugin-api';

/** Something that waits for the reader, with the one thing to do about it. */
export interface Need {
  key: string;
  /** What it is about */
  title: string;
  /** Why it needs the reader, as a sentence */
  why: string;
  action: { label: string; to: string };
  /** ISO 8601, where there is a time to it */
  since?: string;
}

/** Where it is asked what waits for a reader. */
export interface NeedsSource {
  /** What is asked about, as it goes on from "Could not ask about": `your deployments` */
  what: string;
  /** @returns what waits, most urgent first; nothing where the source is not connected */
  ask(
    apis: ApiHolder,
    reader: {
      /** References of the reader and their groups */
      ownershipEntityRefs: string[];
      /** References of up to 200 services that these own */
      services: string[];
    },
  ): Promise<Need[]>;
}

export const needsSourceDataRef = createExtensionDataRef<NeedsSource>().with({
  id: 'platform.needs-source',
});

/** Adds to what the home page lists as needing the reader. */
export const NeedsSourceBlueprint = createExtensionBlueprint({
  kind: 'needs-source',
  attachTo: { id: 'page:home', input: 'needs' },
  output: [needsSourceDataRef],
  *factory(params: NeedsSource) {
    yield needsSourceDataRef(params);
  },
});
