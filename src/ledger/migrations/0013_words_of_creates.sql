ALTER TABLE "intents" ADD COLUMN "sent_call" jsonb;--> statement-breakpoint
ALTER TABLE "intents" ADD COLUMN "answer" jsonb;