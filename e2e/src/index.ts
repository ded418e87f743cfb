// Tests only; see README.md for how to run a part of them.
export {};
