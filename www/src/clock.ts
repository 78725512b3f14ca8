/** A time of day, as on the operator's wall. */
export const clock = (date: Date) => date.toLocaleTimeString("en-GB");
