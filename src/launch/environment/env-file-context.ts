/** From where env files are looked up, and for which worker. */
export interface EnvFileContext {
  readonly worker: string;
  readonly cwd: string;
  readonly rootDir: string;
}
