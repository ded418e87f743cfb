export { servicePreviewField } from './field';
