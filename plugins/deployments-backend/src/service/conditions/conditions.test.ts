import { ConfigReader } from '@backstage/config';
import { KubernetesObject } from '@highroad/plugin-deployments-node';
import { Answer } from '../../drivers/prometheus/Prometheus';
import { readPrometheusSettings } from '../../drivers/prometheus/PrometheusSettings';
import { Environments } from '../EnvironmentSettings';
import { addAnalysis, withoutAnalysis } from './analysis';
import { Condition } from './Condition';
import { judge } from './judge';
import { stricter } from './stricter';

const condition = {
  name: 'error-rate',
  query: 'rate(errors{namespace="{namespace}"}[{window}])',
  max: 0.05,
};
const environmentsOf = (
  environment: object,
  prometheus: object | undefined = { url: 'http://prometheus:9090' },
) =>
  Environments.fromConfig(
    new ConfigReader({
      platform: {
        prometheus,
        environments: [{ name: 'staging', cluster: 'main', ...environment }],
      } as never,
    }),
  );
const read: Condition = {
  name: 'error-rate',
  query: condition.query,
  bound: 'max',
  threshold: 0.05,
  window: 60,
  fewSamples: 'fail',
};

describe('the conditions of an environment', () => {
  it('are read with their defaults, and watched for as long as they look back', () => {
    const [staging] = environmentsOf({
      conditions: [{ ...condition, window: '2m' }],
    }).all();
    expect(staging).toMatchObject({
      ...{ watchSeconds: 120, notReadySeconds: 30 },
      conditions: [{ ...read, window: 120 }],
    });
    expect(
      environmentsOf({ watch: '5m', notReadyFor: '1m' }).get('staging'),
    ).toMatchObject({
      ...{ watchSeconds: 300, notReadySeconds: 60 },
      conditions: [],
    });
  });

  it.each<[string, object, object | undefined, RegExp]>([
    [
      'a placeholder that there is not',
      { conditions: [{ ...condition, query: 'up{pod="{pods}"}' }] },
      undefined,
      /platform\.environments\[0\]\.conditions\[0\]\.query: \{pods\} is no placeholder; there is \{service\}, /,
    ],
    [
      'no threshold',
      { conditions: [{ name: 'a', query: 'up' }] },
      undefined,
      /conditions\[0\]\.max: give either max or min/,
    ],
    [
      'two thresholds',
      { conditions: [{ ...condition, min: 0 }] },
      undefined,
      /conditions\[0\]\.max: give either max or min/,
    ],
    [
      'a number of samples without a way to count them',
      { conditions: [{ ...condition, minSamples: 10 }] },
      undefined,
      /conditions\[0\]\.samples: .*give both or neither/,
    ],
    [
      'a name twice',
      { conditions: [condition, condition] },
      undefined,
      /conditions\[1\]\.name: "error-rate" is there twice/,
    ],
    [
      'a watch that is shorter than what is looked back',
      { watch: '1m', conditions: [{ ...condition, window: '5m' }] },
      undefined,
      /platform\.environments\[0\]\.watch: 60s is shorter than the 300s that error-rate looks back/,
    ],
    [
      'a duration that is none',
      { watch: 300 },
      undefined,
      /platform\.environments\[0\]\.watch: write a duration such as "30s"/,
    ],
    [
      'a word that is not known',
      { conditions: [{ ...condition, threshold: 1 }] },
      undefined,
      /conditions\[0\]: Unrecognized key.*threshold/,
    ],
  ])('stop the start for %s, with its path', (_, environment, __, told) => {
    expect(() => environmentsOf(environment)).toThrow(told);
  });

  it('stop the start where there is no Prometheus to ask, or its address is none', () => {
    const config = (platform: object) =>
      new ConfigReader({ platform } as never);
    expect(() =>
      Environments.fromConfig(
        config({
          environments: [
            { name: 'staging', cluster: 'main', conditions: [condition] },
          ],
        }),
      ),
    ).toThrow(
      /platform\.environments\[0\]\.conditions: there is no Prometheus to ask; write its address into platform\.prometheus\.url/,
    );
    expect(() =>
      readPrometheusSettings(config({ prometheus: { url: 'prometheus' } })),
    ).toThrow(/platform\.prometheus\.url: use an address/);
    // A token is never written into a cluster.
    expect(
      readPrometheusSettings(
        config({ prometheus: { url: 'https://p.example/', token: 't' } }),
      ),
    ).toEqual({ url: 'https://p.example', token: 't' });
  });
});

describe('a service’s own thresholds', () => {
  it('may ask more of it, never less and nothing else', () => {
    const own = (text: string) => stricter([read], text, ['error-rate', 'p99']);
    expect(own('error-rate = 0.01, p99=0.3')).toEqual([
      { ...read, threshold: 0.01 },
    ]);
    expect(own('')).toEqual([read]);
    expect(() => own('error-rate=0.2')).toThrow(
      'error-rate=0.2 is looser than what holds here (at most 0.05)',
    );
    expect(() => own('error-rat=0.01')).toThrow(
      'there is no condition "error-rat" in any environment; there is error-rate, p99.',
    );
    expect(() => own('error-rate=up{}')).toThrow('is no threshold');
  });
});

