CREATE TABLE "alarms" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"severity" text NOT NULL,
	"state" text NOT NULL,
	"says" text NOT NULL,
	"trace_id" uuid NOT NULL,
	"count" integer NOT NULL,
	"first_at" timestamp (3) with time zone NOT NULL,
	"last_at" timestamp (3) with time zone NOT NULL,
	"ended_by" text,
	"resolved_at" timestamp (3) with time zone,
	"words" jsonb NOT NULL,
	CONSTRAINT "alarms_kind" CHECK ("alarms"."kind" in ('connector_rejects', 'routing_undecided', 'task_stuck', 'integration_down', 'call_mismatch', 'watcher_failing', 'rule_storm', 'audit_unwritable', 'secret_leak_detected')),
	CONSTRAINT "alarms_severity" CHECK ("alarms"."severity" in ('warning', 'critical')),
	CONSTRAINT "alarms_state" CHECK ("alarms"."state" in ('open', 'acked', 'resolved')),
	CONSTRAINT "alarms_resolved" CHECK ((state = 'resolved') = (resolved_at is not null))
);
--> statement-breakpoint
CREATE TABLE "connectors" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" uuid NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"mapping" jsonb,
	"sealed_secret" "bytea" NOT NULL,
	"dedupe_window_s" integer NOT NULL,
	"llm_fallback" boolean NOT NULL,
	"enabled" boolean NOT NULL,
	"rejects_in_a_row" integer NOT NULL,
	"last_event_at" timestamp (3) with time zone,
	"made_by" jsonb NOT NULL,
	"made_at" timestamp (3) with time zone NOT NULL,
	"removed_at" timestamp (3) with time zone,
	CONSTRAINT "connectors_kind" CHECK ("connectors"."kind" in ('generic', 'mapped', 'ghost', 'wordpress')),
	CONSTRAINT "connectors_mapping" CHECK ((kind = 'mapped') = (mapping is not null))
);
--> statement-breakpoint
CREATE TABLE "event_keys" (
	"workspace_id" uuid NOT NULL,
	"key" text NOT NULL,
	"event_id" uuid NOT NULL,
	"until" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "event_keys_workspace_id_key_pk" PRIMARY KEY("workspace_id","key")
);
--> statement-breakpoint
CREATE TABLE "events" (
	"workspace_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"channel" text NOT NULL,
	"connector_id" text NOT NULL,
	"message_id" text NOT NULL,
	"dedupe_key" text NOT NULL,
	"trace_id" uuid NOT NULL,
	"parent_id" uuid,
	"depth" integer NOT NULL,
	"occurred_at" timestamp (3) with time zone NOT NULL,
	"ingested_at" timestamp (3) with time zone NOT NULL,
	"actor" jsonb,
	"content" jsonb NOT NULL,
	"routing" text NOT NULL,
	"routed_at" timestamp (3) with time zone,
	CONSTRAINT "events_workspace_id_id_pk" PRIMARY KEY("workspace_id","id"),
	CONSTRAINT "events_channel" CHECK ("events"."channel" in ('webhook', 'watcher', 'schedule', 'rule')),
	CONSTRAINT "events_routing" CHECK ("events"."routing" in ('pending', 'routed', 'kept', 'unhandled', 'asked')),
	CONSTRAINT "events_routed" CHECK ((routing = 'pending') = (routed_at is null)),
	CONSTRAINT "events_depth" CHECK (depth between 0 and 5),
	CONSTRAINT "events_dedupe_key" CHECK (dedupe_key ~ '^[0-9a-f]{64}$')
);
--> statement-breakpoint
CREATE TABLE "event_actions" (
	"workspace_id" uuid NOT NULL,
	"event_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"rule_id" uuid NOT NULL,
	"action" jsonb NOT NULL,
	"state" text NOT NULL,
	"result" text,
	"decided_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "event_actions_workspace_id_event_id_number_pk" PRIMARY KEY("workspace_id","event_id","number"),
	CONSTRAINT "event_actions_state" CHECK ("event_actions"."state" in ('pending', 'done', 'failed')),
	CONSTRAINT "event_actions_ended" CHECK ((state = 'pending') = (ended_at is null))
);
--> statement-breakpoint
CREATE TABLE "rule_fires" (
	"rule_id" uuid NOT NULL,
	"event_id" uuid NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"alike" text,
	CONSTRAINT "rule_fires_rule_id_event_id_pk" PRIMARY KEY("rule_id","event_id")
);
--> statement-breakpoint
CREATE TABLE "rules" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" uuid NOT NULL,
	"name" text NOT NULL,
	"definition" jsonb NOT NULL,
	"enabled" boolean NOT NULL,
	"hits" integer NOT NULL,
	"suppressed" integer NOT NULL,
	"last_fired_at" timestamp (3) with time zone,
	"made_by" jsonb NOT NULL,
	"made_at" timestamp (3) with time zone NOT NULL,
	"changed_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "alarms" ADD CONSTRAINT "alarms_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connectors" ADD CONSTRAINT "connectors_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "event_keys" ADD CONSTRAINT "event_keys_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "events" ADD CONSTRAINT "events_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "event_actions" ADD CONSTRAINT "event_actions_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rule_fires" ADD CONSTRAINT "rule_fires_rule_id_rules_id_fk" FOREIGN KEY ("rule_id") REFERENCES "public"."rules"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rules" ADD CONSTRAINT "rules_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "alarms_one_standing" ON "alarms" USING btree ("workspace_id","kind","subject") WHERE state <> 'resolved';--> statement-breakpoint
CREATE INDEX "alarms_workspace_id_last_at_index" ON "alarms" USING btree ("workspace_id","last_at");--> statement-breakpoint
CREATE UNIQUE INDEX "connectors_name" ON "connectors" USING btree ("workspace_id","name") WHERE removed_at is null;--> statement-breakpoint
CREATE INDEX "event_keys_until_index" ON "event_keys" USING btree ("until");--> statement-breakpoint
CREATE INDEX "events_workspace_id_ingested_at_index" ON "events" USING btree ("workspace_id","ingested_at");--> statement-breakpoint
CREATE INDEX "events_to_route" ON "events" USING btree ("ingested_at") WHERE routing = 'pending';--> statement-breakpoint
CREATE INDEX "event_actions_to_do" ON "event_actions" USING btree ("decided_at") WHERE state = 'pending';--> statement-breakpoint
CREATE INDEX "rule_fires_rule_id_at_index" ON "rule_fires" USING btree ("rule_id","at");--> statement-breakpoint
CREATE INDEX "rule_fires_rule_id_alike_at_index" ON "rule_fires" USING btree ("rule_id","alike","at");--> statement-breakpoint
CREATE INDEX "rule_fires_old" ON "rule_fires" USING btree ("at");--> statement-breakpoint
CREATE UNIQUE INDEX "rules_name" ON "rules" USING btree ("workspace_id","name");