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
ALTER TABLE "proof_exports" ADD CONSTRAINT "proof_exports_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proof_keys" ADD CONSTRAINT "proof_keys_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proof_secrets" ADD CONSTRAINT "proof_secrets_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "proof_exports_workspace_id_requested_at_index" ON "proof_exports" USING btree ("workspace_id","requested_at");--> statement-breakpoint
CREATE UNIQUE INDEX "proof_keys_one_active" ON "proof_keys" USING btree ("workspace_id") WHERE retired_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "proof_secrets_one_active" ON "proof_secrets" USING btree ("workspace_id") WHERE retired_at is null;