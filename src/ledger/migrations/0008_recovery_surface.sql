CREATE EXTENSION IF NOT EXISTS pg_trgm;--> statement-breakpoint
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
CREATE TABLE "connection_flows" (
	"hash" "bytea" PRIMARY KEY NOT NULL,
	"workspace_id" uuid NOT NULL,
	"session_hash" "bytea" NOT NULL,
	"platform" text NOT NULL,
	"stage" text NOT NULL,
	"account_id" uuid,
	"name" text,
	"redirect_uri" text NOT NULL,
	"sealed" "bytea" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "connection_flows_stage" CHECK ("connection_flows"."stage" in ('asked', 'choosing'))
);
--> statement-breakpoint
CREATE TABLE "platform_apps" (
	"workspace_id" uuid NOT NULL,
	"platform" text NOT NULL,
	"client_id" text NOT NULL,
	"sealed_secret" "bytea",
	"api_base" text,
	"set_at" timestamp (3) with time zone NOT NULL,
	"set_by" jsonb NOT NULL,
	CONSTRAINT "platform_apps_workspace_id_platform_pk" PRIMARY KEY("workspace_id","platform")
);
--> statement-breakpoint
CREATE TABLE "holds" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" uuid NOT NULL,
	"scope" text NOT NULL,
	"target_id" text NOT NULL,
	"reason" text NOT NULL,
	"placed_by" jsonb NOT NULL,
	"placed_at" timestamp (3) with time zone NOT NULL,
	"released_by" jsonb,
	"released_at" timestamp (3) with time zone,
	"release" jsonb,
	CONSTRAINT "holds_scope" CHECK ("holds"."scope" in ('workspace', 'account', 'delivery_set'))
);
--> statement-breakpoint
CREATE TABLE "stored_media" (
	"workspace_id" uuid NOT NULL,
	"sha256" text NOT NULL,
	"media_type" text NOT NULL,
	"size_bytes" bigint NOT NULL,
	"facts" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"created_by" jsonb NOT NULL,
	"last_named_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "stored_media_workspace_id_sha256_pk" PRIMARY KEY("workspace_id","sha256"),
	CONSTRAINT "stored_media_type" CHECK ("stored_media"."media_type" in ('image/jpeg', 'image/png', 'image/gif', 'image/webp', 'video/mp4', 'video/quicktime')),
	CONSTRAINT "stored_media_sha256" CHECK (sha256 ~ '^[0-9a-f]{64}$')
);
--> statement-breakpoint
CREATE TABLE "notification_cursors" (
	"workspace_id" uuid PRIMARY KEY NOT NULL,
	"position" bigint NOT NULL,
	"grants_looked_at" timestamp (3) with time zone,
	"reported_from" timestamp (3) with time zone,
	"reported_until" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "notifications" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" uuid NOT NULL,
	"channel" text NOT NULL,
	"key" text NOT NULL,
	"telling" jsonb NOT NULL,
	"state" text NOT NULL,
	"tries" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"tried_at" timestamp (3) with time zone,
	"next_try_at" timestamp (3) with time zone,
	"delivered_at" timestamp (3) with time zone,
	"failure" text,
	CONSTRAINT "notifications_once" UNIQUE("workspace_id","channel","key"),
	CONSTRAINT "notifications_state" CHECK ("notifications"."state" in ('waiting', 'delivered', 'dead')),
	CONSTRAINT "notifications_next_try" CHECK ((state = 'waiting') = (next_try_at is not null))
);
--> statement-breakpoint
CREATE TABLE "told_incidents" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" uuid NOT NULL,
	"account_id" uuid NOT NULL,
	"cause" text NOT NULL,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"closed_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "invitations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" uuid NOT NULL,
	"email" text NOT NULL,
	"role" text NOT NULL,
	"invited_by" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"accepted_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	CONSTRAINT "invitations_role" CHECK ("invitations"."role" in ('viewer', 'operator', 'approver', 'admin'))
);
--> statement-breakpoint
CREATE TABLE "memberships" (
	"workspace_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"role" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "memberships_workspace_id_user_id_pk" PRIMARY KEY("workspace_id","user_id"),
	CONSTRAINT "memberships_role" CHECK ("memberships"."role" in ('viewer', 'operator', 'approver', 'admin'))
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"hash" "bytea" PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"workspace_id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"last_seen_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sign_in_links" (
	"hash" "bytea" PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"workspace_id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"email" text,
	"issuer" text,
	"subject" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "users_email_unique" UNIQUE("email"),
	CONSTRAINT "users_identity" UNIQUE("issuer","subject"),
	CONSTRAINT "users_identity_whole" CHECK ((issuer is null) = (subject is null))
);
--> statement-breakpoint
CREATE TABLE "proof_exports" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" uuid NOT NULL,
	"range_from" timestamp (3) with time zone NOT NULL,
	"range_to" timestamp (3) with time zone NOT NULL,
	"platforms" text[] NOT NULL,
	"accounts" jsonb NOT NULL,
	"requested_by" jsonb NOT NULL,
	"requested_at" timestamp (3) with time zone NOT NULL,
	"state" text NOT NULL,
	"records" integer DEFAULT 0 NOT NULL,
	"records_in_all" integer,
	"finished_at" timestamp (3) with time zone,
	"size_bytes" bigint,
	"sha256" text,
	"problem" text,
	CONSTRAINT "proof_exports_state" CHECK ("proof_exports"."state" in ('queued', 'running', 'done', 'failed'))
);
--> statement-breakpoint
CREATE TABLE "proof_keys" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace_id" uuid NOT NULL,
	"public_key" text NOT NULL,
	"sealed_private_key" "bytea" NOT NULL,
	"made_by" jsonb NOT NULL,
	"made_at" timestamp (3) with time zone NOT NULL,
	"retired_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "proof_secrets" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" uuid NOT NULL,
	"sealed_secret" "bytea" NOT NULL,
	"made_by" jsonb NOT NULL,
	"made_at" timestamp (3) with time zone NOT NULL,
	"retired_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "review_links" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" uuid NOT NULL,
	"schedule_id" text NOT NULL,
	"fingerprint" text NOT NULL,
	"label" text NOT NULL,
	"hash" "bytea" NOT NULL,
	"made_by" jsonb NOT NULL,
	"made_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"decided" text,
	"decided_at" timestamp (3) with time zone,
	"reviewer" text,
	"comment" text,
	"revoked_at" timestamp (3) with time zone,
	CONSTRAINT "review_links_hash_unique" UNIQUE("hash")
);
--> statement-breakpoint
CREATE TABLE "schedule_versions" (
	"workspace_id" uuid NOT NULL,
	"schedule_id" text NOT NULL,
	"fingerprint" text NOT NULL,
	"account_id" uuid NOT NULL,
	"content" jsonb NOT NULL,
	"delivery" jsonb NOT NULL,
	"changed" text[] NOT NULL,
	"replaced_at" timestamp (3) with time zone NOT NULL,
	"replaced_by" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sign_in_flows" (
	"state" "bytea" PRIMARY KEY NOT NULL,
	"browser" "bytea" NOT NULL,
	"back" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tonight_checks" (
	"workspace_id" uuid NOT NULL,
	"schedule_id" text NOT NULL,
	"fingerprint" text NOT NULL,
	"checked_at" timestamp (3) with time zone NOT NULL,
	"findings" jsonb NOT NULL,
	CONSTRAINT "tonight_checks_workspace_id_schedule_id_pk" PRIMARY KEY("workspace_id","schedule_id")
);
--> statement-breakpoint
ALTER TABLE "schedules" DROP CONSTRAINT "schedules_state";--> statement-breakpoint
ALTER TABLE "intents" DROP CONSTRAINT "intents_schedule";
--> statement-breakpoint
DROP INDEX "schedules_not_ended";--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "last_used_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "workspaces" ADD COLUMN "publish_within_ms" bigint;--> statement-breakpoint
ALTER TABLE "approvals" ADD COLUMN "note" text;--> statement-breakpoint
ALTER TABLE "approvals" ADD COLUMN "review_link_id" uuid;--> statement-breakpoint
ALTER TABLE "schedules"
  ADD COLUMN "run_to_tell" boolean DEFAULT false NOT NULL,
  ADD COLUMN "publish_before" timestamp (3) with time zone,
  ADD COLUMN "delivery_set_id" text,
  ADD COLUMN "cause_code" text GENERATED ALWAYS AS (coalesce(cause ->> 'code', case blocked_reason when 'not-connected' then 'reconnect_required'
    when 'x-media-capability-missing' then 'x_media_capability_missing' end)) STORED,
  ADD COLUMN "named_owner_id" text GENERATED ALWAYS AS (coalesce(
    case when delivery ->> 'mode' = 'handoff' or handoff is not null then handoff -> 'owner' ->> 'id' end, recovery_owner ->> 'id')) STORED,
  ADD COLUMN "last_user_id" text GENERATED ALWAYS AS (case when last_actor ->> 'type' = 'USER' then last_actor ->> 'id' end) STORED,
  ADD COLUMN "creator_id" text GENERATED ALWAYS AS (case when creator ->> 'type' <> 'SYSTEM' then creator ->> 'id' end) STORED;--> statement-breakpoint
