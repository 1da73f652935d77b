-- Dispersed in, concentrated out: from :parties or more different parties at least :least came in within :days days, and
-- :share of it or more went out in one movement on the last of them.

SELECT o.customer_id, concat_ws(':', o.booked_on, o.account_id, o.reference) AS cause, o.booked_on AS day,
    jsonb_build_array(evidence(o)) || i.evidence AS evidence
FROM recent AS o
CROSS JOIN LATERAL (
    SELECT count(DISTINCT m.counterparty_key) AS parties, sum(m.base_amount) AS inflow,
        jsonb_agg(evidence(m) ORDER BY m.booked_on DESC) AS evidence
    FROM recent AS m
    WHERE m.customer_id = o.customer_id AND m.base_amount > 0 AND m.counterparty_key IS NOT NULL
        AND m.booked_on > o.booked_on - :days AND m.booked_on <= o.booked_on
) AS i
WHERE o.looked_at AND -o.base_amount >= :share * :least
    AND i.parties >= :parties AND i.inflow >= :least AND -o.base_amount >= :share * i.inflow
