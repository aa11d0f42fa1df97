ALTER TABLE "attempts" DROP CONSTRAINT "attempts_outcome";--> statement-breakpoint
ALTER TABLE "intents" DROP CONSTRAINT "intents_state";--> statement-breakpoint
ALTER TABLE "schedules" ADD COLUMN "taken_in_as" text;--> statement-breakpoint
ALTER TABLE "attempts" ADD CONSTRAINT "attempts_outcome" CHECK (outcome is null or "attempts"."outcome" in ('published', 'refused', 'outcome_unknown', 'unconfirmed', 'rate_limited', 'not_sent', 'gate_blocked', 'interrupted'));--> statement-breakpoint
ALTER TABLE "intents" ADD CONSTRAINT "intents_state" CHECK ("intents"."state" in ('sent', 'unknown', 'live', 'refused', 'not_sent', 'absent', 'denied'));