import { parse, parseAllDocuments } from 'yaml';
import { HOSTILE_DESCRIPTION } from './support/answers';
import { listFiles, readText } from './support/files';
import { Combination } from './support/combinations';
import {
  RENDER_MS,
  renderServices,
  repositoryOf,
  VARIANTS,
} from './support/services';

const LOCK_FILES = ['package-lock.json', 'uv.lock', 'go.sum'];
const isLockFile = (file: string) => LOCK_FILES.includes(file);

/** Languages have braces and percent signs of their own; what is wrong there, their compilers find. */
const isSource = (file: string) => /\.(ts|tsx|js|py|go|sql)$/.test(file);

/** All lines but those with the description, which holds what looks like a template. */
function linesOf(folder: string): Array<{ file: string; text: string }> {
  return listFiles(folder).flatMap(file =>
    readText(folder, file)
      .split('\n')
      .filter(text => !text.includes('naïve 日本'))
      .map(text => ({ file, text })),
  );
}

function promisedFiles({ type, language }: Combination): string[] {
  return [
    ...['Makefile', 'make/language.mk', 'Dockerfile', 'compose.yaml'],
    ...['.github/workflows/ci.yml', 'renovate.json', 'README.md', 'mkdocs.yml'],
    ...['docs/index.md', 'docs/runbook.md'],
    'docs/adr/0001-how-this-service-began.md',
    ...['catalog-info.yaml', 'CODEOWNERS'],
    ...['platform/template.yaml', 'platform/environments/preview.yaml'],
    ...['alerts.yaml', 'alerts_test.yaml', 'dashboard.json'].map(
      file => `observability/${file}`,
    ),
    ...['.gitignore', '.dockerignore', '.editorconfig'],
    ...['workload', 'strategy', 'service', 'serviceaccount', 'disruption'].map(
      file => `deploy/base/${file}.yaml`,
    ),
    ...['autoscaling', 'network', 'monitor', 'kustomization'].map(
      file => `deploy/base/${file}.yaml`,
    ),
    ...['staging', 'production'].map(
      name => `deploy/overlays/${name}/kustomization.yaml`,
    ),
    ...(type === 'api' ? ['api/openapi.yaml'] : []),
    ...(type === 'worker' ? [] : ['deploy/base/ingress.yaml']),
    ...{
      go: ['go.mod', 'go.sum', '.golangci.yml'],
      typescript: ['package.json', 'package-lock.json', 'eslint.config.js'],
      python: ['pyproject.toml', 'uv.lock'],
    }[language],
  ];
}

beforeAll(renderServices, RENDER_MS);

describe.each(VARIANTS)('the repository of $id', variant => {
  const { id, combination, answers } = variant;
  const folder = repositoryOf(id);

  it('has every file that is promised', () => {
    expect(listFiles(folder)).toEqual(
      expect.arrayContaining(promisedFiles(combination)),
    );
  });

  it('has nothing left of the template in it', () => {
    const left = linesOf(folder).filter(
      ({ file, text }) =>
        /\$\{\{-? *(values|steps|parameters|each)\b|\[object Object\]/.test(
          text,
        ) ||
        (!isSource(file) && /\{[%#]|[%#]\}|\bundefined\b|\bNaN\b/.test(text)),
    );
    expect(left).toEqual([]);
  });

  it('is laid out as its editor settings ask for', () => {
    const untidy = listFiles(folder).filter(file => {
      const text = readText(folder, file);
      const blank = /\.(py|py\.mako)$/.test(file) ? /\n\n\n\n/ : /\n\n\n/;
      return (
        text !== '' &&
        (!text.endsWith('\n') ||
          text.endsWith('\n\n') ||
          text.startsWith('\n') ||
          text.includes('\r') ||
          / \n/.test(text) ||
          (blank.test(text) && !isLockFile(file)))
      );
    });
    expect(untidy).toEqual([]);
  });

  it('has YAML and JSON that can be read', () => {
    const problems = listFiles(folder).flatMap(file => {
      if (/\.ya?ml$/.test(file)) {
        return parseAllDocuments(readText(folder, file)).flatMap(document =>
          [...document.errors, ...document.warnings].map(
            ({ message }) => `${file}: ${message}`,
          ),
        );
      }
      if (file.endsWith('.json')) JSON.parse(readText(folder, file));
      return [];
    });
    expect(problems).toEqual([]);
  });

  it('records the answers it was made with', () => {
    const record = parse(readText(folder, 'platform/template.yaml'));
    expect(record.answers).toEqual(answers);
    expect(record.template).toEqual({ name: 'service', version: '1.0.0' });
    expect(record.values).toMatchObject({
      ...combination,
      name: answers.name,
      description: HOSTILE_DESCRIPTION,
      owner: 'group:default/payments-team',
      delivery: answers.delivery,
      repository: {
        slug: `${answers.gitHost ? 'acme' : 'payments-team'}/${answers.name}`,
        defaultBranch: 'main',
      },
    });
  });

  it('says what it does in the words of its creator, whatever they are', () => {
    const said = [
      parseAllDocuments(readText(folder, 'catalog-info.yaml'))[0].toJS()
        .metadata.description,
      parse(readText(folder, 'mkdocs.yml')).site_description,
      JSON.parse(readText(folder, 'observability/dashboard.json')).description,
      ...(combination.type === 'api'
        ? [parse(readText(folder, 'api/openapi.yaml')).info.description]
        : []),
    ];
    for (const text of said) expect(text).toBe(HOSTILE_DESCRIPTION);
    expect(readText(folder, 'README.md')).toContain(HOSTILE_DESCRIPTION);
  });

  it('links only to files that it has', () => {
    const files = listFiles(folder);
    const links = files
      .filter(file => file.endsWith('.md'))
      .flatMap(file =>
        [...readText(folder, file).matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)]
          .filter(([, target]) => target !== '')
          .map(([, target]) => new URL(target, `file:///${file}`).pathname),
      );
    expect(links).not.toEqual([]);
    expect(links.filter(link => !files.includes(link.slice(1)))).toEqual([]);

    // The first column of the table "Where things are".
    const [, shownTable] = readText(folder, 'README.md').split(
      '## Where things are\n',
    );
    const shown = [
      ...shownTable.split('\n## ')[0].matchAll(/^\| `([^`]+)` \|/gm),
    ].map(([, path]) => path.replace(/\/$/, ''));
    expect(shown).toEqual(expect.arrayContaining(['observability']));
    expect(
      shown.filter(
        path =>
          !files.some(file => file === path || file.startsWith(`${path}/`)),
      ),
    ).toEqual([]);
  });
});
