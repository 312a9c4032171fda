/** From where env files are looked up, and for whom. */
export interface EnvFilePlace {
  readonly worker: string;
  readonly cwd: string;
  readonly rootDir: string;
}
