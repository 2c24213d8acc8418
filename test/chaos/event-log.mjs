/**
 * Makes the database record every event that a service committed for publication (each row ever inserted in an outbox)
 * and, on the Postgres bus, every message that was queued for a service. The archive does not know about it.
 */
export async function keepEventLog(pool) {
  const publishers = await outboxes(pool);
  await pool.query(`
    CREATE SCHEMA chaos;
    CREATE TABLE chaos.published (
      seq bigserial PRIMARY KEY, publisher text, position bigint, id text, type text, topic text, key text, message jsonb);
    CREATE TABLE chaos.queued (seq bigserial PRIMARY KEY, service text, id text, key text, message jsonb);
    CREATE FUNCTION chaos.note_published() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        INSERT INTO chaos.published (publisher, position, id, type, topic, key, message)
        VALUES (TG_TABLE_SCHEMA, NEW.position, NEW.id, regexp_replace(NEW.type, '^.*[.]', ''), NEW.aggregatetype,
          NEW.aggregateid, NEW.payload);
        RETURN NULL;
      END $$;
    CREATE FUNCTION chaos.note_queued() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        INSERT INTO chaos.queued (service, id, key, message)
        VALUES (NEW.service, NEW.id, NEW.message ->> 'key', NEW.message);
        RETURN NULL;
      END $$;
    CREATE TRIGGER note_queued AFTER INSERT ON bus.queued_message FOR EACH ROW EXECUTE FUNCTION chaos.note_queued();
    ${publishers
      .map(
        (schema) => `CREATE TRIGGER note_published AFTER INSERT ON ${schema}.outbox
        FOR EACH ROW EXECUTE FUNCTION chaos.note_published();`,
      )
      .join('\n')}`);
}

/** Returns the schemas of the services that publish. */
async function outboxes(pool) {
  const { rows } = await pool.query(`SELECT table_schema FROM information_schema.tables WHERE table_name = 'outbox'`);
  return rows.map(({ table_schema }) => table_schema);
}

/** Returns the number of events that are not yet published. */
export async function unpublished(pool) {
  const counts = (await outboxes(pool)).map((schema) => `(SELECT count(*) FROM ${schema}.outbox)`);
  const { rows } = await pool.query(`SELECT ${counts.join(' + ')} AS count`);
  return Number(rows[0].count);
}

/** Returns every event, in the order of its publisher's outbox. */
export async function publishedEvents(pool) {
  const { rows } = await pool.query(
    `SELECT publisher, position::int, id, type, topic, key, message ->> 'subject' AS subject, message -> 'data' AS data
       FROM chaos.published ORDER BY publisher, chaos.published.position`,
  );
  return rows;
}
