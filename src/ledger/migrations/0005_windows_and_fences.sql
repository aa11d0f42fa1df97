ALTER TABLE "connected_accounts" ADD COLUMN "grant_saved_at" timestamp (3) with time zone;--> statement-breakpoint
UPDATE "connected_accounts" SET "grant_saved_at" = "connected_at";--> statement-breakpoint
ALTER TABLE "connected_accounts" ALTER COLUMN "grant_saved_at" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "connected_accounts" ADD COLUMN "rate_limits" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
-- Nobody knows which kind of call was throttled: until then, none is made.
UPDATE "connected_accounts" SET "rate_limits" = (
  SELECT jsonb_object_agg(kind, to_char("rate_limit_resets_at" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
  FROM unnest(array['create', 'read', 'upload', 'token']) AS kind
) WHERE "rate_limit_resets_at" > now();--> statement-breakpoint
ALTER TABLE "connected_accounts" DROP COLUMN "rate_limit_resets_at";--> statement-breakpoint
ALTER TABLE "intents" ADD COLUMN "duplicate" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "remote_objects" ADD COLUMN "fence" integer DEFAULT 0 NOT NULL;
