/** Another worker is at the stage; whoever asked comes again. */
export class StageBusy extends Error {
  override readonly name = 'StageBusy';
}
