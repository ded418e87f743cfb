export { localRepositories as default } from './localRepositories';
export { localRepositoriesPlugin } from './plugin';
