/**
 * Whether the names of resources carry the vendor's own (Russian) term in brackets, as people know it from the web
 * app. The packages of a single service, which n8n reviews in English, are packed with `false` (`npm run packages`).
 */
export const LOCAL_TERMS: boolean = true;
