// The shape of a schedule's id: it stands in the workflow id, in paths and in logs.

export const SCHEDULE_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
