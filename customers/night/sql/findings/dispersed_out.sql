-- Concentrated in, dispersed out: one movement of at least :least came in, and within :days days :share of it or more
-- went out to :parties or more different parties. The cause is the movement that came in.

SELECT DISTINCT ON (i.customer_id, i.account_id, i.reference)
    i.customer_id, concat_ws(':', i.booked_on, i.account_id, i.reference) AS cause, o.day,
    jsonb_build_array(evidence(i)) || o.evidence AS evidence
FROM recent AS i
JOIN days AS d ON d.customer_id = i.customer_id AND d.day >= i.booked_on AND d.day < i.booked_on + :days
CROSS JOIN LATERAL (
    SELECT d.day, count(DISTINCT m.counterparty_key) AS parties, -sum(m.base_amount) AS outflow,
        jsonb_agg(evidence(m) ORDER BY m.booked_on DESC) AS evidence
    FROM recent AS m
    WHERE m.customer_id = i.customer_id AND m.base_amount < 0 AND m.counterparty_key IS NOT NULL
        AND m.booked_on BETWEEN i.booked_on AND d.day
) AS o
WHERE i.base_amount >= :least AND o.parties >= :parties AND o.outflow >= :share * i.base_amount
ORDER BY i.customer_id, i.account_id, i.reference, o.day
