-- Customers without a date of birth / customers.
SELECT c.branch_id, c.owner_id, count(*) FILTER (WHERE c.birth_date IS NULL) AS part, count(*) AS whole
FROM customers_customer AS c
WHERE c.status = 'active'
GROUP BY c.branch_id, c.owner_id
