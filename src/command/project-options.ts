/** The options that say which Jest project is meant; the same for every subcommand. */
export interface ProjectOptions {
  /** As Jest's own `--config`: a path, or JSON. */
  readonly config?: string;
  readonly rootDir?: string;
  /** The display name or the folder of a project. */
  readonly project?: string;
}
