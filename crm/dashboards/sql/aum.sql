-- Assets, minor units of the bank's currency / customers whose assets are known.
SELECT c.branch_id, c.owner_id, sum(f.aum) AS part, count(*) AS whole
FROM customers_features AS f
JOIN customers_customer AS c ON c.id = f.customer_id
WHERE c.status = 'active' AND f.aum IS NOT NULL
GROUP BY c.branch_id, c.owner_id
