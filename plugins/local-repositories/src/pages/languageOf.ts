/** Names as the highlighter knows them, by the ending of a file's name. */
const BY_ENDING: Record<string, string> = {
  css: 'css',
  go: 'go',
  html: 'xml',
  js: 'javascript',
  json: 'json',
  mjs: 'javascript',
  mk: 'makefile',
  py: 'python',
  sh: 'bash',
  sql: 'sql',
  svg: 'xml',
  toml: 'ini',
  ts: 'typescript',
  tsx: 'typescript',
  yaml: 'yaml',
  yml: 'yaml',
};
const BY_NAME: Record<string, string> = {
  Dockerfile: 'dockerfile',
  Makefile: 'makefile',
};

/** What to highlight a file as; `text` for what is not known. */
export function languageOf(path: string): string {
  const name = path.split('/').pop() ?? '';
  const ending = name.includes('.') ? name.split('.').pop() ?? '' : '';
  return BY_NAME[name] ?? BY_ENDING[ending] ?? 'text';
}
