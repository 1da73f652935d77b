-- Customers whose newest risk assessment has run out / customers with one.
SELECT c.branch_id, c.owner_id, count(*) FILTER (WHERE a.valid_until < %(day)s) AS part, count(*) AS whole
FROM (
    SELECT DISTINCT ON (customer_id) customer_id, valid_until FROM customers_riskassessment
    WHERE assessed_on <= %(day)s ORDER BY customer_id, assessed_on DESC
) AS a
JOIN customers_customer AS c ON c.id = a.customer_id
WHERE c.status = 'active'
GROUP BY c.branch_id, c.owner_id
