import { ServiceUnavailableError, stringifyError } from '@backstage/errors';
import { CoreV1Api, setHeaderOptions } from '@kubernetes/client-node';
import { ClusterAccess } from '@highroad/plugin-platform-node/kubernetes';
import { z } from 'zod';
import { isNotFound, refusalIn } from '../engine/direct/answers';
import { within } from './within';

/** Everything about an object but what is in it. */
const METADATA_ONLY =
  'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
const FIELD = 'f:';

const fields = z.record(z.unknown());
const metadataSchema = z.object({
  metadata: z.object({
    managedFields: z
      .array(
        z.object({
          fieldsV1: z
            .object({
              'f:data': fields.optional(),
              'f:stringData': fields.optional(),
            })
            .nullish(),
        }),
      )
      .nullish(),
  }),
});

/** Says which keys Secrets of a cluster have, without ever getting a value. */
export class SecretKeys {
  readonly #access: ClusterAccess;

  constructor(options: { access: ClusterAccess }) {
    this.#access = options.access;
  }

  /**
   * The names come from who manages which field of it, which the API server keeps with every object.
   *
   * @returns nothing if there is no such Secret
   * @throws ServiceUnavailableError for a cluster that does not say it
   */
  async of(
    cluster: string,
    at: { namespace: string; secret: string },
  ): Promise<Set<string> | undefined> {
    const core = this.#access.config(cluster).makeApiClient(CoreV1Api);
    try {
      const found: unknown = await within(
        core.readNamespacedSecret(
          { namespace: at.namespace, name: at.secret },
          setHeaderOptions('Accept', METADATA_ONLY),
        ),
      );
      const { managedFields } = metadataSchema.parse(found).metadata;
      return new Set(
        (managedFields ?? [])
          .flatMap(({ fieldsV1 }) => [
            ...Object.keys(fieldsV1?.['f:data'] ?? {}),
            ...Object.keys(fieldsV1?.['f:stringData'] ?? {}),
          ])
          .filter(field => field.startsWith(FIELD))
          .map(field => field.slice(FIELD.length)),
      );
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw new ServiceUnavailableError(
        `It cannot be seen which Secrets ${at.namespace} has: ${
          refusalIn(error)?.message ?? stringifyError(error)
        }`,
      );
    }
  }
}
