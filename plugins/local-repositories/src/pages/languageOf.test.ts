import { languageOf } from './languageOf';

describe('languageOf', () => {
  it.each([
    ['cmd/server/main.go', 'go'],
    ['web/App.tsx', 'typescript'],
    ['Dockerfile', 'dockerfile'],
    ['make/build.mk', 'makefile'],
    ['pyproject.toml', 'ini'],
    ['LICENSE', 'text'],
    ['.gitignore', 'text'],
    ['go/README', 'text'],
  ])('takes %s for %s', (path, language) => {
    expect(languageOf(path)).toBe(language);
  });
});