ALTER TABLE "batch_items" ADD CONSTRAINT "batch_items_batch_id_batches_id_fk" FOREIGN KEY ("batch_id") REFERENCES "public"."batches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "batch_items" ADD CONSTRAINT "batch_items_schedule" FOREIGN KEY ("workspace_id","schedule_id") REFERENCES "public"."schedules"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "batches" ADD CONSTRAINT "batches_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "batches" ADD CONSTRAINT "batches_account" FOREIGN KEY ("workspace_id","account_id") REFERENCES "public"."connected_accounts"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connection_flows" ADD CONSTRAINT "connection_flows_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connection_flows" ADD CONSTRAINT "connection_flows_account_id_connected_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."connected_accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "platform_apps" ADD CONSTRAINT "platform_apps_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "holds" ADD CONSTRAINT "holds_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stored_media" ADD CONSTRAINT "stored_media_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notification_cursors" ADD CONSTRAINT "notification_cursors_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notifications" ADD CONSTRAINT "notifications_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "told_incidents" ADD CONSTRAINT "told_incidents_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sign_in_links" ADD CONSTRAINT "sign_in_links_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sign_in_links" ADD CONSTRAINT "sign_in_links_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proof_exports" ADD CONSTRAINT "proof_exports_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proof_keys" ADD CONSTRAINT "proof_keys_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proof_secrets" ADD CONSTRAINT "proof_secrets_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "review_links" ADD CONSTRAINT "review_links_schedule" FOREIGN KEY ("workspace_id","schedule_id") REFERENCES "public"."schedules"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "schedule_versions" ADD CONSTRAINT "schedule_versions_schedule" FOREIGN KEY ("workspace_id","schedule_id") REFERENCES "public"."schedules"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tonight_checks" ADD CONSTRAINT "tonight_checks_schedule" FOREIGN KEY ("workspace_id","schedule_id") REFERENCES "public"."schedules"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "batch_items_waiting" ON "batch_items" USING btree ("batch_id","due_at","place") WHERE verdict is null;--> statement-breakpoint
CREATE INDEX "batch_items_workspace_id_schedule_id_index" ON "batch_items" USING btree ("workspace_id","schedule_id");--> statement-breakpoint
CREATE INDEX "batches_workspace_id_asked_at_index" ON "batches" USING btree ("workspace_id","asked_at");--> statement-breakpoint
CREATE INDEX "batches_open" ON "batches" USING btree ("asked_at") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "connection_flows_expires_at_index" ON "connection_flows" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "holds_one_active" ON "holds" USING btree ("workspace_id","scope","target_id") WHERE released_at is null;--> statement-breakpoint
CREATE INDEX "stored_media_sha256_index" ON "stored_media" USING btree ("sha256");--> statement-breakpoint
CREATE INDEX "stored_media_last_named_at_index" ON "stored_media" USING btree ("last_named_at");--> statement-breakpoint
CREATE INDEX "notifications_newest" ON "notifications" USING btree ("workspace_id","created_at","id");--> statement-breakpoint
CREATE INDEX "notifications_due" ON "notifications" USING btree ("workspace_id","channel","next_try_at") WHERE state = 'waiting';--> statement-breakpoint
CREATE UNIQUE INDEX "told_incidents_one_open" ON "told_incidents" USING btree ("workspace_id","account_id","cause") WHERE closed_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "invitations_one_open" ON "invitations" USING btree ("workspace_id","email") WHERE accepted_at is null and revoked_at is null;--> statement-breakpoint
CREATE INDEX "memberships_user_id_index" ON "memberships" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "sessions_user_id_index" ON "sessions" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "sessions_expires_at_index" ON "sessions" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "proof_exports_workspace_id_requested_at_index" ON "proof_exports" USING btree ("workspace_id","requested_at");--> statement-breakpoint
CREATE UNIQUE INDEX "proof_keys_one_active" ON "proof_keys" USING btree ("workspace_id") WHERE retired_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "proof_secrets_one_active" ON "proof_secrets" USING btree ("workspace_id") WHERE retired_at is null;--> statement-breakpoint
CREATE INDEX "review_links_workspace_id_schedule_id_made_at_index" ON "review_links" USING btree ("workspace_id","schedule_id","made_at");--> statement-breakpoint
CREATE INDEX "schedule_versions_workspace_id_schedule_id_replaced_at_index" ON "schedule_versions" USING btree ("workspace_id","schedule_id","replaced_at");--> statement-breakpoint
CREATE INDEX "schedule_versions_stored_media" ON "schedule_versions" USING gin ((content -> 'media') jsonb_path_ops) WHERE content @? '$.media[*].url ? (@ starts with "media:")';--> statement-breakpoint
CREATE INDEX "sign_in_flows_expires_at_index" ON "sign_in_flows" USING btree ("expires_at");--> statement-breakpoint
ALTER TABLE "intents" ADD CONSTRAINT "intents_account" FOREIGN KEY ("workspace_id","account_id") REFERENCES "public"."connected_accounts"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intents" ADD CONSTRAINT "intents_schedule" FOREIGN KEY ("workspace_id","schedule_id") REFERENCES "public"."schedules"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_events_account" ON "audit_events" USING btree ("workspace_id",(payload ->> 'accountId'),"position") WHERE type like 'account.%';--> statement-breakpoint
CREATE INDEX "posts_newest_of_account" ON "posts" USING btree ("account_id","published_at");--> statement-breakpoint
CREATE INDEX "posts_newest_of_workspace" ON "posts" USING btree ("workspace_id","published_at");--> statement-breakpoint
CREATE INDEX "schedules_person_by_failure" ON "schedules" USING btree ("workspace_id",coalesce(failed_at, publish_at),"id","publish_at","state","failed_at","platform","account_id","cause_code","named_owner_id","last_user_id","creator_id") WHERE state in ('failed', 'blocked', 'repair_required', 'missed', 'handoff_pending');--> statement-breakpoint
CREATE INDEX "schedules_person_by_due" ON "schedules" USING btree ("workspace_id","publish_at","id","state","failed_at","platform","account_id","cause_code","named_owner_id","last_user_id","creator_id") WHERE state in ('failed', 'blocked', 'repair_required', 'missed', 'handoff_pending');--> statement-breakpoint
CREATE INDEX "schedules_itself_by_failure" ON "schedules" USING btree ("workspace_id",coalesce(failed_at, publish_at),"id","publish_at","state","failed_at","platform","account_id","cause_code","named_owner_id","last_user_id","creator_id") WHERE state in ('posting', 'retry_later', 'outcome_unknown', 'queued', 'held');--> statement-breakpoint
CREATE INDEX "schedules_itself_by_due" ON "schedules" USING btree ("workspace_id","publish_at","id","state","failed_at","platform","account_id","cause_code","named_owner_id","last_user_id","creator_id") WHERE state in ('posting', 'retry_later', 'outcome_unknown', 'queued', 'held');--> statement-breakpoint
CREATE INDEX "schedules_unknown_by_failure" ON "schedules" USING btree ("workspace_id",coalesce(failed_at, publish_at),"id","publish_at","state","failed_at","platform","account_id","cause_code","named_owner_id","last_user_id","creator_id") WHERE state in ('unconfirmed');--> statement-breakpoint
CREATE INDEX "schedules_unknown_by_due" ON "schedules" USING btree ("workspace_id","publish_at","id","state","failed_at","platform","account_id","cause_code","named_owner_id","last_user_id","creator_id") WHERE state in ('unconfirmed');--> statement-breakpoint
CREATE INDEX "schedules_words" ON "schedules" USING gin ((content ->> 'text') gin_trgm_ops,id gin_trgm_ops) WHERE state in ('unconfirmed', 'failed', 'blocked', 'repair_required', 'handoff_pending', 'missed');--> statement-breakpoint
CREATE INDEX "schedules_incidents" ON "schedules" USING btree ("workspace_id","account_id","cause_code","failed_at","publish_at") WHERE state in ('failed', 'blocked', 'repair_required');--> statement-breakpoint
CREATE INDEX "schedules_to_tell" ON "schedules" USING btree ("workflow_id") WHERE run_to_tell;--> statement-breakpoint
CREATE INDEX "schedules_delivery_set" ON "schedules" USING btree ("workspace_id","delivery_set_id") WHERE delivery_set_id is not null;--> statement-breakpoint
CREATE INDEX "schedules_stored_media" ON "schedules" USING gin ((content -> 'media') jsonb_path_ops) WHERE content @? '$.media[*].url ? (@ starts with "media:")';--> statement-breakpoint
ALTER TABLE "schedules" ADD CONSTRAINT "schedules_state" CHECK ("schedules"."state" in ('queued', 'posting', 'retry_later', 'outcome_unknown', 'unconfirmed', 'failed', 'blocked', 'repair_required', 'handoff_pending', 'held', 'missed', 'published', 'handoff_completed', 'canceled'));