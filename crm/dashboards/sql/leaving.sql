-- Customers whose assets fell below their tier / customers in a tier.
SELECT c.branch_id, c.owner_id, count(*) FILTER (WHERE f.churn IN ('light', 'severe')) AS part, count(*) AS whole
FROM customers_features AS f
JOIN customers_customer AS c ON c.id = f.customer_id
WHERE c.status = 'active' AND (f.tier IS NOT NULL OR f.churn IN ('light', 'severe'))
GROUP BY c.branch_id, c.owner_id
