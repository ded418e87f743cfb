import { deploymentOperations } from '@highroad/plugin-deployments-common';
import { OperationClient } from '@highroad/plugin-platform-common';
import { DeployedUses } from '@highroad/plugin-secrets-common';

/** So long an answer is good for, in milliseconds: it changes with deployments and dry runs. */
const FRESH_MS = 30_000;
const MOST_MS = 10_000;
const PAGE = 500;

/** Which secrets programs refer to, of all services, as the plugin for deployments tells it. */
export class DeployedNeeds {
  readonly #deployments: Pick<
    OperationClient<typeof deploymentOperations>,
    'secretNeeds'
  >;
  readonly #now: () => Date;
  #known:
    | { at: number; needs: Promise<Map<string, DeployedUses[]>> }
    | undefined;

  constructor(options: {
    deployments: Pick<
      OperationClient<typeof deploymentOperations>,
      'secretNeeds'
    >;
    now: () => Date;
  }) {
    this.#deployments = options.deployments;
    this.#now = options.now;
  }

  /**
   * @returns by reference of the service; as it was half a minute ago at most
   * @throws whatever the plugin for deployments answers with; it is asked again the next time
   */
  async all(): Promise<Map<string, DeployedUses[]>> {
    const now = this.#now().getTime();
    if (!this.#known || now - this.#known.at > FRESH_MS) {
      const known = { at: now, needs: this.#ask() };
      this.#known = known;
      known.needs.catch(() => {
        if (this.#known === known) this.#known = undefined;
      });
    }
    return this.#known.needs;
  }

  async #ask(): Promise<Map<string, DeployedUses[]>> {
    const needs = new Map<string, DeployedUses[]>();
    const signal = AbortSignal.timeout(MOST_MS);
    let after: string | undefined = '';
    while (after !== undefined) {
      const page: Awaited<
        ReturnType<OperationClient<typeof deploymentOperations>['secretNeeds']>
      > = await this.#deployments.secretNeeds(
        ...([{ after, limit: PAGE }, { signal }] as const),
      );
      for (const { service, references } of page.items) {
        needs.set(service, references);
      }
      after = page.next;
    }
    return needs;
  }
}
