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
ALTER TABLE "notification_cursors" ADD CONSTRAINT "notification_cursors_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notifications" ADD CONSTRAINT "notifications_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "told_incidents" ADD CONSTRAINT "told_incidents_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "notifications_newest" ON "notifications" USING btree ("workspace_id","created_at","id");--> statement-breakpoint
CREATE INDEX "notifications_due" ON "notifications" USING btree ("workspace_id","channel","next_try_at") WHERE state = 'waiting';--> statement-breakpoint
CREATE UNIQUE INDEX "told_incidents_one_open" ON "told_incidents" USING btree ("workspace_id","account_id","cause") WHERE closed_at is null;--> statement-breakpoint
CREATE INDEX "posts_newest" ON "posts" USING btree ("workspace_id","published_at");