// npm run readme: everything in README.md that is made from other files; --check reaches both.
await import('./readme-tables.mjs')
await import('./readme-examples.mjs')
