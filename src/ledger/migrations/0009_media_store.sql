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
ALTER TABLE "stored_media" ADD CONSTRAINT "stored_media_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "stored_media_sha256_index" ON "stored_media" USING btree ("sha256");--> statement-breakpoint
CREATE INDEX "stored_media_last_named_at_index" ON "stored_media" USING btree ("last_named_at");--> statement-breakpoint
CREATE INDEX "schedule_versions_stored_media" ON "schedule_versions" USING gin ((content -> 'media') jsonb_path_ops) WHERE content @? '$.media[*].url ? (@ starts with "media:")';--> statement-breakpoint
CREATE INDEX "schedules_stored_media" ON "schedules" USING gin ((content -> 'media') jsonb_path_ops) WHERE content @? '$.media[*].url ? (@ starts with "media:")';