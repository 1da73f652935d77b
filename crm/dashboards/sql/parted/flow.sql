-- Money in (part) and out (whole) this month, by tier, minor units of the bank's currency; between own accounts is
-- neither. Key "": in no tier.
SELECT c.branch_id, c.owner_id, coalesce(f.tier, '') AS key, sum(coalesce(f.inflow_month, 0)) AS part,
       sum(coalesce(f.outflow_month, 0)) AS whole
FROM customers_features AS f
JOIN customers_customer AS c ON c.id = f.customer_id
WHERE c.status = 'active' AND (f.inflow_month IS NOT NULL OR f.outflow_month IS NOT NULL)
GROUP BY c.branch_id, c.owner_id, key
