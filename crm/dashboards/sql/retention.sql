-- Retention at maturity, minor units: what stayed with the bank until 30 days after / what matured in the 30 days that
-- end 30 days before the day. How it is told: interactions/keeping/sql/maturities.sql.
SELECT c.branch_id, c.owner_id, sum(m.stayed)::bigint AS part, sum(m.maturing)::bigint AS whole
FROM ({maturities}) AS m
JOIN customers_customer AS c ON c.id = m.customer_id
WHERE c.status = 'active'
GROUP BY c.branch_id, c.owner_id
