// A command cannot be carried out: its message is the one sentence a person reads, without a stack.
export class CommandRefused extends Error {
  override readonly name = 'CommandRefused';
}
