const BY_ENDING: Record<string, string> = {
  css: 'css',
  go: 'go',
  html: 'html',
  js: 'javascript',
  json: 'json',
  mjs: 'javascript',
  mk: 'makefile',
  py: 'python',
  sh: 'bash',
  sql: 'sql',
  toml: 'toml',
  ts: 'typescript',
  tsx: 'tsx',
  yaml: 'yaml',
  yml: 'yaml',
};
const BY_NAME: Record<string, string> = {
  Dockerfile: 'docker',
  Makefile: 'makefile',
};

/** What to highlight a file as; `text` for what is not known. */
export function languageOf(path: string): string {
  const name = path.split('/').pop() ?? '';
  const ending = name.includes('.') ? name.split('.').pop() ?? '' : '';
  return BY_NAME[name] ?? BY_ENDING[ending] ?? 'text';
}
