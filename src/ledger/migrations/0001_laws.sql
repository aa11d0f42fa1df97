-- Laws that the database itself holds, whatever the code above it does.

-- The audit trail: chained by the database, append-only.
CREATE FUNCTION audit_hash(previous bytea, event audit_events) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
  SELECT sha256(previous || convert_to(concat_ws(E'\x1f', event.workspace_id, event.position, event.trace_id, event.type,
    coalesce(event.schedule_id, ''), event.actor::text, event.payload::text,
    (extract(epoch FROM event.at) * 1000)::bigint), 'UTF8'))
$$;
--> statement-breakpoint
CREATE FUNCTION audit_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE head audit_heads;
BEGIN
  SELECT * INTO head FROM audit_heads WHERE workspace_id = NEW.workspace_id FOR UPDATE;
  IF NOT FOUND THEN
    INSERT INTO audit_heads (workspace_id, position, hash) VALUES (NEW.workspace_id, 0, '\x00') ON CONFLICT DO NOTHING;
    SELECT * INTO head FROM audit_heads WHERE workspace_id = NEW.workspace_id FOR UPDATE;
  END IF;
  NEW.position := head.position + 1;
  NEW.previous_hash := head.hash;
  NEW.hash := audit_hash(head.hash, NEW);
  UPDATE audit_heads SET position = NEW.position, hash = NEW.hash WHERE workspace_id = NEW.workspace_id;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER audit_chain BEFORE INSERT ON audit_events FOR EACH ROW EXECUTE FUNCTION audit_chain();
--> statement-breakpoint
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit_events is append-only: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
--> statement-breakpoint
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit_events FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
--> statement-breakpoint
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit_events FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
--> statement-breakpoint
-- The first position of a workspace's chain whose hash does not follow from its event; no row when the chain is whole.
CREATE FUNCTION audit_first_break(workspace uuid) RETURNS TABLE (broken_at bigint) LANGUAGE sql STABLE AS $$
  WITH chain AS (
    SELECT event.position, event.hash, event.previous_hash, audit_hash(event.previous_hash, event) AS computed,
      lag(event.hash, 1, '\x00'::bytea) OVER ordered AS before, row_number() OVER ordered AS expected
    FROM audit_events AS event WHERE event.workspace_id = workspace
    WINDOW ordered AS (ORDER BY event.position)
  ), broken AS (
    SELECT chain.position FROM chain
    WHERE hash <> computed OR previous_hash <> before OR position <> expected
    UNION ALL
    SELECT head.position FROM audit_heads AS head
    WHERE head.workspace_id = workspace
      AND NOT EXISTS (SELECT FROM chain WHERE chain.position = head.position AND chain.hash = head.hash)
  )
  SELECT min(position) FROM broken HAVING min(position) IS NOT NULL
$$;
--> statement-breakpoint
-- Law 1: once a post is recorded for a schedule, no permission to create another is ever given.
CREATE FUNCTION intent_needs_no_post() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM posts WHERE posts.schedule_id = NEW.schedule_id) THEN
    RAISE EXCEPTION 'schedule % already has a post: a second create is refused', NEW.schedule_id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER intent_needs_no_post BEFORE INSERT ON intents FOR EACH ROW EXECUTE FUNCTION intent_needs_no_post();
--> statement-breakpoint
-- Law 6: `published` holds exactly when the ledger has a post for that fingerprint on that account; checked at commit.
CREATE FUNCTION published_means_posted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE schedule schedules;
BEGIN
  IF TG_TABLE_NAME = 'posts' THEN
    SELECT * INTO schedule FROM schedules WHERE schedules.id = NEW.schedule_id;
  ELSE
    SELECT * INTO schedule FROM schedules WHERE schedules.id = NEW.id;
  END IF;
  IF (schedule.state = 'published') <> EXISTS (SELECT FROM posts WHERE posts.schedule_id = schedule.id
      AND posts.account_id = schedule.account_id AND posts.fingerprint = schedule.fingerprint) THEN
    RAISE EXCEPTION 'schedule %: state % contradicts its post', schedule.id, schedule.state USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER published_means_posted AFTER UPDATE OF state, fingerprint, account_id ON schedules
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state = 'published' OR OLD.state = 'published')
  EXECUTE FUNCTION published_means_posted();
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER born_published_means_posted AFTER INSERT ON schedules
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state = 'published') EXECUTE FUNCTION published_means_posted();
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER posted_means_published AFTER INSERT ON posts
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION published_means_posted();
--> statement-breakpoint
-- A post is a fact: it is never taken back or pointed elsewhere; only its address may be learned later.
CREATE FUNCTION posts_are_facts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.schedule_id, NEW.account_id, NEW.fingerprint, NEW.platform_post_id)
      = (OLD.schedule_id, OLD.account_id, OLD.fingerprint, OLD.platform_post_id) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'posts are facts: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
--> statement-breakpoint
CREATE TRIGGER posts_are_facts BEFORE UPDATE OR DELETE ON posts FOR EACH ROW EXECUTE FUNCTION posts_are_facts();
--> statement-breakpoint
-- A fence never falls.
CREATE FUNCTION fences_only_rise() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.fence < OLD.fence THEN
    RAISE EXCEPTION 'the fence of account % must not fall', NEW.account_id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER fences_only_rise BEFORE UPDATE ON leases FOR EACH ROW EXECUTE FUNCTION fences_only_rise();
