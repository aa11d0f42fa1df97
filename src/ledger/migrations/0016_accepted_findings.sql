ALTER TABLE "run_rechecks" ADD COLUMN "accepted_by" jsonb;--> statement-breakpoint
ALTER TABLE "run_rechecks" ADD COLUMN "accepted_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "run_rechecks" ADD COLUMN "accepted_note" text;--> statement-breakpoint
ALTER TABLE "run_rechecks" ADD CONSTRAINT "run_rechecks_accepted" CHECK (accepted_by is null or (not stands and verdict in ('changed', 'gone')));