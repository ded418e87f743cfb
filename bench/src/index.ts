// Benches only; run them with: npm run bench -- NAME
export {};
