-- Posts may move to another account since 0008, so that no key between an intent's account and its schedule's holds for good any
-- more. What it protected holds still: a create is for the account that the schedule names now, and a schedule keeps its account
-- while a create of it may be live.
CREATE FUNCTION intent_is_for_the_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM schedules WHERE workspace_id = NEW.workspace_id AND id = NEW.schedule_id AND account_id = NEW.account_id) THEN
    RAISE EXCEPTION 'schedule % is for another account: a create for account % is refused', NEW.schedule_id, NEW.account_id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END
$$;--> statement-breakpoint
CREATE TRIGGER intent_is_for_the_account BEFORE INSERT ON intents FOR EACH ROW EXECUTE FUNCTION intent_is_for_the_account();--> statement-breakpoint
CREATE FUNCTION open_create_keeps_the_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM intents WHERE workspace_id = NEW.workspace_id AND schedule_id = NEW.id AND state IN ('sent', 'unknown')) THEN
    RAISE EXCEPTION 'schedule % has a create that may be live: another account is refused', NEW.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END
$$;--> statement-breakpoint
CREATE TRIGGER open_create_keeps_the_account BEFORE UPDATE OF account_id ON schedules FOR EACH ROW
  WHEN (OLD.account_id IS DISTINCT FROM NEW.account_id) EXECUTE FUNCTION open_create_keeps_the_account();
