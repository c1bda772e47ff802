/**
 * One line of the ledger: what was meant, and what became of each send. The same shapes as the ledger's members of
 * `Observation` in `@ondash/contract`, so that they can be fed to the monitor as they are.
 */
export type LedgerEntry =
  | {
      readonly kind: "plan";
      readonly eventId: string;
      readonly conversationId: string;
      readonly messageId: string;
      readonly topic: string;
    }
  | {
      readonly kind: "ack";
      readonly eventId: string;
      readonly topic: string;
      readonly partition: number;
      readonly offset: number;
    }
  | { readonly kind: "rejected"; readonly eventId: string; readonly topic: string; readonly error: string }
  | { readonly kind: "indefinite"; readonly eventId: string; readonly topic: string };
