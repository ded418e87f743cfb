export { RepositoriesRouter } from './RepositoriesRouter';
