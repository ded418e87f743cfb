export { signIn as default } from './signIn';
export { requireRealSignIn } from './requireRealSignIn';
