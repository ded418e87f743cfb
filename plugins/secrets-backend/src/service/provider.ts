/** Who asks for secrets that the platform makes itself, such as addresses of databases; it sets no others. */
export const PROVIDER = 'plugin:environments';
