CREATE TABLE "artifact_bytes" (
	"workspace_id" uuid NOT NULL,
	"sha256" text NOT NULL,
	"size_bytes" bigint NOT NULL,
	"bytes" "bytea",
	"stored_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "artifact_bytes_workspace_id_sha256_pk" PRIMARY KEY("workspace_id","sha256"),
	CONSTRAINT "artifact_bytes_sha256" CHECK (sha256 ~ '^[0-9a-f]{64}$')
);
--> statement-breakpoint
CREATE TABLE "pipeline_versions" (
	"version" text PRIMARY KEY NOT NULL,
	"contract" jsonb NOT NULL,
	"first_used_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "run_artifacts" (
	"workspace_id" uuid NOT NULL,
	"run_id" text NOT NULL,
	"name" text NOT NULL,
	"version" integer NOT NULL,
	"sha256" text NOT NULL,
	"media_type" text NOT NULL,
	"size_bytes" bigint NOT NULL,
	"provenance" jsonb NOT NULL,
	"made_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "run_artifacts_workspace_id_run_id_name_version_pk" PRIMARY KEY("workspace_id","run_id","name","version")
);
--> statement-breakpoint
CREATE TABLE "run_decisions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" uuid NOT NULL,
	"run_id" text NOT NULL,
	"stage_id" text NOT NULL,
	"fingerprint" text NOT NULL,
	"verdict" text NOT NULL,
	"decided_by" jsonb NOT NULL,
	"decided_at" timestamp (3) with time zone NOT NULL,
	"note" text
);
--> statement-breakpoint
CREATE TABLE "run_messages" (
	"workspace_id" uuid NOT NULL,
	"run_id" text NOT NULL,
	"message_id" text NOT NULL,
	"name" text NOT NULL,
	"body" jsonb NOT NULL,
	"verdict" jsonb NOT NULL,
	"actor" jsonb NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "run_messages_workspace_id_run_id_message_id_pk" PRIMARY KEY("workspace_id","run_id","message_id")
);
--> statement-breakpoint
CREATE TABLE "run_stages" (
	"workspace_id" uuid NOT NULL,
	"run_id" text NOT NULL,
	"stage_id" text NOT NULL,
	"place" integer NOT NULL,
	"state" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"tries_in_a_row" integer DEFAULT 0 NOT NULL,
	"cause" jsonb,
	"says" text,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "run_stages_workspace_id_run_id_stage_id_pk" PRIMARY KEY("workspace_id","run_id","stage_id"),
	CONSTRAINT "run_stages_state" CHECK ("run_stages"."state" in ('pending', 'running', 'waiting', 'succeeded', 'failed', 'blocked'))
);
--> statement-breakpoint
CREATE TABLE "runs" (
	"workspace_id" uuid NOT NULL,
	"id" text NOT NULL,
	"workflow_id" text NOT NULL,
	"pipeline" text NOT NULL,
	"version" text NOT NULL,
	"taken_in_as" text NOT NULL,
	"slug" text NOT NULL,
	"zone" text NOT NULL,
	"title" text,
	"state" text NOT NULL,
	"stage_id" text NOT NULL,
	"terminal" text,
	"wake_at" timestamp (3) with time zone,
	"trace_id" uuid NOT NULL,
	"creator" jsonb NOT NULL,
	"last_actor" jsonb NOT NULL,
	"owner" jsonb,
	"workflow_started_at" timestamp (3) with time zone,
	"run_to_tell" boolean DEFAULT false NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "runs_workspace_id_id_pk" PRIMARY KEY("workspace_id","id"),
	CONSTRAINT "runs_workflowId_unique" UNIQUE("workflow_id"),
	CONSTRAINT "runs_state" CHECK ("runs"."state" in ('running', 'waiting', 'failed', 'blocked', 'canceled', 'ended')),
	CONSTRAINT "runs_ended" CHECK ((state = 'ended') = (terminal is not null))
);
--> statement-breakpoint
CREATE TABLE "stage_attempts" (
	"workspace_id" uuid NOT NULL,
	"run_id" text NOT NULL,
	"stage_id" text NOT NULL,
	"number" integer NOT NULL,
	"runner" text NOT NULL,
	"worker" text NOT NULL,
	"fence" integer DEFAULT 1 NOT NULL,
	"held_until" timestamp (3) with time zone NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"outcome" text,
	"cause" jsonb,
	"evidence" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"inputs" jsonb NOT NULL,
	CONSTRAINT "stage_attempts_workspace_id_run_id_stage_id_number_pk" PRIMARY KEY("workspace_id","run_id","stage_id","number"),
	CONSTRAINT "stage_attempts_outcome" CHECK (outcome is null or "stage_attempts"."outcome" in ('succeeded', 'already_true', 'failed', 'blocked', 'unknown', 'interrupted', 'canceled')),
	CONSTRAINT "stage_attempts_ended" CHECK ((ended_at is null) = (outcome is null))
);
--> statement-breakpoint
ALTER TABLE "artifact_bytes" ADD CONSTRAINT "artifact_bytes_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run_artifacts" ADD CONSTRAINT "run_artifacts_run" FOREIGN KEY ("workspace_id","run_id") REFERENCES "public"."runs"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run_artifacts" ADD CONSTRAINT "run_artifacts_bytes" FOREIGN KEY ("workspace_id","sha256") REFERENCES "public"."artifact_bytes"("workspace_id","sha256") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run_decisions" ADD CONSTRAINT "run_decisions_run" FOREIGN KEY ("workspace_id","run_id") REFERENCES "public"."runs"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run_messages" ADD CONSTRAINT "run_messages_run" FOREIGN KEY ("workspace_id","run_id") REFERENCES "public"."runs"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run_stages" ADD CONSTRAINT "run_stages_run" FOREIGN KEY ("workspace_id","run_id") REFERENCES "public"."runs"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_version_pipeline_versions_version_fk" FOREIGN KEY ("version") REFERENCES "public"."pipeline_versions"("version") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stage_attempts" ADD CONSTRAINT "stage_attempts_run" FOREIGN KEY ("workspace_id","run_id") REFERENCES "public"."runs"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "run_decisions_workspace_id_run_id_fingerprint_decided_at_index" ON "run_decisions" USING btree ("workspace_id","run_id","fingerprint","decided_at");--> statement-breakpoint
CREATE INDEX "runs_workspace_id_created_at_id_index" ON "runs" USING btree ("workspace_id","created_at","id");--> statement-breakpoint
CREATE INDEX "runs_open" ON "runs" USING btree ("workspace_id","updated_at") WHERE state not in ('ended', 'canceled');--> statement-breakpoint
CREATE INDEX "runs_to_tell" ON "runs" USING btree ("workflow_id") WHERE run_to_tell;--> statement-breakpoint
CREATE INDEX "runs_unstarted" ON "runs" USING btree ("created_at") WHERE workflow_started_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "stage_attempts_one_open" ON "stage_attempts" USING btree ("workspace_id","run_id") WHERE ended_at is null;