-- Facts known or declined / facts asked of the customer (customers/knowing.py). Provision for old age is asked from 40
-- years on; of a child's studies nothing is counted, since the guardian decides whether they may be asked.
SELECT c.branch_id, c.owner_id, sum(told.facts) AS part,
       sum(cardinality(%(facts)s::text[]) + CASE WHEN asked.pension THEN 1 ELSE 0 END) AS whole
FROM customers_customer AS c
LEFT JOIN (
    SELECT customer_id, array_agg(name::text) AS names FROM customers_fact
    WHERE value <> '' AND name = ANY (%(answers)s) GROUP BY customer_id
) AS a ON a.customer_id = c.id
CROSS JOIN LATERAL (
    SELECT coalesce(age(%(day)s, c.birth_date) >= %(pension_from)s * INTERVAL '1 year', TRUE) AS pension
) AS asked
CROSS JOIN LATERAL (
    SELECT count(DISTINCT name) AS facts FROM unnest(
        coalesce(a.names, '{}') || c.declined::text[] || ARRAY[
            CASE WHEN c.marital_status <> '' THEN 'marital_status' END,
            CASE WHEN c.preferred_channel <> '' THEN 'preferred_channel' END,
            CASE WHEN c.education <> '' THEN 'education' END,
            CASE WHEN c.occupation <> '' THEN 'occupation' END,
            CASE WHEN c.employer <> '' THEN 'employer' END,
            CASE WHEN c.income_band <> '' THEN 'income_band' END
        ]::text[]
    ) AS n (name)
    WHERE name = ANY (%(facts)s) OR (name = 'pension' AND asked.pension)
) AS told
WHERE c.status = 'active'
GROUP BY c.branch_id, c.owner_id
