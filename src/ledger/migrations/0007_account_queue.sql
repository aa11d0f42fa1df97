CREATE TABLE "account_waiters" (
	"workspace_id" uuid NOT NULL,
	"schedule_id" text NOT NULL,
	"account_id" uuid NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"ticket" bigserial NOT NULL,
	"since" timestamp (3) with time zone NOT NULL,
	"asks_at" timestamp (3) with time zone NOT NULL,
	"called_at" timestamp (3) with time zone,
	CONSTRAINT "account_waiters_workspace_id_schedule_id_pk" PRIMARY KEY("workspace_id","schedule_id")
);
--> statement-breakpoint
ALTER TABLE "leases" ADD COLUMN "waiting" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "leases" ADD COLUMN "turn" text;--> statement-breakpoint
ALTER TABLE "leases" ADD COLUMN "turn_until" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "account_waiters" ADD CONSTRAINT "account_waiters_schedule" FOREIGN KEY ("workspace_id","schedule_id") REFERENCES "public"."schedules"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "account_waiters_order" ON "account_waiters" USING btree ("account_id","due_at","ticket");