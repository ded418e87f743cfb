import { deploymentOperations } from './operations';

describe('what can be asked about deployments and done with them', () => {
  const all = Object.values(deploymentOperations);

  it('is there for templates and AI clients too, but for what only programs of the platform read', () => {
    const withoutAction = all
      .filter(operation => !operation.action)
      .map(({ name }) => name);
    expect(withoutAction.sort()).toEqual([
      // The action "status" says it with what a table leaves out.
      'board',
      // The plugin of environments has an action that names them.
      'environments',
      'events',
      // The action "diagnose" tells of them too.
      'pods',
      // The action "preview" says the same at once.
      'preview-steps',
      // Answers the plugins that keep secrets, which say it in their own words.
      'secret-needs',
      'secret-references',
    ]);
  });

  it('goes by a name of its own as an action', () => {
    const names = all.flatMap(({ action }) => action?.name ?? []);
    expect(new Set(names).size).toBe(names.length);
  });

  it('is told to be destructive where it changes what runs', () => {
    const mild = all.filter(
      ({ audit, action }) => audit !== 'no-effect' && !action?.destructive,
    );
    expect(mild.map(({ name }) => name)).toEqual(['deviation-end']);
  });
});
