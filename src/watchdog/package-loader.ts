/** With Yarn's PnP our own programs lie in an archive, which only `.pnp.cjs` can open. */
export function packageLoader(): readonly string[] {
  return process.versions.pnp === undefined ? [] : ['--require', require.resolve('pnpapi')];
}
