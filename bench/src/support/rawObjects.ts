import { z } from 'zod';
import { Kubectl } from './plainKubectl';

const KINDS =
  'namespace,resourcequota,limitrange,networkpolicy,service,deployment,ingress';
/** By these the platform knows what is its own. */
/** On copies: which bench has made them. */
const RUN = 'bench-run';
const OURS = 'platform.myorg.com/environment';

const objectSchema = z
  .object({
    kind: z.string(),
    metadata: z
      .object({
        name: z.string(),
        labels: z.record(z.string()).default({}),
        annotations: z.record(z.string()).default({}),
      })
      .passthrough(),
    spec: z.record(z.unknown()).optional(),
  })
  .passthrough();
const listSchema = z.object({ items: z.array(objectSchema) });

/** What one environment consists of, to be made again by kubectl under another name. */
export class RawObjects {
  readonly #kubectl: Kubectl;
  readonly #text: string;
  readonly #name: string;
  readonly #run: string;

  private constructor(
    kubectl: Kubectl,
    text: string,
    name: string,
    run: string,
  ) {
    this.#kubectl = kubectl;
    this.#text = text;
    this.#name = name;
    this.#run = run;
  }

  /**
   * @param name - of an environment that is there
   * @param run - is written on all copies
   */
  static async of(
    kubectl: Kubectl,
    name: string,
    run: string,
  ): Promise<RawObjects> {
    const namespace = `env-${name}`;
    const own = await kubectl([
      ...['get', 'namespace', namespace, '--output=json'],
    ]);
    const inside = await kubectl([
      ...['get', KINDS.replace('namespace,', ''), '--output=json'],
      `--namespace=${namespace}`,
    ]);
    const items = [
      objectSchema.parse(JSON.parse(own)),
      ...listSchema.parse(JSON.parse(inside)).items,
    ].map(object => asWritten(object, run));
    return new RawObjects(
      kubectl,
      JSON.stringify({ apiVersion: 'v1', kind: 'List', items }),
      name,
      run,
    );
  }

  /** Applies them and waits until they are there. */
  async make(name: string): Promise<void> {
    await this.#kubectl(
      ['apply', '--filename=-'],
      this.#text.replaceAll(this.#name, name),
    );
    await this.#kubectl([
      ...['wait', 'deployment', '--all', '--for=condition=Available'],
      ...[`--namespace=env-${name}`, '--timeout=10m'],
    ]);
  }

  /** Applies many by one kubectl, which is faster than one for each, and waits until all are there. */
  async makeAll(names: string[]): Promise<void> {
    const items = names.flatMap(
      name =>
        listSchema.parse(JSON.parse(this.#text.replaceAll(this.#name, name)))
          .items,
    );
    await this.#kubectl(
      ['apply', '--filename=-'],
      JSON.stringify({ apiVersion: 'v1', kind: 'List', items }),
    );
    await this.#kubectl([
      ...['wait', 'deployment', '--all-namespaces'],
      ...[`--selector=${RUN}=${this.#run}`],
      ...['--for=condition=Available', '--timeout=10m'],
    ]);
  }

  async remove(names: string[]): Promise<void> {
    if (names.length === 0) return;
    await this.#kubectl([
      ...['delete', 'namespace', '--wait=false'],
      ...names.map(name => `env-${name}`),
    ]);
  }
}

/** Without what the cluster has added. */
function asWritten(object: z.output<typeof objectSchema>, run: string) {
  const { status: _, metadata, spec, ...rest } = object;
  const { name, namespace, labels, annotations } = metadata;
  const own = (pairs: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(pairs).filter(
        ([key]) => !key.startsWith(OURS) && !key.startsWith('deployment.'),
      ),
    );
  const {
    clusterIP: _ip,
    clusterIPs: _ips,
    finalizers: _f,
    ...kept
  } = spec ?? {};
  return {
    ...rest,
    metadata: {
      ...{ name, namespace },
      ...{
        labels: { ...own(labels), [RUN]: run },
        annotations: own(annotations),
      },
    },
    ...(spec && { spec: kept }),
  };
}
