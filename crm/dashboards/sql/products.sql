-- Product families held / customers who hold one.
SELECT c.branch_id, c.owner_id, sum(f.family_count) AS part, count(*) AS whole
FROM customers_features AS f
JOIN customers_customer AS c ON c.id = f.customer_id
WHERE c.status = 'active' AND f.family_count > 0
GROUP BY c.branch_id, c.owner_id
