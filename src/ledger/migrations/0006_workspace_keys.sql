-- Schedule ids become the workspace's own: every key and every table follows.
ALTER TABLE "schedules" ADD COLUMN "workflow_id" text;--> statement-breakpoint
-- Runs that are open keep the workflow id they were started under.
UPDATE "schedules" SET "workflow_id" = 'publish/' || "id";--> statement-breakpoint
ALTER TABLE "schedules" ALTER COLUMN "workflow_id" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "approvals" ADD COLUMN "workspace_id" uuid;--> statement-breakpoint
ALTER TABLE "attempts" ADD COLUMN "workspace_id" uuid;--> statement-breakpoint
ALTER TABLE "intents" ADD COLUMN "workspace_id" uuid;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "workspace_id" uuid;--> statement-breakpoint
ALTER TABLE "posts" ADD COLUMN "workspace_id" uuid;--> statement-breakpoint
ALTER TABLE "remote_objects" ADD COLUMN "workspace_id" uuid;--> statement-breakpoint
UPDATE "approvals" SET "workspace_id" = "schedules"."workspace_id" FROM "schedules" WHERE "schedules"."id" = "schedule_id";--> statement-breakpoint
UPDATE "attempts" SET "workspace_id" = "schedules"."workspace_id" FROM "schedules" WHERE "schedules"."id" = "schedule_id";--> statement-breakpoint
UPDATE "intents" SET "workspace_id" = "schedules"."workspace_id" FROM "schedules" WHERE "schedules"."id" = "schedule_id";--> statement-breakpoint
UPDATE "messages" SET "workspace_id" = "schedules"."workspace_id" FROM "schedules" WHERE "schedules"."id" = "schedule_id";--> statement-breakpoint
UPDATE "posts" SET "workspace_id" = "schedules"."workspace_id" FROM "schedules" WHERE "schedules"."id" = "schedule_id";--> statement-breakpoint
UPDATE "remote_objects" SET "workspace_id" = "schedules"."workspace_id" FROM "schedules" WHERE "schedules"."id" = "schedule_id";--> statement-breakpoint
ALTER TABLE "approvals" ALTER COLUMN "workspace_id" SET NOT NULL, DROP CONSTRAINT "approvals_schedule_id_schedules_id_fk";--> statement-breakpoint
ALTER TABLE "attempts" ALTER COLUMN "workspace_id" SET NOT NULL, DROP CONSTRAINT "attempts_schedule_id_schedules_id_fk", DROP CONSTRAINT "attempts_scheduleId_number_unique";--> statement-breakpoint
ALTER TABLE "intents" ALTER COLUMN "workspace_id" SET NOT NULL, DROP CONSTRAINT "intents_schedule_id_account_id_schedules_id_account_id_fk", DROP CONSTRAINT "intents_scheduleId_attemptNumber_unique";--> statement-breakpoint
ALTER TABLE "messages" ALTER COLUMN "workspace_id" SET NOT NULL, DROP CONSTRAINT "messages_schedule_id_schedules_id_fk", DROP CONSTRAINT "messages_schedule_id_message_id_pk";--> statement-breakpoint
ALTER TABLE "posts" ALTER COLUMN "workspace_id" SET NOT NULL, DROP CONSTRAINT "posts_schedule_id_account_id_schedules_id_account_id_fk", DROP CONSTRAINT "posts_one_per_fingerprint";--> statement-breakpoint
ALTER TABLE "remote_objects" ALTER COLUMN "workspace_id" SET NOT NULL, DROP CONSTRAINT "remote_objects_schedule_id_schedules_id_fk", DROP CONSTRAINT "remote_objects_schedule_id_key_pk";--> statement-breakpoint
DROP INDEX "approvals_schedule_id_fingerprint_decided_at_index";--> statement-breakpoint
DROP INDEX "attempts_one_running";--> statement-breakpoint
DROP INDEX "intents_one_open";--> statement-breakpoint
ALTER TABLE "schedules" DROP CONSTRAINT "schedules_id_accountId_unique", DROP CONSTRAINT "schedules_pkey";--> statement-breakpoint
ALTER TABLE "schedules" ADD CONSTRAINT "schedules_workspace_id_id_pk" PRIMARY KEY ("workspace_id", "id");--> statement-breakpoint
ALTER TABLE "schedules" ADD CONSTRAINT "schedules_workflow" UNIQUE ("workflow_id");--> statement-breakpoint
ALTER TABLE "schedules" ADD CONSTRAINT "schedules_account" UNIQUE ("workspace_id", "id", "account_id");--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_workspace_id_schedule_id_message_id_pk" PRIMARY KEY ("workspace_id", "schedule_id", "message_id");--> statement-breakpoint
ALTER TABLE "remote_objects" ADD CONSTRAINT "remote_objects_workspace_id_schedule_id_key_pk" PRIMARY KEY ("workspace_id", "schedule_id", "key");--> statement-breakpoint
ALTER TABLE "approvals" ADD CONSTRAINT "approvals_schedule" FOREIGN KEY ("workspace_id", "schedule_id") REFERENCES "schedules" ("workspace_id", "id");--> statement-breakpoint
ALTER TABLE "attempts" ADD CONSTRAINT "attempts_schedule" FOREIGN KEY ("workspace_id", "schedule_id") REFERENCES "schedules" ("workspace_id", "id");--> statement-breakpoint
ALTER TABLE "intents" ADD CONSTRAINT "intents_schedule" FOREIGN KEY ("workspace_id", "schedule_id", "account_id") REFERENCES "schedules" ("workspace_id", "id", "account_id");--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_schedule" FOREIGN KEY ("workspace_id", "schedule_id") REFERENCES "schedules" ("workspace_id", "id");--> statement-breakpoint
ALTER TABLE "posts" ADD CONSTRAINT "posts_schedule" FOREIGN KEY ("workspace_id", "schedule_id", "account_id") REFERENCES "schedules" ("workspace_id", "id", "account_id");--> statement-breakpoint
ALTER TABLE "remote_objects" ADD CONSTRAINT "remote_objects_schedule" FOREIGN KEY ("workspace_id", "schedule_id") REFERENCES "schedules" ("workspace_id", "id");--> statement-breakpoint
ALTER TABLE "attempts" ADD CONSTRAINT "attempts_number" UNIQUE ("workspace_id", "schedule_id", "number");--> statement-breakpoint
ALTER TABLE "intents" ADD CONSTRAINT "intents_attempt" UNIQUE ("workspace_id", "schedule_id", "attempt_number");--> statement-breakpoint
CREATE INDEX "approvals_workspace_id_schedule_id_fingerprint_decided_at_index" ON "approvals" USING btree ("workspace_id", "schedule_id", "fingerprint", "decided_at");--> statement-breakpoint
CREATE UNIQUE INDEX "attempts_one_running" ON "attempts" USING btree ("workspace_id", "schedule_id") WHERE ended_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "intents_one_open" ON "intents" USING btree ("workspace_id", "schedule_id") WHERE state in ('sent', 'unknown');--> statement-breakpoint
ALTER TABLE "posts" ADD CONSTRAINT "posts_one_per_fingerprint" UNIQUE ("workspace_id", "schedule_id", "account_id", "fingerprint");--> statement-breakpoint
CREATE OR REPLACE FUNCTION intent_needs_no_post() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM posts WHERE posts.workspace_id = NEW.workspace_id AND posts.schedule_id = NEW.schedule_id) THEN
    RAISE EXCEPTION 'schedule % already has a post: a second create is refused', NEW.schedule_id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;--> statement-breakpoint
CREATE OR REPLACE FUNCTION published_means_posted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE schedule schedules;
BEGIN
  IF TG_TABLE_NAME = 'posts' THEN
    SELECT * INTO schedule FROM schedules WHERE schedules.workspace_id = NEW.workspace_id AND schedules.id = NEW.schedule_id;
  ELSE
    SELECT * INTO schedule FROM schedules WHERE schedules.workspace_id = NEW.workspace_id AND schedules.id = NEW.id;
  END IF;
  IF (schedule.state = 'published') <> EXISTS (SELECT FROM posts WHERE posts.workspace_id = schedule.workspace_id
      AND posts.schedule_id = schedule.id AND posts.account_id = schedule.account_id
      AND posts.fingerprint = schedule.fingerprint) THEN
    RAISE EXCEPTION 'schedule %: state % contradicts its post', schedule.id, schedule.state USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE OR REPLACE FUNCTION posts_are_facts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.workspace_id, NEW.schedule_id, NEW.account_id, NEW.fingerprint, NEW.platform_post_id)
      = (OLD.workspace_id, OLD.schedule_id, OLD.account_id, OLD.fingerprint, OLD.platform_post_id) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'posts are facts: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
