CREATE TABLE "tool_calls" (
	"workspace_id" uuid NOT NULL,
	"key" text NOT NULL,
	"task" text NOT NULL,
	"step" text NOT NULL,
	"action" text NOT NULL,
	"request_hash" text NOT NULL,
	"state" text NOT NULL,
	"tries" integer NOT NULL,
	"trace_id" uuid NOT NULL,
	"attempted_at" timestamp (3) with time zone NOT NULL,
	"leave_by" timestamp (3) with time zone NOT NULL,
	"settled_at" timestamp (3) with time zone,
	"settled_by" text,
	"cause" jsonb,
	"result" jsonb,
	"missed_at" timestamp (3) with time zone,
	CONSTRAINT "tool_calls_workspace_id_key_pk" PRIMARY KEY("workspace_id","key"),
	CONSTRAINT "tool_calls_key" CHECK (key ~ '^[0-9a-f]{64}$'),
	CONSTRAINT "tool_calls_state" CHECK ("tool_calls"."state" in ('attempted', 'succeeded', 'failed', 'unknown')),
	CONSTRAINT "tool_calls_settled_by" CHECK (settled_by is null or "tool_calls"."settled_by" in ('answer', 'lookup', 'person')),
	CONSTRAINT "tool_calls_settled" CHECK ((state in ('succeeded', 'failed')) = (settled_at is not null)),
	CONSTRAINT "tool_calls_result" CHECK ((state = 'succeeded') = (result is not null))
);
--> statement-breakpoint
ALTER TABLE "tool_calls" ADD CONSTRAINT "tool_calls_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "tool_calls_workspace_id_task_attempted_at_index" ON "tool_calls" USING btree ("workspace_id","task","attempted_at");