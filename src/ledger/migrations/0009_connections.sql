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
ALTER TABLE "connection_flows" ADD CONSTRAINT "connection_flows_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connection_flows" ADD CONSTRAINT "connection_flows_account_id_connected_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."connected_accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "platform_apps" ADD CONSTRAINT "platform_apps_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "connection_flows_expires_at_index" ON "connection_flows" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "audit_events_account" ON "audit_events" USING btree ("workspace_id",(payload ->> 'accountId'),"position") WHERE type like 'account.%';--> statement-breakpoint
CREATE INDEX "posts_newest" ON "posts" USING btree ("account_id","published_at");