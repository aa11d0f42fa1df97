CREATE TABLE "batch_items" (
	"batch_id" uuid NOT NULL,
	"place" integer NOT NULL,
	"workspace_id" uuid NOT NULL,
	"schedule_id" text NOT NULL,
	"attempts" integer NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"tries" integer DEFAULT 0 NOT NULL,
	"verdict" text,
	"reason" text,
	"says" text,
	"answered_at" timestamp (3) with time zone,
	CONSTRAINT "batch_items_batch_id_place_pk" PRIMARY KEY("batch_id","place")
);
--> statement-breakpoint
CREATE TABLE "batches" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" uuid NOT NULL,
	"account_id" uuid NOT NULL,
	"cause" text NOT NULL,
	"pace" jsonb NOT NULL,
	"skip_older" timestamp (3) with time zone,
	"note" text,
	"asked_by" jsonb NOT NULL,
	"asked_at" timestamp (3) with time zone NOT NULL,
	"canceled_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	"members" integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE "schedules" ADD COLUMN "cause_code" text GENERATED ALWAYS AS (coalesce(cause ->> 'code', case blocked_reason when 'not-connected' then 'reconnect_required'
    when 'x-media-capability-missing' then 'x_media_capability_missing' end)) STORED;--> statement-breakpoint
ALTER TABLE "batch_items" ADD CONSTRAINT "batch_items_batch_id_batches_id_fk" FOREIGN KEY ("batch_id") REFERENCES "public"."batches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "batch_items" ADD CONSTRAINT "batch_items_schedule" FOREIGN KEY ("workspace_id","schedule_id") REFERENCES "public"."schedules"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "batches" ADD CONSTRAINT "batches_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "batches" ADD CONSTRAINT "batches_account" FOREIGN KEY ("workspace_id","account_id") REFERENCES "public"."connected_accounts"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "batch_items_waiting" ON "batch_items" USING btree ("batch_id","due_at","place") WHERE verdict is null;--> statement-breakpoint
CREATE INDEX "batch_items_workspace_id_schedule_id_index" ON "batch_items" USING btree ("workspace_id","schedule_id");--> statement-breakpoint
CREATE INDEX "batches_workspace_id_asked_at_index" ON "batches" USING btree ("workspace_id","asked_at");--> statement-breakpoint
CREATE INDEX "batches_open" ON "batches" USING btree ("asked_at") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "schedules_counts" ON "schedules" USING btree ("workspace_id","state","publish_at","platform","account_id","cause_code") WHERE state not in ('published', 'handoff_completed', 'canceled');--> statement-breakpoint
CREATE INDEX "schedules_newest_failure" ON "schedules" USING btree ("workspace_id",(case when state in ('failed', 'blocked', 'repair_required', 'missed', 'handoff_pending') then 'person' when state in ('posting', 'retry_later', 'outcome_unknown', 'queued', 'held') then 'itself' when state in ('unconfirmed') then 'unknown' end),coalesce(failed_at, publish_at),"id") WHERE state not in ('published', 'handoff_completed', 'canceled');--> statement-breakpoint
CREATE INDEX "schedules_oldest_due" ON "schedules" USING btree ("workspace_id",(case when state in ('failed', 'blocked', 'repair_required', 'missed', 'handoff_pending') then 'person' when state in ('posting', 'retry_later', 'outcome_unknown', 'queued', 'held') then 'itself' when state in ('unconfirmed') then 'unknown' end),"publish_at","id") WHERE state not in ('published', 'handoff_completed', 'canceled');--> statement-breakpoint
CREATE INDEX "schedules_incidents" ON "schedules" USING btree ("workspace_id","account_id","cause_code","failed_at","publish_at") WHERE state in ('failed', 'blocked', 'repair_required');