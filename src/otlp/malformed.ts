/** A body that is not what its content type says. */
export class MalformedBody extends Error {
  override readonly name = 'MalformedBody';
}
