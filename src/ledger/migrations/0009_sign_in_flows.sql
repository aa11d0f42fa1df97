CREATE TABLE "sign_in_flows" (
	"state" "bytea" PRIMARY KEY NOT NULL,
	"browser" "bytea" NOT NULL,
	"back" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "sign_in_flows_expires_at_index" ON "sign_in_flows" USING btree ("expires_at");