-- Customers without a phone number / customers.
SELECT c.branch_id, c.owner_id, count(*) FILTER (WHERE c.phone_sealed IS NULL) AS part, count(*) AS whole
FROM customers_customer AS c
WHERE c.status = 'active'
GROUP BY c.branch_id, c.owner_id
