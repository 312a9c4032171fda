/** True for a line that names an error: `Error: x`, `TypeError [CODE]: x`, `java.lang.IllegalStateException: x`, `panic: x`. */
export function isErrorHead(line: string): boolean {
  return heads.some(head => head.test(line));
}

/** True for a line that joins an error to the one it comes from. */
export function isErrorLink(line: string): boolean {
  return link.test(line);
}

/** True for a line that says where in a file a compiler found a mistake. */
export function isDiagnostic(line: string): boolean {
  return diagnostic.test(line);
}

const heads: readonly RegExp[] = [
  // Of node-pg, cargo, javac.
  /^error: \S/,
  // At the left margin, or behind what tells the thread.
  /^(?:Uncaught |Unhandled exception\. |Exception in thread .{1,80}? )?[\w.$]*(?:Error|Exception|Rejection|Interrupt|Exit)\b(?: \[\w+\])?(?:$|:)/,
  /^(?:panic|fatal error): |^thread '.*' (?:\(\d+\) )?panicked at |^\*\* \(\w[\w.]*\) |^\w+: exception error: |^\{?"?init terminating in do_boot\b/,
  /^(?:PHP )?Fatal error: |^\S+:\d+:in .*\([\w:]+\)$|^✘ \[ERROR\] |^\*\* Reason for termination|^\S.* at \S+\.(?:pl|pm|t) line \d+\.$/,
  // Behind what a logger writes.
  /^\S.*\b(?:ERROR|FATAL|CRITICAL|SEVERE)\b.*(?:[\w.$]*(?:Error|Exception)(?: \[\w+\])?: |Nest can't resolve dependencies)/,
];
const link =
  /^\s*(?:Caused by: |Suppressed: |\[cause\]: |---> )|^(?:During handling of the above exception|The above exception was the direct cause)|^\s+\[errors\]: \[/;
const diagnostic =
  /^\s*\S.*:\d+:\d+: (?:ERROR|error): |^\s*\S.*\(\d+,\d+\): error [A-Z]+\d+: |^\s*\S.*:\d+:\d+ - error TS\d+: /;
