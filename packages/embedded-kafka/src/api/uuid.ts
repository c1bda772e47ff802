/** The UUID that stands for none. */
export const ZERO_UUID = "00000000-0000-0000-0000-000000000000";
