/** Whose code a line of a stack is in: the project's own, that of a runtime or library, or unknown. */
export type FrameKind = 'own' | 'library' | 'unknown';

/** Undefined for a line that is no part of a stack. */
export function frameKind(line: string): FrameKind | undefined {
  if (elision.test(line)) return 'library';
  if (!frame.test(line)) return undefined;
  if (library.test(line)) return 'library';
  return position.test(line) ? 'own' : 'unknown';
}

/** Of Node, the JVM, .NET; of Python; of Ruby, Go, PHP, Rust, Erlang, Elixir. */
const frame =
  /^\s+at |^ {2}File ".*", line \d+|^\s+from \S+:\d+|^\t\S+\.go:\d+|^#\d+ |^\s+\d+: [\w<]|^ {2}in (?:function|call from) |^ {4}(?:\([\w.]+(?: [\d.]+)?\) )?\S+\.exs?:\d+:|^goroutine \d+ \[|^(?:\s+|\*\* )\[?\{\w+,\w+,\d+,\[/;
const library =
  /\bnode:|[\\/]node_modules[\\/]|\(<anonymous>\)|\(native\)|[\\/](?:site|dist)-packages[\\/]|[\\/]lib[\\/](?:python|pypy)[\d.]*[\\/]|<frozen |^\s+at (?:[\w.-]+(?:@[\w.]+)?\/)?(?:java|javax|jakarta|jdk|sun|com\.sun|kotlin|kotlinx|scala|org\.(?:springframework|apache|hibernate|junit|slf4j|postgresql|codehaus)|io\.(?:netty|micronaut|quarkus)|reactor|com\.(?:rabbitmq|zaxxer|fasterxml)|System|Microsoft)\.|[\\/](?:gems|vendor|rustc)[\\/]|[\\/]lib[\\/]ruby[\\/]|<internal:|[\\/]go[\\/]src[\\/]|[\\/]pkg[\\/]mod[\\/]|^\s+\d+: (?:<?(?:core|std|alloc|tokio|__rustc|rust_|_*rust_begin))|\b(?:erl_eval|escript|init|proc_lib|gen_server|gen):\w+\/|^ {4}\((?:elixir|stdlib|kernel|mix|ex_unit|iex)\b|^#\d+ (?:\{main\}|\[internal)|^goroutine |^(?:\s+|\*\* )\[?\{(?:gen|gen_server|gen_statem|proc_lib|init|erlang|supervisor|application\w*),/;
const position =
  /:\d+(?::\d+)?\)?,?(?: \{)?$|", line \d+|\(\S+\.(?:java|kt|scala|groovy):\d+\)|:line \d+$|:\d+:in |\.go:\d+|\(\d+\): |\(\S+, line \d+\)|^\s+\d+: \w+::|\.exs?:\d+:|\{line,\d+\}/;
/** The head of a stack, and what stands for frames that were left out. */
const elision =
  /^Traceback \(most recent call last\):|^\s*\.{3} \d+ (?:more|common frames omitted|lines matching cause stack trace)|^Stack trace:|^stack backtrace:|^ {2}thrown in \S+ on line \d+$|^\s*--- End of |^\*\* Client \S+ stacktrace/;
