-- Customers about to leave: whoever looks after them asks how things are. Once an episode; not of who wished or needs to
-- be left alone for now. Read as the night publishes: its own episodes are live only then.

SELECT
    e.customer_id,
    CAST(e.id AS text) AS cause,
    CAST(:working_day AS date) AS due,
    jsonb_build_object('kind', e.kind, 'tier', e.fell_from, 'reasons', e.reasons) AS values
FROM interactions_churnepisode AS e
WHERE e.state = 'open' AND e.customer_id <> ALL (:aside)
    AND NOT EXISTS (SELECT FROM interactions_pause AS p
        WHERE p.customer_id = e.customer_id AND p.since <= :day AND p.until > :day)
