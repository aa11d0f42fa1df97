/** A picture is not built as its type says, so nothing can be taken out of it without harm. */
export class NotWellFormed extends Error {
  override readonly name = 'NotWellFormed';
  constructor(type: string) {
    super(`is not a well-formed ${type} file`);
  }
}
