/** What a database said to a query of a test. Types that are published name none of a package whose types users may not have. */
export interface DatabaseAnswer {
  readonly rows: unknown[];
  readonly rowCount: number;
}
