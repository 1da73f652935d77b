-- Each customer's last conversation, and after how many days without one the bank loses touch: the interval of the
-- segment; the usual one where there is no segment yet, or where nothing but the customer list is known.
-- {membership} and {features}: as staged by the night, or as they are live.

SELECT
    c.id AS customer_id,
    c.owner_id,
    CAST(l.at AT TIME ZONE :zone AS date) AS last,
    coalesce(c.since, f.customer_since) AS since,
    CASE
        WHEN s.contact_interval IS NULL AND (s.id IS NULL OR (
            f.aum IS NULL AND coalesce(f.families, '') = '' AND f.last_active_on IS NULL)) THEN :usual_interval
        ELSE s.contact_interval
    END AS interval
FROM customers_customer AS c
LEFT JOIN interactions_lastcontact AS l ON l.customer_id = c.id
LEFT JOIN {membership}
LEFT JOIN customers_segment AS s ON s.id = m.segment_id
LEFT JOIN {features}
WHERE c.id BETWEEN :first AND :last AND c.status = 'active' AND c.owner_id IS NOT NULL
