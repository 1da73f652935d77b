-- Owned customers without a conversation for longer than their segment's interval / owned customers with an interval.
-- Counted from the last conversation, or from when the customer came; where neither is known, out of touch. The rule is
-- that of the reminder (interactions/night/sql/touch.sql).
SELECT t.branch_id, t.owner_id,
       count(*) FILTER (WHERE coalesce(t.since + CAST(t.days AS integer) <= %(day)s, TRUE)) AS part, count(*) AS whole
FROM (
    SELECT c.branch_id, c.owner_id,
        coalesce(CAST(l.at AT TIME ZONE %(zone)s AS date), c.since, f.customer_since) AS since,
        CASE
            WHEN s.contact_interval IS NULL AND (s.id IS NULL OR (
                f.aum IS NULL AND coalesce(f.families, '') = '' AND f.last_active_on IS NULL)) THEN %(usual_interval)s
            ELSE s.contact_interval
        END AS days
    FROM customers_customer AS c
    LEFT JOIN interactions_lastcontact AS l ON l.customer_id = c.id
    LEFT JOIN customers_membership AS m ON m.customer_id = c.id
    LEFT JOIN customers_segment AS s ON s.id = m.segment_id
    LEFT JOIN customers_features AS f ON f.customer_id = c.id
    WHERE c.status = 'active' AND c.owner_id IS NOT NULL
) AS t
WHERE t.days IS NOT NULL
GROUP BY t.branch_id, t.owner_id
