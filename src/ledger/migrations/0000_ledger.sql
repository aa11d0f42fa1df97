CREATE TABLE "api_keys" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" uuid NOT NULL,
	"name" text NOT NULL,
	"prefix" text NOT NULL,
	"hash" "bytea" NOT NULL,
	"scopes" text[] NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	CONSTRAINT "api_keys_hash_unique" UNIQUE("hash")
);
--> statement-breakpoint
CREATE TABLE "connected_accounts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" uuid NOT NULL,
	"platform" text NOT NULL,
	"name" text NOT NULL,
	"remote_id" text NOT NULL,
	"api_base" text,
	"scopes" text[] NOT NULL,
	"status" text NOT NULL,
	"sealed_grant" "bytea" NOT NULL,
	"grant_version" integer DEFAULT 1 NOT NULL,
	"grant_expires_at" timestamp (3) with time zone,
	"media_capability_missing" boolean DEFAULT false NOT NULL,
	"rate_limit_resets_at" timestamp (3) with time zone,
	"connected_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	"created_by" jsonb NOT NULL,
	CONSTRAINT "connected_accounts_workspaceId_id_unique" UNIQUE("workspace_id","id"),
	CONSTRAINT "connected_accounts_status" CHECK ("connected_accounts"."status" in ('connected', 'reconnect_required', 'disconnected'))
);
--> statement-breakpoint
CREATE TABLE "leases" (
	"account_id" uuid PRIMARY KEY NOT NULL,
	"holder" text NOT NULL,
	"fence" integer NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "workspaces" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "workspaces_name_unique" UNIQUE("name")
);
--> statement-breakpoint
CREATE TABLE "audit_events" (
	"workspace_id" uuid NOT NULL,
	"position" bigint NOT NULL,
	"trace_id" uuid NOT NULL,
	"type" text NOT NULL,
	"schedule_id" text,
	"actor" jsonb NOT NULL,
	"payload" jsonb NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"previous_hash" "bytea" NOT NULL,
	"hash" "bytea" NOT NULL,
	CONSTRAINT "audit_events_workspace_id_position_pk" PRIMARY KEY("workspace_id","position"),
	CONSTRAINT "audit_events_hash_unique" UNIQUE("hash")
);
--> statement-breakpoint
CREATE TABLE "audit_heads" (
	"workspace_id" uuid PRIMARY KEY NOT NULL,
	"position" bigint NOT NULL,
	"hash" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rate_limits" (
	"key" text PRIMARY KEY NOT NULL,
	"points" integer NOT NULL,
	"expire" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "remembered_answers" (
	"workspace_id" uuid NOT NULL,
	"key" text NOT NULL,
	"operation" text NOT NULL,
	"request_hash" text NOT NULL,
	"status" integer,
	"body" jsonb,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "remembered_answers_workspace_id_operation_key_pk" PRIMARY KEY("workspace_id","operation","key")
);
--> statement-breakpoint
CREATE TABLE "approvals" (
	"id" uuid PRIMARY KEY NOT NULL,
	"schedule_id" text NOT NULL,
	"fingerprint" text NOT NULL,
	"verdict" text NOT NULL,
	"decided_by" jsonb NOT NULL,
	"decided_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "attempts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"schedule_id" text NOT NULL,
	"number" integer NOT NULL,
	"fence" integer NOT NULL,
	"worker" text NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"outcome" text,
	"cause" jsonb,
	CONSTRAINT "attempts_scheduleId_number_unique" UNIQUE("schedule_id","number"),
	CONSTRAINT "attempts_outcome" CHECK (outcome is null or "attempts"."outcome" in ('published', 'refused', 'outcome_unknown', 'unconfirmed', 'rate_limited', 'not_sent', 'gate_blocked', 'interrupted', 'absent')),
	CONSTRAINT "attempts_ended" CHECK ((ended_at is null) = (outcome is null))
);
--> statement-breakpoint
CREATE TABLE "intents" (
	"id" uuid PRIMARY KEY NOT NULL,
	"schedule_id" text NOT NULL,
	"account_id" uuid NOT NULL,
	"fingerprint" text NOT NULL,
	"attempt_number" integer NOT NULL,
	"fence" integer NOT NULL,
	"state" text NOT NULL,
	"sent_at" timestamp (3) with time zone NOT NULL,
	"send_deadline" timestamp (3) with time zone NOT NULL,
	"markers" jsonb NOT NULL,
	"if_absent" jsonb,
	"misses" integer DEFAULT 0 NOT NULL,
	"last_miss_at" timestamp (3) with time zone,
	"unreadable_since" timestamp (3) with time zone,
	"closed_at" timestamp (3) with time zone,
	CONSTRAINT "intents_scheduleId_attemptNumber_unique" UNIQUE("schedule_id","attempt_number"),
	CONSTRAINT "intents_state" CHECK ("intents"."state" in ('sent', 'unknown', 'live', 'refused', 'not_sent', 'absent'))
);
--> statement-breakpoint
CREATE TABLE "messages" (
	"schedule_id" text NOT NULL,
	"message_id" text NOT NULL,
	"name" text NOT NULL,
	"body" jsonb NOT NULL,
	"verdict" jsonb NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "messages_schedule_id_message_id_pk" PRIMARY KEY("schedule_id","message_id")
);
--> statement-breakpoint
CREATE TABLE "posts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"schedule_id" text NOT NULL,
	"account_id" uuid NOT NULL,
	"fingerprint" text NOT NULL,
	"platform_post_id" text NOT NULL,
	"url" text,
	"published_at" timestamp (3) with time zone NOT NULL,
	"evidence" text NOT NULL,
	CONSTRAINT "posts_one_per_fingerprint" UNIQUE("schedule_id","account_id","fingerprint"),
	CONSTRAINT "posts_claimed_once" UNIQUE("account_id","platform_post_id"),
	CONSTRAINT "posts_evidence" CHECK ("posts"."evidence" in ('answered', 'reconciled', 'resolved_by_person'))
);
--> statement-breakpoint
CREATE TABLE "remote_objects" (
	"schedule_id" text NOT NULL,
	"key" text NOT NULL,
	"value" jsonb NOT NULL,
	CONSTRAINT "remote_objects_schedule_id_key_pk" PRIMARY KEY("schedule_id","key")
);
--> statement-breakpoint
CREATE TABLE "schedules" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace_id" uuid NOT NULL,
	"account_id" uuid NOT NULL,
	"platform" text NOT NULL,
	"content" jsonb NOT NULL,
	"delivery" jsonb NOT NULL,
	"fingerprint" text NOT NULL,
	"publish_at" timestamp (3) with time zone NOT NULL,
	"state" text NOT NULL,
	"trace_id" uuid NOT NULL,
	"cause" jsonb,
	"blocked_reason" text,
	"failed_at" timestamp (3) with time zone,
	"wake_at" timestamp (3) with time zone,
	"attempts_made" integer DEFAULT 0 NOT NULL,
	"unsent_tries" integer DEFAULT 0 NOT NULL,
	"creator" jsonb NOT NULL,
	"last_actor" jsonb NOT NULL,
	"recovery_owner" jsonb,
	"handoff" jsonb,
	"workflow_started_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "schedules_id_accountId_unique" UNIQUE("id","account_id"),
	CONSTRAINT "schedules_state" CHECK ("schedules"."state" in ('queued', 'posting', 'retry_later', 'outcome_unknown', 'unconfirmed', 'failed', 'blocked', 'repair_required', 'handoff_pending', 'published', 'handoff_completed', 'canceled'))
);
--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connected_accounts" ADD CONSTRAINT "connected_accounts_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "leases" ADD CONSTRAINT "leases_account_id_connected_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."connected_accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "audit_events" ADD CONSTRAINT "audit_events_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "audit_heads" ADD CONSTRAINT "audit_heads_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "remembered_answers" ADD CONSTRAINT "remembered_answers_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "approvals" ADD CONSTRAINT "approvals_schedule_id_schedules_id_fk" FOREIGN KEY ("schedule_id") REFERENCES "public"."schedules"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "attempts" ADD CONSTRAINT "attempts_schedule_id_schedules_id_fk" FOREIGN KEY ("schedule_id") REFERENCES "public"."schedules"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intents" ADD CONSTRAINT "intents_schedule_id_account_id_schedules_id_account_id_fk" FOREIGN KEY ("schedule_id","account_id") REFERENCES "public"."schedules"("id","account_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_schedule_id_schedules_id_fk" FOREIGN KEY ("schedule_id") REFERENCES "public"."schedules"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "posts" ADD CONSTRAINT "posts_schedule_id_account_id_schedules_id_account_id_fk" FOREIGN KEY ("schedule_id","account_id") REFERENCES "public"."schedules"("id","account_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "remote_objects" ADD CONSTRAINT "remote_objects_schedule_id_schedules_id_fk" FOREIGN KEY ("schedule_id") REFERENCES "public"."schedules"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "schedules" ADD CONSTRAINT "schedules_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "schedules" ADD CONSTRAINT "schedules_workspace_id_account_id_connected_accounts_workspace_id_id_fk" FOREIGN KEY ("workspace_id","account_id") REFERENCES "public"."connected_accounts"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "connected_accounts_one_live" ON "connected_accounts" USING btree ("workspace_id","platform","remote_id") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "connected_accounts_workspace_id_name_index" ON "connected_accounts" USING btree ("workspace_id","name");--> statement-breakpoint
CREATE INDEX "approvals_schedule_id_fingerprint_decided_at_index" ON "approvals" USING btree ("schedule_id","fingerprint","decided_at");--> statement-breakpoint
CREATE UNIQUE INDEX "attempts_one_running" ON "attempts" USING btree ("schedule_id") WHERE ended_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "intents_one_open" ON "intents" USING btree ("schedule_id") WHERE state in ('sent', 'unknown');--> statement-breakpoint
CREATE INDEX "schedules_workspace_id_publish_at_id_index" ON "schedules" USING btree ("workspace_id","publish_at","id");--> statement-breakpoint
CREATE INDEX "schedules_wake" ON "schedules" USING btree ("wake_at") WHERE wake_at is not null;