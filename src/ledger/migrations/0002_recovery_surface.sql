ALTER TABLE "audit_events" DROP CONSTRAINT "audit_events_hash_unique";--> statement-breakpoint
CREATE INDEX "audit_events_trace_id_position_index" ON "audit_events" USING btree ("trace_id","position");--> statement-breakpoint
CREATE INDEX "schedules_not_ended" ON "schedules" USING btree ("workspace_id","publish_at","id") WHERE state not in ('published', 'handoff_completed', 'canceled');--> statement-breakpoint
ALTER TABLE "audit_events" ADD CONSTRAINT "audit_events_hash" CHECK (length(hash) = 32);