/** The frames of the thread that matters, the innermost first; the import machinery of Python left out. */
export function selectFrames(text: string): readonly string[] {
  const blocks = text.split(/\n\s*\n/).map(block => block.split('\n'));
  const block = blocks.find(([head = '']) => mainThread.test(head)) ?? blocks.find(isStack) ?? [];
  const lines = isStack(block) ? block.filter(line => frame.test(line)) : [];
  const told = lines.length > 0 ? lines : text.split('\n');
  return told.map(line => line.trim()).filter(line => line !== '' && !machinery.test(line));
}

/** Of faulthandler, of a JVM, of Go. */
const mainThread = /^(?:Current thread |"main" |goroutine 1 )/;
const frame = /^\s+(?:File "|at )|^\t\S+:\d+/;
const machinery = /<frozen (?:importlib|runpy)|node:internal/;

function isStack(block: readonly string[]): boolean {
  return block.some(line => frame.test(line));
}
