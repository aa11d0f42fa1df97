CREATE TABLE "run_rechecks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" uuid NOT NULL,
	"run_id" text NOT NULL,
	"address" text NOT NULL,
	"asked_by" jsonb NOT NULL,
	"asked_at" timestamp (3) with time zone NOT NULL,
	"looks" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"checks" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"verdict" text,
	"says" text,
	"ended_at" timestamp (3) with time zone,
	"stands" boolean DEFAULT false NOT NULL,
	CONSTRAINT "run_rechecks_verdict" CHECK (verdict is null or "run_rechecks"."verdict" in ('live', 'changed', 'gone', 'unreadable')),
	CONSTRAINT "run_rechecks_ended" CHECK ((verdict is null) = (ended_at is null) and (verdict is null) = (says is null)),
	CONSTRAINT "run_rechecks_stands" CHECK (not stands or verdict in ('changed', 'gone'))
);
--> statement-breakpoint
ALTER TABLE "run_rechecks" ADD CONSTRAINT "run_rechecks_run" FOREIGN KEY ("workspace_id","run_id") REFERENCES "public"."runs"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "run_rechecks_workspace_id_run_id_asked_at_index" ON "run_rechecks" USING btree ("workspace_id","run_id","asked_at");--> statement-breakpoint
CREATE UNIQUE INDEX "run_rechecks_one_under_way" ON "run_rechecks" USING btree ("workspace_id","run_id") WHERE verdict is null;--> statement-breakpoint
CREATE UNIQUE INDEX "run_rechecks_one_stands" ON "run_rechecks" USING btree ("workspace_id","run_id") WHERE stands;