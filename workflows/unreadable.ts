// What stands in the place of a value that nobody can read, for those who are handed it to tell.

export const UNREADABLE = '(a value that cannot be read)';
