/** Whether an environment is production without being called so: then it stands beside its name. */
export function isProductionUnsaid(environment: {
  name: string;
  production: boolean;
}): boolean {
  const { name, production } = environment;
  return production && name !== 'production';
}