describe('judging', () => {
  const about = {
    service: 'component:default/cart',
    environment: 'staging',
    namespace: 'cart-staging',
    version: '1.0.0',
    hashes: ['abc', 'def'],
  };
  const look = async (
    change: Partial<Condition>,
    answers: Record<string, Answer>,
    hashes = about.hashes,
  ) => {
    const [one] = await judge(
      {
        ask: async query => answers[query] ?? { known: false, why: 'no data' },
      },
      [{ ...read, query: 'q', ...change }],
      { ...about, hashes },
      new AbortController().signal,
    );
    return `${one.state}: ${one.told}`;
  };
  const value = (number: number): Answer => ({ known: true, value: number });

  it('says with value and threshold whether it holds', async () => {
    expect(await look({}, { q: value(0.05) })).toBe(
      'held: error-rate is 0.05, good is at most 0.05',
    );
    expect(await look({}, { q: value(0.123456) })).toBe(
      'violated: error-rate is 0.1235, but has to be at most 0.05',
    );
    expect(await look({}, { q: value(Infinity) })).toMatch(/^violated/);
    expect(
      await look({ bound: 'min', threshold: 0.99 }, { q: value(0.98) }),
    ).toBe('violated: error-rate is 0.98, but has to be at least 0.99');
  });

  it('fills in what is known, and does not guess which pods are new', async () => {
    expect(
      await look(
        { query: 'q{pod=~"{service}-{podHash}-.*",n="{namespace}"}' },
        { 'q{pod=~"cart-(abc|def)-.*",n="cart-staging"}': value(0) },
      ),
    ).toMatch(/^held/);
    expect(await look({ query: '{podHash}' }, {}, [])).toBe(
      'unknown: error-rate could not be evaluated: the new pods are not known',
    );
  });

  it('takes neither missing data nor too few samples for a pass, unless the latter may be one', async () => {
    expect(await look({}, {})).toBe(
      'unknown: error-rate could not be evaluated: no data',
    );
    const samples = { query: 's', min: 20 };
    expect(await look({ samples }, { s: value(3), q: value(0) })).toBe(
      'unknown: error-rate could not be evaluated: only 3 of 20 samples in 1m',
    );
    expect(
      await look({ samples, fewSamples: 'pass' }, { s: value(3) }),
    ).toMatch(/^held: error-rate was not judged, as is allowed here/);
    expect(await look({ samples, fewSamples: 'pass' }, {})).toMatch(/^unknown/);
    expect(await look({ samples }, { s: value(20), q: value(0.9) })).toMatch(
      /^violated/,
    );
  });
});

describe('the analysis of canaries', () => {
  const rollout = (canary: object): KubernetesObject => ({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
    metadata: { name: 'cart' },
    spec: { replicas: 2, strategy: { canary } },
  });
  const options = {
    prometheus: 'http://prometheus:9090',
    service: 'cart',
    environment: 'staging',
    namespace: 'cart-staging',
    version: '1.0.0',
  };
  const steps = [{ setWeight: 50 }, { pause: {} }];

  it('is added beside what the repository says, and can be taken away again', () => {
    const own = {
      steps,
      analysis: {
        startingStep: 1,
        templates: [{ templateName: 'own' }],
        args: [{ name: 'a', value: 'b' }],
      },
    };
    for (const canary of [{ steps }, own]) {
      const before = [rollout(canary)];
      const after = addAnalysis(before, [read], options);
      expect(after[1]).toMatchObject({
        kind: 'AnalysisTemplate',
        metadata: { name: 'highroad-conditions', namespace: 'cart-staging' },
        spec: {
          metrics: [
            {
              name: 'platform-error-rate',
              successCondition: 'result[0] <= 0.05',
              // Argo Rollouts tries again after ten seconds.
              consecutiveErrorLimit: 12,
              provider: {
                prometheus: {
                  address: 'http://prometheus:9090',
                  query:
                    '(vector(scalar(rate(errors{namespace="cart-staging"}[1m]))) >= -Inf)',
                },
              },
            },
          ],
        },
      });
      expect(after[2]).toMatchObject({
        metadata: { name: 'highroad-conditions-of-step' },
        spec: {
          metrics: [
            {
              ...{ name: 'platform-error-rate', count: 1 },
              initialDelay: '{{args.highroad-wait}}',
              consecutiveErrorLimit: 12,
            },
          ],
        },
      });
      expect(after[0].spec).toMatchObject({
        strategy: {
          canary: {
            steps: [
              ...steps,
              {
                analysis: {
                  templates: [{ templateName: 'highroad-conditions-of-step' }],
                },
              },
            ],
            analysis: {
              startingStep: 1,
              templates: expect.arrayContaining([
                { templateName: 'highroad-conditions' },
              ]),
            },
          },
        },
      });
      expect(withoutAnalysis(after)).toEqual(before);
    }
  });

  it.each([
    [0, 0],
    [1, 1],
    [2, 3],
    [3, 4],
    // What is refused is not taken for a step that was added.
    [4, 6],
    [5, 7],
  ])(
    'begins at the same step of the repository’s, where that says %s',
    (startingStep, now) => {
      const own = rollout({
        steps: [{ setWeight: 10 }, ...[{ pause: {} }, ...steps]],
        analysis: { startingStep, templates: [{ templateName: 'own' }] },
      });
      const after = addAnalysis([own], [read], options);
      expect(after[0].spec).toMatchObject({
        strategy: { canary: { analysis: { startingStep: now } } },
      });
      expect(withoutAnalysis(after)).toEqual([own]);
    },
  );

  it('is not added where nothing shifts traffic or nothing is asked', () => {
    const blueGreen = {
      ...rollout({}),
      spec: { strategy: { blueGreen: {} } },
    };
    expect(addAnalysis([blueGreen], [read], options)).toEqual([blueGreen]);
    expect(addAnalysis([rollout({ steps })], [], options)).toHaveLength(1);
    for (const name of ['highroad-conditions', 'highroad-conditions-of-step']) {
      const own: KubernetesObject = {
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'AnalysisTemplate',
        metadata: { name },
      };
      expect(() => addAnalysis([own], [read], options)).toThrow(
        `${name}: this name is the platform’s`,
      );
    }
  });
});
