import { parse, parseAllDocuments } from 'yaml';
import { templateWith } from './support/layerTree';
import {
  RenderedFile,
  Scaffolder,
  startScaffolder,
} from './support/scaffolder';
import { readTemplateFolder } from './support/templateFolder';

const JAVA = {
  'languages/java/layer.yaml': `
title: Java
version: '25'
requires: JDK 25
tags: [java]
tree:
  - { path: src/main/java, holds: The service }
ci:
  setup:
    - name: Set up Java
      uses: actions/setup-java@v5
      with: { distribution: temurin, java-version: '25' }
ignore:
  git: [target/]
  docker: [target/]
resources:
  requests: { cpu: 100m, memory: 256Mi }
  limits: { cpu: '1', memory: 512Mi }
startupSeconds: 60
panels:
  - { title: Heap, expr: 'sum by (pod) (jvm_memory_used_bytes{SELECTOR})', unit: bytes }
`,
  'languages/java/common/Dockerfile':
    'FROM eclipse-temurin:25.0.1\nUSER 65532:65532\nCMD ["java", "-jar", "service.jar"]\n',
  'languages/java/common/make/language.mk':
    'build: ## Build the archive\n\tmvn package\n',
  'languages/java/api/pom.xml.njk':
    '<project><artifactId>${{ values.name }}</artifactId></project>\n',
};

const REDIS = {
  'databases/redis/layer.yaml': `
title: Redis
type: redis
tags: [redis]
variable: REDIS_URL
url: redis://HOST:6379
port: 6379
container:
  name: redis
  image: redis:8.2.1
  environment: { REDIS_ARGS: --appendonly yes }
  data: /data
  health: redis-cli ping
`,
  'databases/redis/go/internal/redis/redis.go':
    '// Package redis keeps things in Redis.\npackage redis\n',
};

describe('adding to the template', () => {
  let scaffolder: Scaffolder;
  beforeAll(async () => {
    scaffolder = await startScaffolder();
  }, 60_000);
  afterAll(() => scaffolder.stop());

  async function render(
    change: Parameters<typeof templateWith>[0],
    answers: object,
  ): Promise<(path: string) => string> {
    const template = await templateWith(change);
    let files: RenderedFile[];
    try {
      files = await scaffolder.render(await readTemplateFolder(template.path), {
        name: 'cart',
        owner: 'payments-team',
        type: 'api',
        ...answers,
      });
    } finally {
      await template.remove();
    }
    return path => {
      const file = files.find(candidate => candidate.path === path);
      if (!file) throw new Error(`There is no ${path}`);
      return file.content.toString('utf8');
    };
  }

  const java = {
    files: JAVA,
    line: {
      old: 'enum: [go, typescript, python]',
      new: 'enum: [go, typescript, python, java]',
    },
  };

  it('takes a folder and one line for a language', async () => {
    const read = await render(java, { language: 'java' });

    expect(read('pom.xml')).toContain('<artifactId>cart</artifactId>');
    expect(read('Dockerfile')).toContain('temurin');
    expect(read('README.md')).toContain('JDK 25');
    expect(read('README.md')).toContain('`src/main/java`');
    expect(read('.gitignore').split('\n')).toContain('target/');
    expect(read('docs/adr/0001-how-this-service-began.md')).toContain('Java');
    const [component] = parseAllDocuments(read('catalog-info.yaml'));
    expect(component.toJS().metadata.tags).toEqual(['api', 'java']);
    const workflow = parse(read('.github/workflows/ci.yml'));
    expect(workflow.jobs.test.steps[1]).toEqual({
      name: 'Set up Java',
      uses: 'actions/setup-java@v5',
      with: { distribution: 'temurin', 'java-version': '25' },
    });
    const [container] = parse(read('deploy/base/workload.yaml')).spec.template
      .spec.containers;
    expect(container.resources.limits.memory).toBe('512Mi');
    expect(container.startupProbe.failureThreshold).toBe(60);
    expect(
      JSON.parse(read('observability/dashboard.json')).panels.map(
        (panel: { title: string }) => panel.title,
      ),
    ).toContain('Heap');
  }, 60_000);

  it('refuses, in words, a type that the language has nothing for', async () => {
    await expect(
      render(java, { language: 'java', type: 'worker' }),
    ).rejects.toThrow('There is no worker in java.');
  }, 60_000);

  it('takes a folder and one line for a database', async () => {
    const read = await render(
      {
        files: REDIS,
        line: {
          old: 'enum: [none, postgres]',
          new: 'enum: [none, postgres, redis]',
        },
      },
      { language: 'go', database: 'redis' },
    );

    expect(read('internal/redis/redis.go')).toContain('package redis');
    const compose = parse(read('compose.yaml'));
    expect(compose.services.redis.image).toBe('redis:8.2.1');
    expect(compose.services.cart.environment.REDIS_URL).toBe(
      'redis://redis:6379',
    );
    const workflow = parse(read('.github/workflows/ci.yml'));
    expect(workflow.jobs.test.services.redis.ports).toEqual(['6379:6379']);
    expect(parse(read('deploy/base/network.yaml')).spec.egress).toContainEqual({
      ports: [{ port: 6379 }],
    });
    const [container] = parse(read('deploy/base/workload.yaml')).spec.template
      .spec.containers;
    expect(container.env).toContainEqual({
      name: 'REDIS_URL',
      valueFrom: { secretKeyRef: { name: 'cart', key: 'REDIS_URL' } },
    });
    expect(
      parse(read('platform/environments/preview.yaml')).spec.databases,
    ).toEqual([{ type: 'redis' }]);
    expect(
      parseAllDocuments(read('catalog-info.yaml')).map(
        document => document.toJS().kind,
      ),
    ).toEqual(['Component', 'API', 'Resource']);
  }, 60_000);
});
